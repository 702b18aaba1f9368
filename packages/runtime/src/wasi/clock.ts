import { ERRNO } from "./errno.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

const REALTIME = 0;
const MONOTONIC = 1;

/** Tells the time, in nanoseconds. */
export interface Clock {
  /** Since 1970. */
  realtime(): bigint;
  /** Since some moment; never less than before. */
  monotonic(): bigint;
}

export const systemClock: Clock = {
  realtime: () => nanoseconds(performance.timeOrigin + performance.now()),
  monotonic: () => nanoseconds(performance.now()),
};

/** Time of a clock in nanoseconds; undefined if there is no such clock. */
export function clockTime(clock: Clock, id: number): bigint | undefined {
  switch (id) {
    case REALTIME:
      return clock.realtime();
    case MONOTONIC:
      return clock.monotonic();
    default:
      // The CPU-time clocks: no JavaScript engine tells the time that one instance used.
      return undefined;
  }
}

function nanoseconds(milliseconds: number): bigint {
  // Whole milliseconds apart from the rest: their product with 1e6 has more digits than a double holds.
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.floor((milliseconds - whole) * 1e6));
}

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#clock_time_get */
export function clockFunctions({ memory, clock }: WasiContext): WasiFunctions {
  return {
    clock_res_get(id: number, resolution: number) {
      if (clockTime(clock, id) === undefined) return ERRNO.INVAL;
      memory.setUint64(resolution, 1000n);
      return ERRNO.SUCCESS;
    },

    clock_time_get(id: number, _precision: bigint, time: number) {
      const now = clockTime(clock, id);
      if (now === undefined) return ERRNO.INVAL;
      memory.setUint64(time, now);
      return ERRNO.SUCCESS;
    },
  };
}
