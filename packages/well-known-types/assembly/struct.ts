import { ListValue, NullValue, Struct, Value, Value_KindCase } from "./gen/google/protobuf/struct.pb";
import { JsonReader } from "./json-reader";
import { quoted } from "./json-text";

export function valueNull(): Value {
  return new Value().setNullValue(NullValue.NULL_VALUE);
}

export function valueBool(value: bool): Value {
  return new Value().setBoolValue(value);
}

export function valueNumber(value: f64): Value {
  return new Value().setNumberValue(value);
}

export function valueString(value: string): Value {
  return new Value().setStringValue(value);
}

export function valueStruct(value: Struct): Value {
  return new Value().setStructValue(value);
}

export function valueList(value: ListValue): Value {
  return new Value().setListValue(value);
}

/** A list of these values. */
export function listFrom(values: Value[]): ListValue {
  const list = new ListValue();
  list.values = values;
  return list;
}

/** A member of a struct; null if there is none. */
export function structGet(struct: Struct, name: string): Value | null {
  return struct.fields.has(name) ? struct.fields.get(name) : null;
}

/** Sets a member, and returns the struct. */
export function structSet(struct: Struct, name: string, value: Value): Struct {
  struct.fields.set(name, value);
  return struct;
}

/** Whether it is null, or not set at all. */
export function valueIsNull(value: Value | null): bool {
  return value === null || value.kindCase == Value_KindCase.NOT_SET || value.kindCase == Value_KindCase.nullValue;
}

/** The number, or `otherwise` if it is something else. */
export function valueAsNumber(value: Value | null, otherwise: f64 = 0): f64 {
  return value !== null && value.kindCase == Value_KindCase.numberValue ? value.numberValue : otherwise;
}

/** The text, or `otherwise` if it is something else. */
export function valueAsString(value: Value | null, otherwise: string = ""): string {
  return value !== null && value.kindCase == Value_KindCase.stringValue ? value.stringValue : otherwise;
}

/** The truth value, or `otherwise` if it is something else. */
export function valueAsBool(value: Value | null, otherwise: bool = false): bool {
  return value !== null && value.kindCase == Value_KindCase.boolValue ? value.boolValue : otherwise;
}

/** The struct; null if it is something else. */
export function valueAsStruct(value: Value | null): Struct | null {
  return value !== null && value.kindCase == Value_KindCase.structValue ? value.structValue : null;
}

/** The values of the list; an empty array if it is something else. */
export function valueAsList(value: Value | null): Value[] {
  if (value === null || value.kindCase != Value_KindCase.listValue) return [];
  const list = value.listValue;
  return list === null ? [] : list.values;
}

/**
 * JSON text. Numbers that JSON lacks become the texts "NaN", "Infinity" and "-Infinity", as Go's AsInterface has them. What
 * is nested more than 100 deep is written as null.
 */
export function valueToJson(value: Value | null): string {
  return jsonOf(value, 0);
}

export function structToJson(struct: Struct): string {
  return jsonOf(valueStruct(struct), 0);
}

export function listToJson(list: ListValue): string {
  return jsonOf(valueList(list), 0);
}

/** Reads JSON text; null if it is not well-formed, or nested more than 100 deep. */
export function valueFromJson(text: string): Value | null {
  return new JsonReader(text).read();
}

/** Reads the JSON text of an object; null if it is anything else. */
export function structFromJson(text: string): Struct | null {
  return valueAsStruct(valueFromJson(text));
}

/** Reads the JSON text of an array; null if it is anything else. */
export function listFromJson(text: string): ListValue | null {
  const value = valueFromJson(text);
  return value !== null && value.kindCase == Value_KindCase.listValue ? value.listValue : null;
}

const MAX_DEPTH: i32 = 100;

function jsonOf(value: Value | null, depth: i32): string {
  if (value === null || depth > MAX_DEPTH) return "null";
  switch (value.kindCase) {
    case Value_KindCase.numberValue:
      return numberText(value.numberValue);
    case Value_KindCase.stringValue:
      return quoted(value.stringValue);
    case Value_KindCase.boolValue:
      return value.boolValue ? "true" : "false";
    case Value_KindCase.structValue:
      return structText(value.structValue, depth);
    case Value_KindCase.listValue:
      return listText(value.listValue, depth);
    default:
      return "null";
  }
}

function structText(struct: Struct | null, depth: i32): string {
  if (struct === null) return "{}";
  const names = struct.fields.keys();
  const parts = new Array<string>(names.length);
  for (let i = 0; i < names.length; i++) {
    parts[i] = quoted(names[i]) + ":" + jsonOf(struct.fields.get(names[i]), depth + 1);
  }
  return "{" + parts.join(",") + "}";
}

function listText(list: ListValue | null, depth: i32): string {
  if (list === null) return "[]";
  const values = list.values;
  const parts = new Array<string>(values.length);
  for (let i = 0; i < values.length; i++) parts[i] = jsonOf(values[i], depth + 1);
  return "[" + parts.join(",") + "]";
}

function numberText(value: f64): string {
  if (isNaN(value)) return '"NaN"';
  if (!isFinite(value)) return value > 0 ? '"Infinity"' : '"-Infinity"';
  const text = value.toString();
  return text.endsWith(".0") ? text.substring(0, text.length - 2) : text;
}
