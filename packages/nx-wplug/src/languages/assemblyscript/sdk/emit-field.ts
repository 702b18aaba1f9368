import type { Field, ValueType } from "../../../contract/contract";
import { docComment } from "./doc-comment";
import {
  type FieldCode,
  type FieldScope,
  type ListField,
  offsetOf,
  putTag,
  putValue,
  rawProperty,
  readCase,
  type SingularField,
  tagOf,
  tagSize,
  when,
} from "./field-code";
import type { Imports } from "./imports";
import { indent } from "./indent";
import { mapFieldCode } from "./map-field-code";
import { presenceCode } from "./presence-code";
import { type ValueCode, valueCode } from "./value-type";

/** Code of a field that is not a member of a oneof. */
export function fieldCode(field: Field, scope: FieldScope): FieldCode {
  switch (field.cardinality) {
    case "repeated":
      return listFieldCode(field, scope);
    case "map":
      return mapFieldCode(field, scope);
    case "singular": {
      const value = valueCode(field.value, scope.imports);
      return field.presence === "explicit" && !value.isObject
        ? presenceCode(field, value, scope)
        : plainFieldCode(field, value, scope);
    }
  }
}

/** Whether lists of this value may be packed: https://protobuf.dev/programming-guides/encoding/#packed */
function isPackable(value: ValueType): boolean {
  return (
    value.kind === "enum" ||
    (value.kind === "scalar" && value.scalar !== "string" && value.scalar !== "bytes")
  );
}

/** A property that holds the value, or null where it is an object with presence. */
function plainFieldCode(
  field: SingularField,
  value: ValueCode,
  { className, imports }: FieldScope,
): FieldCode {
  const nullable = field.presence === "explicit";
  const tag = tagOf(field.number, value.wireType);
  // No type has a `$` in front.
  const raw = `$${field.name}`;
  const loaded = rawProperty(value.rawType, field.name, className);
  const isSet = nullable ? `${raw} != 0` : value.isSet(raw);
  return {
    properties: [
      {
        name: field.name,
        type: nullable ? `${value.type} | null` : value.type,
        initializer: nullable ? "null" : value.zero,
        docs: docComment(field.comment),
      },
    ],
    getters: [],
    methods: [],
    put: [`const ${raw} = ${loaded};`, ...when(isSet, putValue(tag, value, raw, imports))],
    size: tagSize(tag) + value.size,
    bound: boundCode(value, nullable, raw, loaded),
    read: readCase(tag, value.read.toProperty(offsetOf(field.name, className))),
  };
}

function boundCode(value: ValueCode, nullable: boolean, raw: string, loaded: string): string[] {
  if (value.sizeOf === undefined) return [];
  if (!nullable) return [`size += ${value.sizeOf(loaded)};`];
  return [`const ${raw} = ${loaded};`, `if (${raw} != 0) size += ${value.sizeOf(raw)};`];
}

function listFieldCode(field: ListField, { className, imports }: FieldScope): FieldCode {
  const value = valueCode(field.value, imports);
  const tag = tagOf(field.number, value.wireType);
  const packedTag = tagOf(field.number, 2);
  const list = `load<usize>(into, ${offsetOf(field.name, className)})`;
  // No type has a `$` in front.
  const raw = `$${field.name}`;
  const loaded = `const ${raw} = ${rawProperty("usize", field.name, className)};`;
  const length = `${imports.wire("listLength")}(${raw})`;
  const item = value.isObject
    ? `${imports.wire("listItem")}(item)`
    : `load<${value.rawType}>(item)`;
  const items = (statements: readonly string[]) => [
    `for (let item = ${imports.wire("listStart")}(${raw}), end = ${imports.wire("listEnd")}<${value.rawType}>(${raw}); item < end; item += sizeof<${value.rawType}>()) {`,
    ...indent(statements),
    "}",
  ];
  const itemSize = value.size + (field.packed ? 0 : tagSize(tag));
  return {
    properties: [
      {
        name: field.name,
        type: `Array<${value.type}>`,
        // Unlike `[]` it has room for the first items.
        initializer: `new Array<${value.type}>()`,
        docs: docComment(field.comment),
      },
    ],
    getters: [],
    methods: [],
    put: [
      loaded,
      ...(field.packed
        ? when(`${length} != 0`, putPacked(packedTag, value, raw, items, imports))
        : items(putValue(tag, value, item, imports))),
    ],
    // A packed list has one tag and one length.
    size: field.packed ? tagSize(packedTag) + 5 : 0,
    bound: [
      loaded,
      ...(value.sizeOf === undefined
        ? [`size += ${itemSize} * <u64>${length};`]
        : items([`size += ${itemSize} + ${value.sizeOf(item)};`])),
    ],
    // Whether packed or not is the writer's choice: readers take both.
    read: [
      ...readCase(tag, value.read.toList(list)),
      ...(isPackable(field.value) ? readCase(packedTag, readPacked(value, list, imports)) : []),
    ],
  };
}

function readPacked(value: ValueCode, list: string, imports: Imports): string[] {
  if (value.isFixed) {
    return [`${imports.wire("addPackedFixed")}<${value.rawType}>(${list}, reader);`];
  }
  return [
    `const list = ${list};`,
    "const outer = reader.enter();",
    `while (reader.pos < reader.end) ${value.read.toList("list").join(" ")}`,
    "reader.leave(outer);",
  ];
}

function putPacked(
  tag: number,
  value: ValueCode,
  raw: string,
  items: (statements: readonly string[]) => string[],
  imports: Imports,
): string[] {
  if (value.isFixed) {
    const put = imports.wire("putPackedFixed");
    return [`at = ${put}<${value.rawType}>(${putTag("at", tag, imports)}, ${raw});`];
  }
  return [
    `const block = ${putTag("at", tag, imports)};`,
    "at = block + 1;",
    ...items([`at = ${value.put("at", `load<${value.rawType}>(item)`)};`]),
    `at = ${imports.wire("putLength")}(block, at);`,
  ];
}
