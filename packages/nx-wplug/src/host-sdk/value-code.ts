import type { ScalarType, ValueType } from "../contract/contract";
import { upperFirst } from "../contract/model/names";
import type { Imports } from "./imports";

/** Name of the constant that stands for a 64-bit zero: the literal `0n` needs ES2020, which not every user targets. */
export const zero64 = "zero64";

export const zero64Declaration = `const ${zero64} = /* @__PURE__ */ BigInt(0);`;

/** Wire types, https://protobuf.dev/programming-guides/encoding/#structure */
export const wireType = { varint: 0, i64: 1, len: 2, i32: 5 } as const;

const wideIntegers: ReadonlySet<ScalarType> = new Set([
  "int64",
  "uint64",
  "sint64",
  "fixed64",
  "sfixed64",
]);

export function isWide(value: ValueType): boolean {
  return value.kind === "scalar" && wideIntegers.has(value.scalar);
}

/** Whether the values can stand in a packed block: all but strings, bytes and messages. */
export function isPackable(value: ValueType): boolean {
  return wireTypeOf(value) !== wireType.len;
}

export function scalar(type: ScalarType): ValueType {
  return { kind: "scalar", scalar: type };
}

/** The tag of a field as it is on the wire. */
export function tagOf(number: number, type: number): number {
  // Not by shifting: field numbers have 29 bits.
  return number * 8 + type;
}

export function wireTypeOf(value: ValueType): number {
  if (value.kind !== "scalar") return value.kind === "enum" ? wireType.varint : wireType.len;
  switch (value.scalar) {
    case "double":
    case "fixed64":
    case "sfixed64":
      return wireType.i64;
    case "float":
    case "fixed32":
    case "sfixed32":
      return wireType.i32;
    case "string":
    case "bytes":
      return wireType.len;
    default:
      return wireType.varint;
  }
}

/** Bytes that a value takes on the wire at least. */
export function leastSizeOf(value: ValueType): number {
  return { [wireType.i64]: 8, [wireType.i32]: 4 }[wireTypeOf(value)] ?? 1;
}

export function typeOf(value: ValueType, imports: Imports): string {
  if (value.kind !== "scalar") return imports.type(value.type);
  switch (value.scalar) {
    case "string":
      return "string";
    case "bool":
      return "boolean";
    case "bytes":
      return "Uint8Array";
    default:
      return wideIntegers.has(value.scalar) ? "bigint" : "number";
  }
}

/** What a value is when nothing was read. */
export function zeroOf(value: ValueType, imports: Imports): string {
  if (value.kind === "message") return `new ${imports.value(value.type)}()`;
  if (value.kind === "enum") return "0";
  switch (value.scalar) {
    case "string":
      return '""';
    case "bool":
      return "false";
    case "bytes":
      return imports.runtime("NO_BYTES");
    default:
      return wideIntegers.has(value.scalar) ? zero64 : "0";
  }
}

/** Condition for writing a field of implicit presence. */
export function isSet(value: ValueType, expression: string, imports: Imports): string {
  if (value.kind === "scalar") {
    switch (value.scalar) {
      case "bytes":
        return `!${imports.runtime("isEmpty")}(${expression})`;
      case "float":
      case "double":
        // -0 is not the default, although it equals it.
        return `!Object.is(${expression}, 0)`;
    }
  }
  return `${expression} !== ${zeroOf(value, imports)}`;
}

/** Statement that writes a value with its tag. */
export function writeTagged(
  number: number,
  value: ValueType,
  expression: string,
  imports: Imports,
): string {
  return writeValue(tagOf(number, wireTypeOf(value)), value, expression, imports);
}

/** Statement that writes a value, behind a tag unless that is 0. */
export function writeValue(
  tag: number,
  value: ValueType,
  expression: string,
  imports: Imports,
): string {
  const write = imports.runtime(`write${suffixOf(value)}`);
  const type = value.kind === "message" ? `${imports.value(value.type)}, ` : "";
  return `${write}(writer, ${tag}, ${type}${expression});`;
}

/** What the functions for a kind of value have at the end of their names. */
function suffixOf(value: ValueType): string {
  if (value.kind === "message") return "Message";
  const scalar = value.kind === "enum" ? "int32" : value.scalar;
  return upperFirst(scalar);
}

/** Expression that reads a value; a message is merged into the one that `into` says. */
export function readValue(value: ValueType, imports: Imports, into?: string): string {
  const read = imports.runtime(`read${suffixOf(value)}`);
  if (value.kind !== "message") return `${read}(reader)`;
  const name = imports.value(value.type);
  return `${read}(reader, ${name}, ${into ?? `new ${name}()`})`;
}
