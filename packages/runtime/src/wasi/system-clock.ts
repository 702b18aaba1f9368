import type { Clock } from "../options/clock.js";

/** The clocks of the host. */
export const systemClock: Clock = {
  realtime: () => nanoseconds(performance.timeOrigin + performance.now()),
  monotonic: () => nanoseconds(performance.now()),
};

function nanoseconds(milliseconds: number): bigint {
  // Whole milliseconds apart from the rest: their product with 1e6 has more digits than a double holds.
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.floor((milliseconds - whole) * 1e6));
}
