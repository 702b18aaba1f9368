import { fromBase64, toBase64 } from "./base64.js";
import { JsonError, kindOf } from "./json-error.js";
import type { JsonValue } from "./json-value.js";
import type { ParsedJson } from "./parse-json.js";
import { isBytes } from "../wire/writer.js";

/** Names of the scalar types of Protocol Buffers. */
export type ScalarName =
  | "double"
  | "float"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64"
  | "bool"
  | "string"
  | "bytes";

type Range = readonly [min: bigint, max: bigint];

const ranges: Readonly<Partial<Record<ScalarName, Range>>> = /* @__PURE__ */ (() => {
  const one = BigInt(1);
  const signed = (bits: number): Range => [
    -(one << BigInt(bits - 1)),
    (one << BigInt(bits - 1)) - one,
  ];
  const unsigned = (bits: number): Range => [BigInt(0), (one << BigInt(bits)) - one];
  return {
    int32: signed(32),
    sint32: signed(32),
    sfixed32: signed(32),
    uint32: unsigned(32),
    fixed32: unsigned(32),
    int64: signed(64),
    sint64: signed(64),
    sfixed64: signed(64),
    uint64: unsigned(64),
    fixed64: unsigned(64),
  };
})();

const MAX_FLOAT = 3.4028234663852886e38;

/** @throws JsonError if the value is not of the type */
export function scalarToJson(type: ScalarName, value: unknown): JsonValue {
  switch (type) {
    case "string":
      if (typeof value === "string") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "bytes":
      if (isBytes(value)) return toBase64(value);
      break;
    case "float":
    case "double":
      if (typeof value === "number") return floatToJson(type, value);
      break;
    default:
      if (typeof value === "bigint") return value.toString();
      if (typeof value === "number") return value;
  }
  throw new JsonError(`expected ${type}, not ${kindOf(value)}`);
}

function floatToJson(type: "float" | "double", value: number): JsonValue {
  if (!Number.isFinite(value)) return String(value);
  // Zero has a sign, which is lost below.
  if (type === "double" || value === 0) return value;
  // The shortest decimal that is still the same float: 0.1, not 0.10000000149011612.
  const float = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return float;
}

/** @throws JsonError if the JSON is none of the type */
export function scalarFromJson(
  type: ScalarName,
  json: ParsedJson,
): string | boolean | number | bigint | Uint8Array {
  switch (type) {
    case "string":
      if (typeof json === "string") return checkedString(json);
      break;
    case "bool":
      if (typeof json === "boolean") return json;
      break;
    case "bytes":
      if (typeof json === "string") return fromBase64(json);
      break;
    case "float":
    case "double":
      return floatFromJson(type, json);
    default:
      return integerFromJson(type, json);
  }
  throw new JsonError(`expected ${type}, not ${kindOf(json)}`);
}

/** The key of a map, which is a string in JSON whatever its type is. */
export function mapKeyFromJson(type: ScalarName, key: string): string | boolean | number | bigint {
  if (type !== "bool") return scalarFromJson(type, key) as string | number | bigint;
  if (key !== "true" && key !== "false") {
    throw new JsonError(`expected "true" or "false", not ${kindOf(key)}`);
  }
  return key === "true";
}

function checkedString(text: string): string {
  // Without the u flag a surrogate that is half of a pair would be matched, too.
  if (/\p{Surrogate}/u.test(text)) throw new JsonError("the string has a lone surrogate");
  return text;
}

// What JSON allows for a number, and nothing around it.
const decimal = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

function floatFromJson(type: "float" | "double", json: ParsedJson): number {
  if (json === "NaN") return NaN;
  if (json === "Infinity" || json === "-Infinity") return Number(json);
  const isNumber = typeof json === "number" || typeof json === "bigint";
  if (!isNumber && !(typeof json === "string" && decimal.test(json))) {
    throw new JsonError(`expected ${type}, not ${kindOf(json)}`);
  }
  const value = Number(json);
  const tooLarge =
    type === "double" ? !Number.isFinite(value) : !Number.isFinite(Math.fround(value));
  if (tooLarge) throw new JsonError(`${String(json)} is too large for a ${type}`);
  if (type === "double") return value;
  return Math.max(-MAX_FLOAT, Math.min(MAX_FLOAT, Math.fround(value)));
}

function integerFromJson(type: ScalarName, json: ParsedJson): number | bigint {
  const value = toInteger(json);
  if (value === undefined) throw new JsonError(`expected ${type}, not ${kindOf(json)}`);
  const [min, max] = ranges[type] as Range;
  if (value < min || value > max) throw new JsonError(`${value} is out of the range of ${type}`);
  return type.endsWith("64") ? value : Number(value);
}

function toInteger(json: ParsedJson): bigint | undefined {
  if (typeof json === "bigint") return json;
  if (typeof json === "number") return Number.isInteger(json) ? BigInt(json) : undefined;
  if (typeof json !== "string") return undefined;
  const match = decimal.exec(json);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent);
  // No integer type has more digits, and 1e999999999 must not be written out.
  if (Math.abs(shift) > 400) return undefined;
  const digits = whole + fraction + "0".repeat(Math.max(0, shift - fraction.length));
  const point = whole.length + shift;
  const tail = digits.slice(Math.max(0, point));
  if (/[1-9]/.test(tail)) return undefined;
  return BigInt(`${sign}${point > 0 ? digits.slice(0, point) : "0"}`);
}
