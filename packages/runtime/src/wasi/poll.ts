import { clockTime } from "./clock.js";
import { ERRNO } from "./errno.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

/** Sizes of the records in bytes. */
const SUBSCRIPTION = 48;
const EVENT = 32;

const EVENTTYPE_CLOCK = 0;
const EVENTTYPE_FD_WRITE = 2;
const CLOCK_IS_ABSOLUTE = 1;

/** More than a plugin can have descriptors, each to read and to write, and some clocks. */
const MOST_SUBSCRIPTIONS = 4096;

interface Event {
  readonly subscription: number;
  readonly type: number;
  readonly errno: number;
  /** Nanoseconds from now. */
  readonly delay: bigint;
}

/**
 * Waiting for time to pass, and for descriptors, which are always ready.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#poll_oneoff
 */
export function pollFunctions({ memory, clock, descriptors, waiting }: WasiContext): WasiFunctions {
  function readEvent(subscription: number): Event {
    const type = memory.slice(subscription + 8, 1)[0] ?? EVENTTYPE_CLOCK;
    if (type !== EVENTTYPE_CLOCK) {
      const found = descriptors.get(memory.uint32(subscription + 16));
      const known = type <= EVENTTYPE_FD_WRITE;
      const errno = !known ? ERRNO.INVAL : found === undefined ? ERRNO.BADF : ERRNO.SUCCESS;
      return { subscription, type, errno, delay: 0n };
    }
    const timeout = memory.uint64(subscription + 24);
    const now = clockTime(clock, memory.uint32(subscription + 16));
    if (now === undefined) return { subscription, type, errno: ERRNO.INVAL, delay: 0n };
    const isAbsolute = (memory.uint32(subscription + 40) & CLOCK_IS_ABSOLUTE) !== 0;
    const delay = isAbsolute ? timeout - now : timeout;
    return { subscription, type, errno: ERRNO.SUCCESS, delay: delay > 0n ? delay : 0n };
  }

  return {
    poll_oneoff(subscriptions: number, events: number, count: number, written: number) {
      subscriptions >>>= 0;
      count >>>= 0;
      if (count === 0 || count > MOST_SUBSCRIPTIONS) return ERRNO.INVAL;
      if (!memory.has(subscriptions, count * SUBSCRIPTION)) return ERRNO.FAULT;
      const all = Array.from({ length: count }, (_, i) =>
        readEvent(subscriptions + i * SUBSCRIPTION),
      );
      let delay = all[0]?.delay ?? 0n;
      for (const event of all) if (event.delay < delay) delay = event.delay;
      const milliseconds = Number(delay) / 1e6;
      sleep(Math.min(milliseconds, waiting?.timeLeft ?? milliseconds));
      waiting?.hostAnswered();

      let at = events >>> 0;
      for (const event of all) {
        if (event.delay > delay) continue;
        const userdata = memory.uint64(event.subscription);
        memory.slice(at, EVENT).fill(0);
        memory.setUint64(at, userdata);
        memory.setUint16(at + 8, event.errno);
        memory.setUint8(at + 10, event.type);
        at += EVENT;
      }
      memory.setUint32(written, (at - (events >>> 0)) / EVENT);
      return ERRNO.SUCCESS;
    },
  };
}

/** Longest sleep of `Atomics.wait` that every engine takes, about 24 days. */
const LONGEST_SLEEP = 0x7fffffff;

/** Blocks the thread, without using the CPU where the engine can do that. */
function sleep(milliseconds: number): void {
  if (milliseconds <= 0) return;
  const until = performance.now() + milliseconds;
  try {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(cell, 0, 0, Math.min(milliseconds, LONGEST_SLEEP));
  } catch {
    // The main thread of a browser may not wait.
    while (performance.now() < until);
  }
}
