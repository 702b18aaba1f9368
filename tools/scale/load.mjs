import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { here } from "./folders.mjs";

const SAY_HELLO = "/helloworld.Greeter/SayHello";

/**
 * Calls by several processes, as one would be busy before the servers are.
 *
 * @param {{ target: string, processes?: number, callers: number, method?: string, keepAlive?: boolean }} options `target` as
 *   `@grpc/grpc-js` takes it; `callers` of all processes together, each of which makes one call after the other
 */
export function startLoad({
  target,
  processes = 2,
  callers,
  method = SAY_HELLO,
  keepAlive = false,
}) {
  const options = { target, method, keepAlive, callers: Math.ceil(callers / processes) };
  const children = Array.from({ length: processes }, () =>
    fork(join(here, "caller.mjs"), [JSON.stringify(options)]),
  );
  let since = performance.now();
  const ask = async (command) => {
    const reports = await Promise.all(
      children.map(async (child) => {
        const answer = once(child, "message");
        child.send(command);
        return (await answer)[0];
      }),
    );
    const now = performance.now();
    const seconds = (now - since) / 1000;
    since = now;
    return summed(reports, seconds);
  };
  return {
    /** What there was since the last time that it was asked. */
    report: () => ask("report"),
    /** The same, when the last call has been answered. */
    end: () => ask("end"),
  };
}

function summed(reports, seconds) {
  const sum = (name) => reports.reduce((total, report) => total + report[name], 0);
  const merged = (name) => {
    const all = {};
    for (const report of reports) {
      for (const [key, count] of Object.entries(report[name])) all[key] = (all[key] ?? 0) + count;
    }
    return all;
  };
  const times = reports.flatMap((report) => report.times).sort((a, b) => a - b);
  const quantile = (part) =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  const lost = merged("lost");
  return {
    calls: sum("calls"),
    answered: sum("answered"),
    /** Streams of HTTP/2: a call has one, unless it is tried again. */
    attempts: sum("attempts"),
    /** Calls whose connection broke when their answer had begun, which gRPC does not try again. */
    begun: sum("begun"),
    /** Those of them that were answered when their caller called again. */
    again: sum("again"),
    lost: Object.values(lost).reduce((total, count) => total + count, 0),
    /** How many calls failed, by the error that the caller got. */
    errors: lost,
    /** How many calls each server, or proxy, answered, by its address. */
    peers: merged("peers"),
    perSecond: times.length / seconds,
    /** In milliseconds. */
    p50: quantile(0.5),
    p99: quantile(0.99),
    most: quantile(1),
  };
}
