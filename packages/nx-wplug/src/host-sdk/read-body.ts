import type { CodeBlockWriter } from "ts-morph";

import type { Field } from "../contract/contract";
import type { Imports } from "./imports";
import type { MapField, RepeatedField, SingularField } from "./members";
import {
  isPackable,
  leastSizeOf,
  readValue,
  scalar,
  tagOf,
  typeOf,
  wireType,
  wireTypeOf,
  zeroOf,
} from "./value-code";

/**
 * Writes the body of `static read`. A tag with another wire type than the field's is none of the cases, and so is kept
 * as an unknown field.
 */
export function writeRead(
  writer: CodeBlockWriter,
  fields: readonly Field[],
  imports: Imports,
): void {
  const unknown = `${imports.runtime("readUnknown")}(reader, message);`;
  if (fields.length === 0) {
    writer.writeLine(`while (${imports.runtime("readTag")}(reader) !== 0) ${unknown}`);
    return;
  }
  writeLoop(writer, imports, unknown, () => {
    for (const field of fields) {
      if (field.cardinality === "singular") readSingular(writer, field, imports);
      else if (field.cardinality === "repeated") readRepeated(writer, field, imports);
      else readMap(writer, field, imports);
    }
  });
}

function readSingular(writer: CodeBlockWriter, field: SingularField, imports: Imports): void {
  const { number, name, value, oneof } = field;
  const tag = tagOf(number, wireTypeOf(value));
  if (oneof === undefined) {
    const into =
      value.kind === "message"
        ? `message.${name} ?? new ${imports.value(value.type)}()`
        : undefined;
    writeCase(writer, tag, `message.${name} = ${readValue(value, imports, into)};`);
    return;
  }
  const target = `message.${oneof}`;
  if (value.kind !== "message") {
    const read = readValue(value, imports);
    writeCase(writer, tag, `${target} = { case: "${name}", value: ${read} };`);
    return;
  }
  // A member that is there already is merged into.
  const type = imports.value(value.type);
  writer.write(`case ${tag}:`).block(() => {
    writer.writeLine(
      `const into = ${target}.case === "${name}" ? ${target}.value : new ${type}();`,
    );
    writer.writeLine(
      `${target} = { case: "${name}", value: ${readValue(value, imports, "into")} };`,
    );
    writer.writeLine("break;");
  });
}

/** Both forms of a repeated field are read, whichever is declared. */
function readRepeated(writer: CodeBlockWriter, field: RepeatedField, imports: Imports): void {
  const { number, name, value } = field;
  const push = `push(${readValue(value, imports)});`;
  const tag = tagOf(number, wireTypeOf(value));
  if (!isPackable(value)) {
    writeCase(writer, tag, `message.${name}.${push}`);
    return;
  }
  writeCase(writer, tag, `${imports.runtime("charge")}(reader, 1);`, `message.${name}.${push}`);
  writer.write(`case ${tagOf(number, wireType.len)}:`).block(() => {
    writer.writeLine(
      `const outer = ${imports.runtime("enterPacked")}(reader, ${leastSizeOf(value)});`,
    );
    writer.writeLine(`const list = message.${name};`);
    writer.writeLine(`while (reader.pos < reader.end) list.${push}`);
    writer.writeLine(`${imports.runtime("leaveBlock")}(reader, outer);`);
    writer.writeLine("break;");
  });
}

function readMap(writer: CodeBlockWriter, field: MapField, imports: Imports): void {
  const key = scalar(field.key);
  const { value } = field;
  writer.write(`case ${tagOf(field.number, wireType.len)}:`).block(() => {
    const enter = imports.runtime("enterEntry");
    const type = value.kind === "message" ? `, ${imports.value(value.type)}` : "";
    writer.writeLine(`const outer = ${enter}(reader${type});`);
    writer.writeLine(`let key: ${typeOf(key, imports)} = ${zeroOf(key, imports)};`);
    const declaration = value.kind === "message" ? "const" : "let";
    writer.writeLine(
      `${declaration} value: ${typeOf(value, imports)} = ${zeroOf(value, imports)};`,
    );
    writeLoop(writer, imports, `${imports.runtime("skipField")}(reader);`, () => {
      writeCase(writer, tagOf(1, wireTypeOf(key)), `key = ${readValue(key, imports)};`);
      const read = readValue(value, imports, "value");
      writeCase(
        writer,
        tagOf(2, wireTypeOf(value)),
        value.kind === "message" ? `${read};` : `value = ${read};`,
      );
    });
    writer.writeLine(`${imports.runtime("leaveBlock")}(reader, outer);`);
    writer.writeLine(`message.${field.name}.set(key, value);`);
    writer.writeLine("break;");
  });
}

/** A loop over the fields up to the end, with a switch over their tags. */
function writeLoop(
  writer: CodeBlockWriter,
  imports: Imports,
  otherwise: string,
  writeCases: () => void,
): void {
  const next = `(tag = ${imports.runtime("readTag")}(reader)) !== 0`;
  writer.write(`for (let tag: number; ${next}; )`).block(() => {
    writer.write("switch (tag)").block(() => {
      writeCases();
      writer.writeLine("default:");
      writer.indent(() => writer.writeLine(otherwise));
    });
  });
}

function writeCase(writer: CodeBlockWriter, tag: number, ...statements: string[]): void {
  writer.writeLine(`case ${tag}:`);
  writer.indent(() => {
    for (const statement of statements) writer.writeLine(statement);
    writer.writeLine("break;");
  });
}
