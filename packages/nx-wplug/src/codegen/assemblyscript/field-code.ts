import type {
  GetAccessorDeclarationStructure,
  MethodDeclarationStructure,
  OptionalKind,
  PropertyDeclarationStructure,
} from "ts-morph";

import type { Field } from "../contract";
import type { Imports } from "./imports";
import type { LocalNames } from "./local-names";

/** What a field adds to the class of its message. */
export interface FieldCode {
  readonly properties: OptionalKind<PropertyDeclarationStructure>[];
  readonly getAccessors: OptionalKind<GetAccessorDeclarationStructure>[];
  readonly methods: OptionalKind<MethodDeclarationStructure>[];
  /** Statements of `$write`. */
  readonly write: string[];
  /** Cases of the `switch` over tags in `$read`. */
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

/** A `case` of the `switch` over tags. */
export function readCase(tag: number, ...statements: readonly string[]): string[] {
  return [`case ${tag}:`, ...statements.map((line) => `  ${line}`), "  break;"];
}

/** A `case` with locals of its own. */
export function readBlock(tag: number, ...statements: readonly string[]): string[] {
  return [`case ${tag}: {`, ...statements.map((line) => `  ${line}`), "  break;", "}"];
}
