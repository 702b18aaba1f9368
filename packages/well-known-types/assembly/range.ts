export const SECOND: i64 = 1_000_000_000;
/** 0001-01-01T00:00:00Z */
export const MIN_TIMESTAMP: i64 = -62_135_596_800;
/** 9999-12-31T23:59:59Z */
export const MAX_TIMESTAMP: i64 = 253_402_300_799;
/** 10,000 years of 365.25 days. */
export const MAX_DURATION: i64 = 315_576_000_000;

/** What Go prints for a message with seconds and nanos: `seconds:1 nanos:2`, without what is 0. */
export function printed(seconds: i64, nanos: i32): string {
  let text = "";
  if (seconds != 0) text = "seconds:" + seconds.toString();
  if (nanos == 0) return text;
  return text + (text == "" ? "" : " ") + "nanos:" + nanos.toString();
}

/** More seconds than these, times a thousand million, are beyond 64 bits, whatever nanoseconds come with them. */
const MOST_SECONDS: i64 = 9_223_372_039;

/** Seconds and nanoseconds in nanoseconds. What 64 bits can't hold is the largest or smallest number that they can. */
export function saturatedNanos(seconds: i64, nanos: i32): i64 {
  if (seconds > MOST_SECONDS) return i64.MAX_VALUE;
  if (seconds < -MOST_SECONDS) return i64.MIN_VALUE;
  const sum = seconds * SECOND + nanos;
  // A sum that is too large has wrapped around. Nanos are less than three seconds: only they can change the sign of fewer.
  if (seconds > 3 && sum < 0) return i64.MAX_VALUE;
  if (seconds < -3 && sum > 0) return i64.MIN_VALUE;
  return sum;
}

/** `.5` of half a second: nothing, or three, six or nine digits. */
export function fraction(nanos: i32): string {
  if (nanos == 0) return "";
  const digits = nanos.toString().padStart(9, "0");
  if (nanos % 1_000_000 == 0) return "." + digits.substring(0, 3);
  if (nanos % 1_000 == 0) return "." + digits.substring(0, 6);
  return "." + digits;
}

/** The number that is written in text from `start` to `end`; -1 if there is anything but digits, or more than 18. */
export function digitsAt(text: string, start: i32, end: i32): i64 {
  if (end <= start || end > text.length || end - start > 18) return -1;
  let value: i64 = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The nanoseconds of one to nine digits behind a point; -1 if they are something else. */
export function fractionAt(text: string, start: i32, end: i32): i32 {
  const length = end - start;
  if (length > 9) return -1;
  let value = digitsAt(text, start, end);
  if (value < 0) return -1;
  for (let i = length; i < 9; i++) value *= 10;
  return <i32>value;
}
