import type { Message } from "../wire/message.js";
import { at, JsonError, kindOf } from "./json-error.js";
import { scalarToJson } from "./scalar-json.js";
import { make, type SpecialForm } from "./special-form.js";

/** Seconds and nanoseconds, as Timestamp and Duration have them. */
interface Time {
  readonly seconds: bigint;
  readonly nanos: number;
}

const MIN_TIMESTAMP = -62_135_596_800;
const MAX_TIMESTAMP = 253_402_300_799;
const MAX_DURATION = 315_576_000_000;
const BILLION = 1_000_000_000;

/** @throws JsonError if a field has a value of another type */
function checkedTime(message: Message): Time {
  const { seconds, nanos } = message as Message & Partial<Record<keyof Time, unknown>>;
  at("seconds", () => scalarToJson("int64", seconds));
  at("nanos", () => scalarToJson("int32", nanos));
  return { seconds, nanos } as Time;
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** RFC 3339 in UTC: `1972-01-01T10:00:20.021Z`. */
export const timestampForm: SpecialForm = {
  toJson(message) {
    const { seconds, nanos } = checkedTime(message);
    if (seconds < MIN_TIMESTAMP || seconds > MAX_TIMESTAMP) {
      throw new JsonError(`${seconds} s is not between the years 1 and 9999`);
    }
    if (!(nanos >= 0 && nanos < BILLION)) throw new JsonError(`nanos must not be ${nanos}`);
    const date = new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, "");
    return `${date}${fraction(nanos)}Z`;
  },
  fromJson(type, json) {
    const match = typeof json === "string" ? rfc3339.exec(json) : null;
    if (match === null) {
      throw new JsonError(`expected a time such as "2026-01-31T12:00:00.5Z", not ${kindOf(json)}`);
    }
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
      .slice(1, 7)
      .map(Number);
    const [, , , , , , , digits = "", sign = "+", offsetHour = "0", offsetMinute = "0"] = match;
    // Date.UTC takes years below 100 for those of the 20th century.
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    if (
      !isDate ||
      hour > 23 ||
      minute > 59 ||
      second > 59 ||
      Number(offsetHour) > 23 ||
      Number(offsetMinute) > 59
    ) {
      throw new JsonError(`there is no time ${kindOf(json)}`);
    }
    date.setUTCHours(hour, minute, second);
    const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60;
    const seconds = date.getTime() / 1000 - (sign === "-" ? -offset : offset);
    if (seconds < MIN_TIMESTAMP || seconds > MAX_TIMESTAMP) {
      throw new JsonError(`${kindOf(json)} is not between the years 1 and 9999`);
    }
    return make(type, { seconds: BigInt(seconds), nanos: nanosOf(digits) });
  },
};

/** Seconds with a unit: `1.500s`. */
export const durationForm: SpecialForm = {
  toJson(message) {
    const { seconds, nanos } = checkedTime(message);
    if (seconds < -MAX_DURATION || seconds > MAX_DURATION) {
      throw new JsonError(`${seconds} s is more than 10,000 years`);
    }
    const isValid = nanos > -BILLION && nanos < BILLION;
    if (!isValid || (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0)) {
      throw new JsonError(`nanos must not be ${nanos} with seconds ${seconds}`);
    }
    const isNegative = seconds < 0 || nanos < 0;
    const whole = seconds < 0 ? -seconds : seconds;
    return `${isNegative ? "-" : ""}${whole}${fraction(Math.abs(nanos))}s`;
  },
  fromJson(type, json) {
    const match = typeof json === "string" ? /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(json) : null;
    if (match === null) {
      throw new JsonError(`expected a duration such as "1.5s", not ${kindOf(json)}`);
    }
    const [, sign, whole = "", digits = ""] = match;
    // Not as a bigint yet: to parse a long text into one takes quadratic time.
    if (Number(whole) > MAX_DURATION) {
      throw new JsonError(`${kindOf(json)} is more than 10,000 years`);
    }
    const seconds = BigInt(Number(whole));
    const nanos = nanosOf(digits);
    return make(
      type,
      sign === "-" ? { seconds: -seconds, nanos: -nanos || 0 } : { seconds, nanos },
    );
  },
};

function nanosOf(digits: string): number {
  return Number(digits.padEnd(9, "0"));
}

/** The fraction of a second: nothing, or three, six or nine digits. */
function fraction(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  return `.${digits.replace(/(?:000){1,2}$/, "")}`;
}
