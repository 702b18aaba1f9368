import type { Field } from "../../../contract/contract";
import type { GetterCode, MethodCode, PropertyCode } from "./class-code";
import type { Imports } from "./imports";
import { indent } from "./indent";
import type { LocalNames } from "./local-names";
import type { ValueCode } from "./value-type";

/** What a field adds to the class of its message. */
export interface FieldCode {
  readonly properties: readonly PropertyCode[];
  readonly getters: readonly GetterCode[];
  readonly methods: readonly MethodCode[];
  /** Statements of `$put`, which write the field to `at`. */
  readonly put: string[];
  /** Bytes that the field takes at most, as far as they do not depend on the value. */
  readonly size: number;
  /** Statements of `$bound`, which add those that do to `size`. */
  readonly bound: string[];
  /** Cases of the `switch` over tags in `$merge`, which put what is read into the message at `into`. */
  readonly read: string[];
}

export type ListField = Extract<Field, { cardinality: "repeated" }>;
export type SingularField = Extract<Field, { cardinality: "singular" }>;
export type MapField = Extract<Field, { cardinality: "map" }>;

/** What surrounds a field. */
export interface FieldScope {
  /** Name of the message's class. */
  readonly className: string;
  readonly imports: Imports;
  /** Names of the class's members. */
  readonly members: LocalNames;
}

/** `number * 8 + wire type` */
export function tagOf(number: number, wireType: number): number {
  return number * 8 + wireType;
}

/** Bytes of a tag. */
export function tagSize(tag: number): number {
  return tag < 2 ** 7 ? 1 : tag < 2 ** 14 ? 2 : tag < 2 ** 21 ? 3 : tag < 2 ** 28 ? 4 : 5;
}

/** Expression for the distance of a property from the start of its message. */
export function offsetOf(property: string, className: string): string {
  return `offsetof<${className}>("${property}")`;
}

/** Expression for the raw value of a property of the message at `from`. */
export function rawProperty(type: string, property: string, className: string): string {
  return `load<${type}>(from, ${offsetOf(property, className)})`;
}

/** Expression that writes a tag to `at`. */
export function putTag(at: string, tag: number, imports: Imports): string {
  return `${imports.wire("putTag")}(${at}, ${tag})`;
}

/** Statements that write a tag and a raw value. */
export function putValue(tag: number, value: ValueCode, raw: string, imports: Imports): string[] {
  // A message needs to know where its length goes.
  return value.isMessage
    ? [`at = ${putTag("at", tag, imports)};`, `at = ${value.put("at", raw)};`]
    : [`at = ${value.put(putTag("at", tag, imports), raw)};`];
}

/** `if`, with braces around more than one statement. */
export function when(condition: string, statements: readonly string[]): string[] {
  const [only] = statements;
  if (statements.length === 1 && only !== undefined) return [`if (${condition}) ${only}`];
  return [`if (${condition}) {`, ...indent(statements), "}"];
}

/** A `case` of the `switch` over tags. More than one statement may have locals of their own. */
export function readCase(tag: number, statements: readonly string[]): string[] {
  return statements.length === 1
    ? [`case ${tag}:`, ...indent(statements), "  break;"]
    : [`case ${tag}: {`, ...indent(statements), "  break;", "}"];
}

/**
 * A method that reads a field apart from the others: code with objects in locals has a frame on the shadow stack, which
 * would cost the others too.
 */
export function readMethod(
  name: string,
  statements: readonly string[],
  imports: Imports,
): MethodCode {
  return {
    isStatic: true,
    name,
    parameters: [
      { name: "into", type: "usize" },
      { name: "reader", type: imports.wire("Reader") },
    ],
    returnType: "void",
    statements,
  };
}
