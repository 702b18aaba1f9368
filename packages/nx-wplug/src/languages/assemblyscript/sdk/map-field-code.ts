import { docComment } from "./doc-comment";
import {
  type FieldCode,
  type FieldScope,
  type MapField,
  putTag,
  putValue,
  rawProperty,
  readCase,
  readMethod,
  tagOf,
  tagSize,
} from "./field-code";
import { indent } from "./indent";
import { upperFirst } from "../../../contract/model/names";
import { valueCode } from "./value-type";

/** A map is a list of entries, messages of a key and a value: https://protobuf.dev/programming-guides/encoding/#maps */
export function mapFieldCode(field: MapField, scope: FieldScope): FieldCode {
  const { className, imports, members } = scope;
  const key = valueCode({ kind: "scalar", scalar: field.key }, imports);
  const value = valueCode(field.value, imports);
  const type = `Map<${key.type}, ${value.type}>`;
  const tag = tagOf(field.number, 2);
  const keyTag = tagOf(1, key.wireType);
  const valueTag = tagOf(2, value.wireType);
  const types = `<${key.type}, ${value.type}>`;
  // No type has a `$` in front.
  const raw = `$${field.name}`;
  const rawKey = `load<${key.rawType}>(entry)`;
  const rawValue = `load<${value.rawType}>(entry, offsetof<${imports.wire("MapEntry")}${types}>("value"))`;
  const entries = (statements: readonly string[]) => [
    `const ${raw} = ${rawProperty("usize", field.name, className)};`,
    `for (let entry = ${imports.wire("mapStart")}${types}(${raw}), end = ${imports.wire("mapEnd")}${types}(${raw}); entry < end; entry += ${imports.wire("mapEntrySize")}${types}()) {`,
    `  if (${imports.wire("isRemoved")}${types}(entry)) continue;`,
    ...indent(statements),
    "}",
  ];
  // A tag and a length for the entry, tags for key and value.
  const entrySize = tagSize(tag) + 5 + tagSize(keyTag) + key.size + tagSize(valueTag) + value.size;
  const readEntry = members.claim(`$read${upperFirst(field.name)}`);
  const sizes = [`${entrySize}`];
  if (key.sizeOf !== undefined) sizes.push(key.sizeOf(rawKey));
  if (value.sizeOf !== undefined) sizes.push(value.sizeOf(rawValue));
  return {
    properties: [
      { name: field.name, type, initializer: `new ${type}()`, docs: docComment(field.comment) },
    ],
    getters: [],
    methods: [
      readMethod(
        readEntry,
        [
          "const outer = reader.enter();",
          `let key: ${key.type} = ${key.zero};`,
          `let value: ${value.type} = ${value.zero};`,
          "while (reader.pos < reader.end) {",
          "  const tag = reader.tag();",
          "  switch (tag) {",
          ...indent(indent(readCase(keyTag, key.read.toVariable("key")))),
          ...indent(indent(readCase(valueTag, value.read.toVariable("value")))),
          "    default:",
          "      reader.skip(tag);",
          "  }",
          "}",
          "reader.leave(outer);",
          `changetype<${className}>(into).${field.name}.set(key, value);`,
        ],
        imports,
      ),
    ],
    put: entries([
      `const block = ${putTag("at", tag, imports)};`,
      "at = block + 1;",
      // Always both, also zero values: that is what other writers do.
      ...putValue(keyTag, key, rawKey, imports),
      ...putValue(valueTag, value, rawValue, imports),
      `at = ${imports.wire("putLength")}(block, at);`,
    ]),
    size: 0,
    bound: entries([`size += ${sizes.join(" + ")};`]),
    read: readCase(tag, [`${className}.${readEntry}(into, reader);`]),
  };
}
