import type { Clock } from "../options/clock.js";
import { ERRNO } from "./errno.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

const REALTIME = 0;
const MONOTONIC = 1;

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
