import { setTimeout as delay } from "node:timers/promises";

import { startHaproxy } from "./haproxy.mjs";
import { startLoad } from "./load.mjs";
import { freePorts, Replica } from "./replica.mjs";

/**
 * What happens to calls while servers come and go: three of them, of which one is killed and one is drained; then a new one joins, and
 * the one that was killed comes back.
 *
 * @param {"haproxy" | "round_robin"} way through the proxy, or by a client that balances over all of them itself
 * @param {{ server: string, plugin: string }} program
 * @param {{ callers: number, pause: number, method?: string }} options `pause` in milliseconds between what happens
 * @returns a row for each thing that happens, and what all of it came to
 */
export async function loseNoCall(way, program, { callers, pause, method }) {
  const [port, ...ports] = await freePorts(5);
  const replicas = ports.map((it, i) => new Replica(`replica${i + 1}`, { ...program, port: it }));
  const [killed, drained, stays, joins] = replicas;
  let proxy;
  try {
    await Promise.all([killed, drained, stays].map((replica) => replica.start()));
    if (way === "haproxy") proxy = await startHaproxy({ port, replicas, running: 3 });
    // The addresses of a headless service, of which the last is not there yet.
    const addresses = replicas.map((replica) => `127.0.0.1:${replica.port}`).join(",");
    const target = way === "haproxy" ? `127.0.0.1:${port}` : `ipv4:${addresses}`;
    const load = startLoad({ target, callers, method });
    await delay(pause);
    await load.report();
    const rows = [];
    const happens = async (what, happening) => {
      await happening();
      await delay(pause);
      rows.push({ what, ...(await load.report()) });
    };
    await happens("nothing", () => {});
    await happens("one of three is killed", () => killed.kill());
    await happens("one of two is drained", () => drained.drain());
    await happens("a new one joins", () => joins.start());
    await happens("the killed one comes back", () => killed.start());
    const served = await callsOf(proxy, rows.at(-1), [joins, killed]);
    rows.push({ what: "the last calls", ...(await load.end()) });
    return { rows, served };
  } finally {
    proxy?.stop();
    await Promise.all(replicas.map((replica) => replica.stop()));
  }
}

/** Whether those that came have got calls. */
async function callsOf(proxy, { peers }, replicas) {
  const stats = await proxy?.stats();
  return replicas.map(({ name, port }) => {
    const count = stats === undefined ? peers[`127.0.0.1:${port}`] : Number(stats.get(name).stot);
    return { name, calls: count ?? 0 };
  });
}
