import { Durations } from "./stats.js";

/** Durations of calls, of which the clock is read only for those that are timed. */
function timed(calls: number, millisecondsOf: (call: number) => number) {
  const durations = new Durations();
  let count = 0;
  for (let call = 0; call < calls; call++) {
    const weight = durations.next();
    if (weight === 0) continue;
    count++;
    durations.add(millisecondsOf(call), weight);
  }
  const percentile = (part: number): number => durations.percentile(part);
  return { count, percentile };
}

describe("the durations of calls", () => {
  it("are 0 as long as there are none", () => {
    expect(new Durations().percentile(0.5)).toBe(0);
  });

  it("are all known of a thousand calls, and of calls that are not short", () => {
    expect(timed(1000, () => 0.001).count).toBe(1000);
    expect(timed(50_000, () => 0.03).count).toBe(50_000);
  });

  it("of many short calls are told by one in eight", () => {
    const { count, percentile } = timed(100_000, (call) => (call % 2 === 0 ? 0.001 : 0.004));
    expect(count / 100_000).toBeGreaterThan(0.11);
    expect(count / 100_000).toBeLessThan(0.16);
    expect(percentile(0.45)).toBeLessThan(0.0011);
    expect(percentile(0.55)).toBeGreaterThan(0.0039);
  });

  it.each([7, 8, 16, 50])("know of one in %i that takes long, however regular", (every) => {
    const { percentile } = timed(200_000, (call) => (call % every === 0 ? 5 : 0.002));
    const long = 1 / every;
    expect(percentile(1 - long * 1.25)).toBeLessThan(0.0023);
    expect(percentile(1 - long * 0.75)).toBeGreaterThan(4.9);
  });

  it("of calls that overlap count each that is timed once", () => {
    const durations = new Durations();
    for (let i = 0; i < 2000; i++) durations.add(0.001, durations.next());
    const weights = Array.from({ length: 100 }, () => durations.next());
    expect(weights.filter((weight) => weight > 1)).toHaveLength(1);
  });
});
