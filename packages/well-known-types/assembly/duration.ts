import { Duration } from "./gen/google/protobuf/duration.pb";
import { digitsAt, fraction, fractionAt, MAX_DURATION, printed, saturatedNanos, SECOND } from "./range";

/** A duration of so many milliseconds. */
export function durationFromMs(milliseconds: i64): Duration {
  return durationOf(milliseconds / 1000, <i32>(milliseconds % 1000) * 1_000_000);
}

/** In milliseconds, cut off towards 0. */
export function durationMs(duration: Duration): i64 {
  return duration.seconds * 1000 + duration.nanos / 1_000_000;
}

/** A duration of so many nanoseconds. Seconds and nanos have the same sign. */
export function durationFromNanos(nanoseconds: i64): Duration {
  return durationOf(nanoseconds / SECOND, <i32>(nanoseconds % SECOND));
}

/** In nanoseconds, as Go's `AsDuration`: what 64 bits can't hold is the largest or smallest number that they can. */
export function durationNanos(duration: Duration): i64 {
  return saturatedNanos(duration.seconds, duration.nanos);
}

/** Whether it is within ±10,000 years, and its seconds and nanos have the same sign. */
export function durationIsValid(duration: Duration | null): bool {
  return durationCheckValid(duration) === null;
}

/** What Go's `CheckValid` says of it; null if it is valid. */
export function durationCheckValid(duration: Duration | null): string | null {
  if (duration === null) return "invalid nil Duration";
  const seconds = duration.seconds;
  const nanos = duration.nanos;
  let problem = "";
  if (seconds < -MAX_DURATION) problem = "exceeds -10000 years";
  else if (seconds > MAX_DURATION) problem = "exceeds +10000 years";
  else if (nanos <= -<i32>SECOND || nanos >= <i32>SECOND) problem = "has out-of-range nanos";
  else if ((seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0)) {
    problem = "has seconds and nanos with different signs";
  } else return null;
  return "duration (" + printed(seconds, nanos) + ") " + problem;
}

/** Reads the form of proto3 JSON: `1.5s`. Null if the text is something else, or out of range. */
export function durationParse(text: string): Duration | null {
  if (!text.endsWith("s")) return null;
  const end = text.length - 1;
  const isNegative = text.startsWith("-");
  const start = isNegative ? 1 : 0;
  const point = text.indexOf(".");
  const seconds = digitsAt(text, start, point < 0 ? end : point);
  const nanos = point < 0 ? 0 : fractionAt(text, point + 1, end);
  if (seconds < 0 || nanos < 0 || seconds > MAX_DURATION) return null;
  return isNegative ? durationOf(-seconds, -nanos) : durationOf(seconds, nanos);
}

/** Writes the form of proto3 JSON: `1.500s`, with 0, 3, 6 or 9 digits. The duration must be valid. */
export function durationFormat(duration: Duration): string {
  const problem = durationCheckValid(duration);
  assert(problem === null, problem === null ? "" : problem);
  const seconds = duration.seconds;
  const nanos = duration.nanos;
  const sign = seconds < 0 || nanos < 0 ? "-" : "";
  return sign + (seconds < 0 ? -seconds : seconds).toString() + fraction(nanos < 0 ? -nanos : nanos) + "s";
}

/** Negative, 0 or positive, as `a` is shorter than `b`, as long, or longer. */
export function durationCompare(a: Duration, b: Duration): i32 {
  const difference = durationSub(a, b);
  if (difference.seconds != 0) return difference.seconds < 0 ? -1 : 1;
  return difference.nanos < 0 ? -1 : difference.nanos > 0 ? 1 : 0;
}

/** `a + b` */
export function durationAdd(a: Duration, b: Duration): Duration {
  return durationBetween(a.seconds + b.seconds, <i64>a.nanos + b.nanos);
}

/** `a - b` */
export function durationSub(a: Duration, b: Duration): Duration {
  return durationBetween(a.seconds - b.seconds, <i64>a.nanos - b.nanos);
}

/** Seconds and any number of nanoseconds, brought to the same sign. */
export function durationBetween(seconds: i64, nanos: i64): Duration {
  seconds += nanos / SECOND;
  nanos %= SECOND;
  if (seconds > 0 && nanos < 0) {
    seconds--;
    nanos += SECOND;
  } else if (seconds < 0 && nanos > 0) {
    seconds++;
    nanos -= SECOND;
  }
  return durationOf(seconds, <i32>nanos);
}

function durationOf(seconds: i64, nanos: i32): Duration {
  const duration = new Duration();
  duration.seconds = seconds;
  duration.nanos = nanos;
  return duration;
}
