import type { Field, ValueType } from "../contract";
import { docComment } from "./doc-comment";
import {
  type FieldCode,
  type FieldScope,
  type ListField,
  readBlock,
  readCase,
  type SingularField,
  tagOf,
} from "./field-code";
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
        : plainFieldCode(field, value);
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
function plainFieldCode(field: SingularField, value: ValueCode): FieldCode {
  const nullable = field.presence === "explicit";
  const tag = tagOf(field.number, value.wireType);
  const own = `this.${field.name}`;
  const write = nullable
    ? [
        `const ${field.name}$ = ${own};`,
        `if (${field.name}$ !== null) writer.tag(${tag}).${value.write(`${field.name}$`)};`,
      ]
    : [`if (${value.isSet(own)}) writer.tag(${tag}).${value.write(own)};`];
  return {
    properties: [
      {
        name: field.name,
        type: nullable ? `${value.type} | null` : value.type,
        initializer: nullable ? "null" : value.zero,
        docs: docComment(field.comment),
      },
    ],
    getAccessors: [],
    methods: [],
    write,
    read: readCase(tag, `${own} = ${value.read(own)};`),
  };
}

function listFieldCode(field: ListField, { imports }: FieldScope): FieldCode {
  const value = valueCode(field.value, imports);
  const own = `this.${field.name}`;
  const tag = tagOf(field.number, value.wireType);
  const packedTag = tagOf(field.number, 2);
  const items = `for (let i = 0; i < ${own}.length; i++)`;
  const add = `${own}.push(${value.read("null")});`;
  return {
    properties: [
      {
        name: field.name,
        type: `Array<${value.type}>`,
        initializer: "[]",
        docs: docComment(field.comment),
      },
    ],
    getAccessors: [],
    methods: [],
    write: field.packed
      ? [
          `if (${own}.length != 0) {`,
          `  const start = writer.tag(${packedTag}).open();`,
          `  ${items} writer.${value.write(`${own}[i]`)};`,
          "  writer.close(start);",
          "}",
        ]
      : [`${items} writer.tag(${tag}).${value.write(`${own}[i]`)};`],
    // Whether packed or not is the writer's choice: readers take both.
    read: isPackable(field.value)
      ? [
          ...readCase(tag, add),
          ...readBlock(
            packedTag,
            "const outer = reader.enter();",
            `while (reader.pos < reader.end) ${add}`,
            "reader.leave(outer);",
          ),
        ]
      : readCase(tag, add),
  };
}
