import { toBase64 } from "@wplug/runtime/codegen";
import { ListValue, NullValue, Struct, Value } from "./gen/google/protobuf/struct.pb.js";

/** What a `Value` can be made from: plain JSON, beside numbers and bytes that JSON lacks. */
export type ValueInput =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly ValueInput[]
  | ReadonlyMap<string, ValueInput>
  | { readonly [name: string]: ValueInput | undefined };

/** Plain JSON. Numbers that JSON lacks are the texts "NaN", "Infinity" and "-Infinity", as Go has them. */
export type PlainValue = null | boolean | number | string | PlainValue[] | PlainObject;

export interface PlainObject {
  [name: string]: PlainValue;
}

/** Deepest nesting, as that of messages. */
const MAX_DEPTH = 100;

export function valueNull(): Value {
  return new Value({ kind: { case: "nullValue", value: NullValue.NULL_VALUE } });
}

export function valueBool(value: boolean): Value {
  return new Value({ kind: { case: "boolValue", value } });
}

export function valueNumber(value: number): Value {
  return new Value({ kind: { case: "numberValue", value } });
}

/** @throws TypeError if the text can't be UTF-8 */
export function valueString(value: string): Value {
  return new Value({ kind: { case: "stringValue", value: text(value) } });
}

export function valueStruct(value: Struct): Value {
  return new Value({ kind: { case: "structValue", value } });
}

export function valueList(value: ListValue): Value {
  return new Value({ kind: { case: "listValue", value } });
}

/** Whether it is null, or not set at all. */
export function valueIsNull(value: Value | undefined): boolean {
  return value?.kind.case === undefined || value.kind.case === "nullValue";
}

/** The truth value, or `otherwise` if it is something else. */
export function valueAsBool(value: Value | undefined, otherwise = false): boolean {
  return value?.kind.case === "boolValue" ? value.kind.value : otherwise;
}

/** The number, or `otherwise` if it is something else. */
export function valueAsNumber(value: Value | undefined, otherwise = 0): number {
  return value?.kind.case === "numberValue" ? value.kind.value : otherwise;
}

/** The text, or `otherwise` if it is something else. */
export function valueAsString(value: Value | undefined, otherwise = ""): string {
  return value?.kind.case === "stringValue" ? value.kind.value : otherwise;
}

/** The struct; undefined if it is something else. */
export function valueAsStruct(value: Value | undefined): Struct | undefined {
  return value?.kind.case === "structValue" ? value.kind.value : undefined;
}

/** The values of the list; an empty array if it is something else. */
export function valueAsList(value: Value | undefined): Value[] {
  return value?.kind.case === "listValue" ? value.kind.value.values : [];
}

/** A member of a struct; undefined if there is none. */
export function structGet(struct: Struct, name: string): Value | undefined {
  return struct.fields.get(name);
}

/** Sets a member, and returns the struct. */
export function structSet(struct: Struct, name: string, value: Value): Struct {
  struct.fields.set(text(name), value);
  return struct;
}

/**
 * Go's `NewValue`. Bytes become base64, bigints the nearest number, members that are undefined are left out.
 *
 * @throws TypeError if something has no place in a Value: `invalid type: function`
 */
export function valueFrom(input: ValueInput): Value {
  return toValue(input, 0);
}

/** Go's `AsInterface`. A value that is not set is null. */
export function valuePlain(value: Value | undefined): PlainValue {
  const kind = value?.kind;
  switch (kind?.case) {
    case "numberValue":
      return Number.isFinite(kind.value) ? kind.value : String(kind.value);
    case "stringValue":
    case "boolValue":
      return kind.value;
    case "structValue":
      return structPlain(kind.value);
    case "listValue":
      return listPlain(kind.value);
    default:
      return null;
  }
}

/** Go's `NewStruct`. @throws TypeError as `valueFrom` */
export function structFrom(
  input: ReadonlyMap<string, ValueInput> | { readonly [name: string]: ValueInput | undefined },
): Struct {
  return toStruct(input, 0);
}

/** Go's `AsMap`. */
export function structPlain(struct: Struct | undefined): PlainObject {
  // Without a prototype's setter for `__proto__`.
  return Object.fromEntries(
    Array.from(struct?.fields ?? [], ([name, value]) => [name, valuePlain(value)]),
  );
}

/** Go's `NewList`. @throws TypeError as `valueFrom` */
export function listFrom(input: readonly ValueInput[]): ListValue {
  return toList(input, 0);
}

/** Go's `AsSlice`. */
export function listPlain(list: ListValue | undefined): PlainValue[] {
  return (list?.values ?? []).map(valuePlain);
}

/** Reads JSON text. @throws JsonError */
export function valueFromJson(json: string): Value {
  return Value.fromJsonString(json);
}

/** JSON text. @throws JsonError if a number is NaN or infinite, which JSON lacks */
export function valueToJson(value: Value): string {
  return JSON.stringify(value);
}

/** Reads the JSON text of an object. @throws JsonError */
export function structFromJson(json: string): Struct {
  return Struct.fromJsonString(json);
}

/** JSON text. @throws JsonError as `valueToJson` */
export function structToJson(struct: Struct): string {
  return JSON.stringify(struct);
}

/** Reads the JSON text of an array. @throws JsonError */
export function listFromJson(json: string): ListValue {
  return ListValue.fromJsonString(json);
}

/** JSON text. @throws JsonError as `valueToJson` */
export function listToJson(list: ListValue): string {
  return JSON.stringify(list);
}

function toValue(input: unknown, depth: number): Value {
  switch (typeof input) {
    case "boolean":
      return valueBool(input);
    case "number":
      return valueNumber(input);
    case "bigint":
      return valueNumber(Number(input));
    case "string":
      return valueString(input);
    case "object":
      break;
    default:
      throw new TypeError(`invalid type: ${typeof input}`);
  }
  if (input === null) return valueNull();
  if (depth > MAX_DEPTH) throw new TypeError(`the value is nested more than ${MAX_DEPTH} deep`);
  if (input instanceof Uint8Array) return valueString(toBase64(input));
  if (Array.isArray(input)) return valueList(toList(input, depth + 1));
  return valueStruct(toStruct(input, depth + 1));
}

function toList(input: readonly unknown[], depth: number): ListValue {
  return new ListValue({ values: Array.from(input, (item) => toValue(item, depth)) });
}

function toStruct(input: object, depth: number): Struct {
  const prototype: unknown = Object.getPrototypeOf(input);
  const isMap = input instanceof Map;
  if (!isMap && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError(`invalid type: ${input.constructor.name}`);
  }
  const fields = new Map<string, Value>();
  for (const [name, value] of isMap ? (input as Map<string, unknown>) : Object.entries(input)) {
    if (value !== undefined) fields.set(text(name), toValue(value, depth));
  }
  return new Struct({ fields });
}

/** Go's text for what can't be UTF-8: in JavaScript, half of a pair of surrogates. */
function text(value: string): string {
  if (/[\ud800-\udfff]/u.test(value)) throw new TypeError("invalid UTF-8 in string");
  return value;
}
