import { durationBetween } from "./duration";
import { Duration } from "./gen/google/protobuf/duration.pb";
import { Timestamp } from "./gen/google/protobuf/timestamp.pb";
import { digitsAt, fraction, fractionAt, MAX_TIMESTAMP, MIN_TIMESTAMP, printed, saturatedNanos, SECOND } from "./range";

// https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#clock_time_get
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_time_get")
declare function clock_time_get(clock: u32, precision: u64, time: usize): u32;

const REALTIME: u32 = 0;
const cell = memory.data(8, 8);

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 86400;

/** The time now, by the host's clock. */
export function timestampNow(): Timestamp {
  store<u64>(cell, 0);
  clock_time_get(REALTIME, 1000, cell);
  return timestampFromNanos(load<i64>(cell));
}

/** So many milliseconds since 1970, as `Date.now()` and `date.getTime()` tell. */
export function timestampFromMs(milliseconds: i64): Timestamp {
  return timestampAt(milliseconds / 1000, (milliseconds % 1000) * 1_000_000);
}

/** Milliseconds since 1970, cut off to whole ones. */
export function timestampMs(timestamp: Timestamp): i64 {
  return timestamp.seconds * 1000 + timestamp.nanos / 1_000_000;
}

/** So many nanoseconds since 1970. */
export function timestampFromNanos(nanoseconds: i64): Timestamp {
  return timestampAt(nanoseconds / SECOND, nanoseconds % SECOND);
}

/** Nanoseconds since 1970. 64 bits hold those of the years 1678 to 2262; other times are the first or the last of these. */
export function timestampNanos(timestamp: Timestamp): i64 {
  return saturatedNanos(timestamp.seconds, timestamp.nanos);
}

/** Whether it is in the years 1 to 9999, and its nanos are those of one second. */
export function timestampIsValid(timestamp: Timestamp | null): bool {
  return timestampCheckValid(timestamp) === null;
}

/** What Go's `CheckValid` says of it; null if it is valid. */
export function timestampCheckValid(timestamp: Timestamp | null): string | null {
  if (timestamp === null) return "invalid nil Timestamp";
  const seconds = timestamp.seconds;
  const nanos = timestamp.nanos;
  let problem = "";
  if (seconds < MIN_TIMESTAMP) problem = "before 0001-01-01";
  else if (seconds > MAX_TIMESTAMP) problem = "after 9999-12-31";
  else if (nanos < 0 || nanos >= <i32>SECOND) problem = "has out-of-range nanos";
  else return null;
  return "timestamp (" + printed(seconds, nanos) + ") " + problem;
}

/** Reads RFC 3339: `2026-01-31T12:00:00.5+01:00`. Null if the text is something else, or out of range. */
export function timestampParse(text: string): Timestamp | null {
  if (text.length < 20 || !hasPunctuation(text)) return null;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 7);
  const day = digitsAt(text, 8, 10);
  const hour = digitsAt(text, 11, 13);
  const minute = digitsAt(text, 14, 16);
  const second = digitsAt(text, 17, 19);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  let at = 19;
  let nanos = 0;
  if (text.charCodeAt(at) == 0x2e) {
    const start = at + 1;
    at = start;
    while (at < text.length && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
    nanos = fractionAt(text, start, at);
    if (nanos < 0) return null;
  }
  let offset: i64 = 0;
  if (at == text.length - 1 && text.charCodeAt(at) == 0x5a) {
    offset = 0;
  } else if (at == text.length - 6 && text.charCodeAt(at + 3) == 0x3a) {
    const sign = text.charCodeAt(at);
    const hours = digitsAt(text, at + 1, at + 3);
    const minutes = digitsAt(text, at + 4, at + 6);
    if ((sign != 0x2b && sign != 0x2d) || hours < 0 || minutes < 0 || minutes > 59) return null;
    offset = (hours * HOUR + minutes * MINUTE) * (sign == 0x2d ? -1 : 1);
  } else {
    return null;
  }
  const seconds = daysFromCivil(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second - offset;
  const timestamp = timestampAt(seconds, nanos);
  return timestampIsValid(timestamp) ? timestamp : null;
}

/**
 * Writes RFC 3339 in UTC, with 0, 3, 6 or 9 digits after the seconds: `2026-01-31T11:00:00.500Z`. The time must be valid.
 */
export function timestampFormat(timestamp: Timestamp): string {
  const problem = timestampCheckValid(timestamp);
  assert(problem === null, problem === null ? "" : problem);
  const seconds = timestamp.seconds;
  let day = seconds / DAY;
  let time = seconds % DAY;
  if (time < 0) {
    time += DAY;
    day--;
  }
  return (
    dateText(day) +
    "T" +
    two(time / HOUR) +
    ":" +
    two((time % HOUR) / MINUTE) +
    ":" +
    two(time % MINUTE) +
    fraction(timestamp.nanos) +
    "Z"
  );
}

/** Negative, 0 or positive, as `a` is before, at or after `b`. */
export function timestampCompare(a: Timestamp, b: Timestamp): i32 {
  const difference = timestampSub(a, b);
  if (difference.seconds != 0) return difference.seconds < 0 ? -1 : 1;
  return difference.nanos < 0 ? -1 : difference.nanos > 0 ? 1 : 0;
}

/** The time that is `duration` after this one. */
export function timestampAdd(timestamp: Timestamp, duration: Duration): Timestamp {
  return timestampAt(timestamp.seconds + duration.seconds, <i64>timestamp.nanos + duration.nanos);
}

/** How long after `b` the time `a` is. */
export function timestampSub(a: Timestamp, b: Timestamp): Duration {
  return durationBetween(a.seconds - b.seconds, <i64>a.nanos - b.nanos);
}

/** Seconds and any number of nanoseconds. Nanos count forward, also before 1970. */
function timestampAt(seconds: i64, nanos: i64): Timestamp {
  seconds += nanos / SECOND;
  nanos %= SECOND;
  if (nanos < 0) {
    nanos += SECOND;
    seconds--;
  }
  const timestamp = new Timestamp();
  timestamp.seconds = seconds;
  timestamp.nanos = <i32>nanos;
  return timestamp;
}

function hasPunctuation(text: string): bool {
  return (
    text.charCodeAt(4) == 0x2d &&
    text.charCodeAt(7) == 0x2d &&
    text.charCodeAt(10) == 0x54 &&
    text.charCodeAt(13) == 0x3a &&
    text.charCodeAt(16) == 0x3a
  );
}

function isLeap(year: i64): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

function daysIn(year: i64, month: i64): i64 {
  if (month == 2) return isLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days from 1970-01-01 to the first of March of the year 0, from which years end with their leap day. */
const MARCH_0: i64 = -719468;
/** Days in 400 years. */
const ERA: i64 = 146097;

/** Days since 1970 of a date in the proleptic Gregorian calendar. */
function daysFromCivil(year: i64, month: i64, day: i64): i64 {
  // Years from March to February.
  const shifted = month <= 2 ? year - 1 : year;
  const era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const yearOfEra = shifted - era * 400;
  const monthFromMarch = (month + 9) % 12;
  const dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
  return era * ERA + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear + MARCH_0;
}

/** `2026-01-31` of days since 1970. */
function dateText(days: i64): string {
  const shifted = days - MARCH_0;
  const era = (shifted >= 0 ? shifted : shifted - ERA + 1) / ERA;
  const dayOfEra = shifted - era * ERA;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year.toString().padStart(4, "0") + "-" + two(month) + "-" + two(day);
}

function two(number: i64): string {
  return number.toString().padStart(2, "0");
}
