/**
 * What the measurements share: rounds in turn, so that what slows down the machine slows down all that are compared, and time of
 * the processor, garbage collection in other threads included, so that what else runs on the machine does not count.
 */

import { inTurn } from "./in-turn.mjs";

const ROUNDS = 41;
const ROUND_MS = 10;

/**
 * @param runs each with `library` and `run`, which does the operation the given number of times
 * @returns median operations per second by library
 */
export function compare(runs) {
  const times = new Map(runs.map(({ library }) => [library, []]));
  // The first rounds warm up.
  for (let round = -5; round < ROUNDS; round++) {
    for (const { library, run } of inTurn(runs, round + 5)) {
      const opsPerSecond = time(run);
      if (round >= 0) times.get(library).push(opsPerSecond);
    }
  }
  return new Map([...times].map(([library, values]) => [library, Math.round(median(values))]));
}

function time(run) {
  let count = 0;
  let batch = 1;
  const start = process.cpuUsage();
  for (;;) {
    run(batch);
    count += batch;
    const { user, system } = process.cpuUsage(start);
    const microseconds = user + system;
    if (microseconds >= ROUND_MS * 1e3) return (count * 1e6) / microseconds;
    batch = Math.min(batch * 2, 1000);
  }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
