import { setTimeout as delay } from "node:timers/promises";

import { startHaproxy } from "./haproxy.mjs";
import { startLoad } from "./load.mjs";
import { freePorts, Replica } from "./replica.mjs";

/**
 * Calls that so many servers answer under load.
 *
 * @param {"haproxy" | "round_robin"} way
 * @param {{ server: string, plugin: string }} program
 * @param {{ count: number, callers: number, time: number }} options `time` in milliseconds, after half of it to warm up
 */
export async function throughput(way, program, { count, callers, time }) {
  const [port, ...ports] = await freePorts(count + 1);
  const replicas = ports.map((it, i) => new Replica(`replica${i + 1}`, { ...program, port: it }));
  let proxy;
  try {
    for (const replica of replicas) await replica.start();
    if (way === "haproxy") proxy = await startHaproxy({ port, replicas, running: count });
    const addresses = replicas.map((replica) => `127.0.0.1:${replica.port}`).join(",");
    const target = way === "haproxy" ? `127.0.0.1:${port}` : `ipv4:${addresses}`;
    const load = startLoad({ target, callers });
    await delay(time / 2);
    await load.report();
    await delay(time);
    const { perSecond, p50, p99 } = await load.report();
    const { lost } = await load.end();
    return { way, count, perSecond, p50, p99, lost };
  } finally {
    proxy?.stop();
    await Promise.all(replicas.map((replica) => replica.stop()));
  }
}
