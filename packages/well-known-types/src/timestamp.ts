import type { Duration } from "./gen/google/protobuf/duration.pb.js";
import { Timestamp } from "./gen/google/protobuf/timestamp.pb.js";
import { durationFromNanos } from "./duration.js";
import { BILLION, MAX_TIMESTAMP, MIN_TIMESTAMP, nanosOfMs, printed, toNanos } from "./range.js";

/** The time now, as exact as the engine tells it. */
export function timestampNow(): Timestamp {
  return timestampFromMs(performance.timeOrigin + performance.now());
}

/** @throws RangeError if the date is invalid */
export function timestampFromDate(date: Date): Timestamp {
  return timestampFromMs(date.getTime());
}

/** Nanoseconds are cut off: a Date has milliseconds. */
export function timestampDate(timestamp: Timestamp): Date {
  return new Date(Math.floor(timestampMs(timestamp)));
}

/** So many milliseconds since 1970; fractions are rounded to nanoseconds. */
export function timestampFromMs(milliseconds: number): Timestamp {
  return timestampFromNanos(nanosOfMs(milliseconds));
}

/** Milliseconds since 1970, with a fraction. */
export function timestampMs({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1000 + nanos / 1e6;
}

/** So many nanoseconds since 1970. */
export function timestampFromNanos(nanoseconds: bigint): Timestamp {
  const rest = nanoseconds % BILLION;
  // Nanos count forward, also before 1970.
  const nanos = rest < 0n ? rest + BILLION : rest;
  return new Timestamp({ seconds: (nanoseconds - nanos) / BILLION, nanos: Number(nanos) });
}

/** Nanoseconds since 1970. */
export function timestampNanos(timestamp: Timestamp): bigint {
  return toNanos(timestamp);
}

/** Whether it is in the years 1 to 9999, and its nanos are those of one second. */
export function timestampIsValid(timestamp: Timestamp | undefined): boolean {
  return problem(timestamp) === undefined;
}

/**
 * The checks of Go's `CheckValid`, in the same order and with the same texts.
 *
 * @throws RangeError
 */
export function timestampCheckValid(timestamp: Timestamp | undefined): void {
  const text = problem(timestamp);
  if (text !== undefined) throw new RangeError(text);
}

function problem(timestamp: Timestamp | undefined): string | undefined {
  if (timestamp === undefined) return "invalid nil Timestamp";
  const { seconds, nanos } = timestamp;
  const what = `timestamp (${printed(timestamp)})`;
  if (seconds < MIN_TIMESTAMP) return `${what} before 0001-01-01`;
  if (seconds > MAX_TIMESTAMP) return `${what} after 9999-12-31`;
  return nanos < 0 || nanos >= 1e9 ? `${what} has out-of-range nanos` : undefined;
}

/**
 * Reads RFC 3339: `2026-01-31T12:00:00.5+01:00`.
 *
 * @throws JsonError if the text is something else, or out of range
 */
export function timestampParse(text: string): Timestamp {
  return Timestamp.fromJson(text);
}

/**
 * Writes RFC 3339 in UTC, with 0, 3, 6 or 9 digits after the seconds: `2026-01-31T11:00:00.500Z`.
 *
 * @throws JsonError if it is not valid
 */
export function timestampFormat(timestamp: Timestamp): string {
  return String(timestamp.toJson());
}

/** Negative, 0 or positive, as `a` is before, at or after `b`. */
export function timestampCompare(a: Timestamp, b: Timestamp): number {
  const difference = toNanos(a) - toNanos(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The time that is `duration` after this one. */
export function timestampAdd(timestamp: Timestamp, duration: Duration): Timestamp {
  return timestampFromNanos(toNanos(timestamp) + toNanos(duration));
}

/** How long after `b` the time `a` is. */
export function timestampSub(a: Timestamp, b: Timestamp): Duration {
  return durationFromNanos(toNanos(a) - toNanos(b));
}
