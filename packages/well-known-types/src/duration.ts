import { Duration } from "./gen/google/protobuf/duration.pb.js";
import { BILLION, MAX_DURATION, nanosOfMs, printed, toNanos } from "./range.js";

const MAX_INT64 = (1n << 63n) - 1n;

/** A duration of so many milliseconds; fractions are rounded to nanoseconds. */
export function durationFromMs(milliseconds: number): Duration {
  return durationFromNanos(nanosOfMs(milliseconds));
}

/** In milliseconds, with a fraction. */
export function durationMs(duration: Duration): number {
  return Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}

/** A duration of so many nanoseconds. Seconds and nanos have the same sign. */
export function durationFromNanos(nanoseconds: bigint): Duration {
  // Division of bigints truncates toward zero, and so does Go's.
  return new Duration({
    seconds: nanoseconds / BILLION,
    nanos: Number(nanoseconds % BILLION),
  });
}

/**
 * In nanoseconds, as Go's `AsDuration`: what 64 bits can't hold is the largest or smallest number that they can. (go-plugin
 * lets large numbers of seconds wrap around instead.)
 */
export function durationNanos(duration: Duration): bigint {
  const nanoseconds = toNanos(duration);
  if (nanoseconds > MAX_INT64) return MAX_INT64;
  return nanoseconds < -MAX_INT64 - 1n ? -MAX_INT64 - 1n : nanoseconds;
}

/** Whether it is within ±10,000 years, and its seconds and nanos have the same sign. */
export function durationIsValid(duration: Duration | undefined): boolean {
  return problem(duration) === undefined;
}

/**
 * The checks of Go's `CheckValid`, in the same order and with the same texts.
 *
 * @throws RangeError
 */
export function durationCheckValid(duration: Duration | undefined): void {
  const text = problem(duration);
  if (text !== undefined) throw new RangeError(text);
}

function problem(duration: Duration | undefined): string | undefined {
  if (duration === undefined) return "invalid nil Duration";
  const { seconds, nanos } = duration;
  const what = `duration (${printed(duration)})`;
  if (seconds < -MAX_DURATION) return `${what} exceeds -10000 years`;
  if (seconds > MAX_DURATION) return `${what} exceeds +10000 years`;
  if (nanos <= -1e9 || nanos >= 1e9) return `${what} has out-of-range nanos`;
  if ((seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0)) {
    return `${what} has seconds and nanos with different signs`;
  }
  return undefined;
}

/**
 * Reads the form of proto3 JSON: `1.5s`.
 *
 * @throws JsonError if the text is something else, or out of range
 */
export function durationParse(text: string): Duration {
  return Duration.fromJson(text);
}

/**
 * Writes the form of proto3 JSON: `1.500s`, with 0, 3, 6 or 9 digits.
 *
 * @throws JsonError if it is not valid
 */
export function durationFormat(duration: Duration): string {
  return String(duration.toJson());
}

/** Negative, 0 or positive, as `a` is shorter than `b`, as long, or longer. */
export function durationCompare(a: Duration, b: Duration): number {
  const difference = toNanos(a) - toNanos(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `a + b` */
export function durationAdd(a: Duration, b: Duration): Duration {
  return durationFromNanos(toNanos(a) + toNanos(b));
}

/** `a - b` */
export function durationSub(a: Duration, b: Duration): Duration {
  return durationFromNanos(toNanos(a) - toNanos(b));
}
