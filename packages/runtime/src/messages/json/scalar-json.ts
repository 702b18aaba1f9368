import { isBytes, shortened } from "../wire/js-value.js";
import { isWellFormed } from "../wire/well-formed.js";
import { fromBase64, toBase64 } from "./base64.js";
import { exactInteger, isDecimal, TOO_LONG } from "./decimal.js";
import { JsonError, kindOf } from "./json-error.js";
import type { JsonValue } from "./json-value.js";
import type { ParsedJson } from "./parse-json.js";

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
      if (typeof value === "string") return checkedString(value);
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
      if (type.endsWith("64")) {
        if (typeof value === "bigint") return checkedRange(type, value).toString();
      } else if (typeof value === "number" && Number.isInteger(value)) {
        return Number(checkedRange(type, BigInt(value)));
      }
  }
  throw new JsonError(`expected ${type}, not ${kindOf(value)}`);
}

/** The name that a key of a map has in JSON. @throws JsonError if it is not of the type */
export function mapKeyToJson(type: ScalarName, key: unknown): string {
  return String(scalarToJson(type, key));
}

function floatToJson(type: "float" | "double", value: number): JsonValue {
  if (!Number.isFinite(value)) return String(value);
  // Zero has a sign, which is lost below.
  if (type === "double" || value === 0) return value;
  // The shortest decimal that is still the same float: 0.1, not 0.10000000149011612.
  const float = Math.fround(value);
  if (!Number.isFinite(float)) throw new JsonError(`${value} is too large for a float`);
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

/** @throws JsonError if UTF-8, and so a field, can't hold the text */
export function checkedString(text: string): string {
  if (!isWellFormed(text)) throw new JsonError("the string has a lone surrogate");
  return text;
}

function floatFromJson(type: "float" | "double", json: ParsedJson): number {
  if (json === "NaN") return NaN;
  if (json === "Infinity" || json === "-Infinity") return Number(json);
  // NaN and Infinity as such are no JSON.
  const isNumber = typeof json === "bigint" || (typeof json === "number" && Number.isFinite(json));
  if (!isNumber && !(typeof json === "string" && isDecimal(json))) {
    throw new JsonError(`expected ${type}, not ${kindOf(json)}`);
  }
  const value = Number(json);
  if (!Number.isFinite(type === "double" ? value : Math.fround(value))) {
    throw new JsonError(`${shortened(String(json))} is too large for a ${type}`);
  }
  if (type === "double") return value;
  return Math.max(-MAX_FLOAT, Math.min(MAX_FLOAT, Math.fround(value)));
}

function integerFromJson(type: ScalarName, json: ParsedJson): number | bigint {
  const value = toInteger(type, json);
  if (value === undefined) throw new JsonError(`expected ${type}, not ${kindOf(json)}`);
  checkedRange(type, value);
  return type.endsWith("64") ? value : Number(value);
}

function checkedRange(type: ScalarName, value: bigint): bigint {
  const [min, max] = ranges[type] as Range;
  if (value < min || value > max) {
    throw new JsonError(`${shortened(value.toString())} is out of the range of ${type}`);
  }
  return value;
}

function toInteger(type: ScalarName, json: ParsedJson): bigint | undefined {
  if (typeof json === "bigint") return json;
  if (typeof json === "number") return Number.isInteger(json) ? BigInt(json) : undefined;
  if (typeof json !== "string") return undefined;
  const value = exactInteger(json);
  if (value !== TOO_LONG) return value;
  throw new JsonError(`${shortened(json)} is out of the range of ${type}`);
}
