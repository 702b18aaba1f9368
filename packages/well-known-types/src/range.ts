import type { Duration } from "./gen/google/protobuf/duration.pb.js";
import type { Timestamp } from "./gen/google/protobuf/timestamp.pb.js";

export const BILLION = 1_000_000_000n;
/** 0001-01-01T00:00:00Z */
export const MIN_TIMESTAMP = -62_135_596_800n;
/** 9999-12-31T23:59:59Z */
export const MAX_TIMESTAMP = 253_402_300_799n;
/** 10,000 years of 365.25 days. */
export const MAX_DURATION = 315_576_000_000n;

/** What Go prints for such a message: `seconds:1 nanos:2`, without what is 0. */
export function printed({ seconds, nanos }: Timestamp | Duration): string {
  return [
    ...(seconds === 0n ? [] : [`seconds:${seconds}`]),
    ...(nanos === 0 ? [] : [`nanos:${nanos}`]),
  ].join(" ");
}

/** Nanoseconds of either. */
export function toNanos({ seconds, nanos }: Timestamp | Duration): bigint {
  return seconds * BILLION + BigInt(nanos);
}

/** Milliseconds, rounded to whole nanoseconds. */
export function nanosOfMs(milliseconds: number): bigint {
  if (!Number.isFinite(milliseconds))
    throw new RangeError(`${milliseconds} is no number of milliseconds`);
  const whole = Math.trunc(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6));
}
