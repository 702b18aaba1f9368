import { docComment } from "./doc-comment";
import { type FieldCode, type FieldScope, type MapField, readBlock, tagOf } from "./field-code";
import { valueCode } from "./value-type";

/** A map is a list of entries, messages of a key and a value: https://protobuf.dev/programming-guides/encoding/#maps */
export function mapFieldCode(field: MapField, { imports }: FieldScope): FieldCode {
  const key = valueCode({ kind: "scalar", scalar: field.key }, imports);
  const value = valueCode(field.value, imports);
  const type = `Map<${key.type}, ${value.type}>`;
  const tag = tagOf(field.number, 2);
  const keyTag = tagOf(1, key.wireType);
  const valueTag = tagOf(2, value.wireType);
  return {
    properties: [
      { name: field.name, type, initializer: `new ${type}()`, docs: docComment(field.comment) },
    ],
    getAccessors: [],
    methods: [],
    write: [
      `if (this.${field.name}.size != 0) {`,
      `  const keys = this.${field.name}.keys();`,
      `  const values = this.${field.name}.values();`,
      "  for (let i = 0; i < keys.length; i++) {",
      `    const start = writer.tag(${tag}).open();`,
      // Always both, also zero values: that is what other writers do.
      `    writer.tag(${keyTag}).${key.write("keys[i]")};`,
      `    writer.tag(${valueTag}).${value.write("values[i]")};`,
      "    writer.close(start);",
      "  }",
      "}",
    ],
    read: readBlock(
      tag,
      "const outer = reader.enter();",
      `let key: ${key.type} = ${key.zero};`,
      `let value: ${value.type} = ${value.zero};`,
      "while (reader.pos < reader.end) {",
      "  const part = reader.tag();",
      "  switch (part) {",
      `    case ${keyTag}:`,
      `      key = ${key.read("key")};`,
      "      break;",
      `    case ${valueTag}:`,
      `      value = ${value.read("value")};`,
      "      break;",
      "    default:",
      "      reader.skip(part);",
      "  }",
      "}",
      "reader.leave(outer);",
      `this.${field.name}.set(key, value);`,
    ),
  };
}
