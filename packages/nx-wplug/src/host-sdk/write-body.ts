import type { CodeBlockWriter } from "ts-morph";

import type { Field } from "../contract/contract";
import type { Imports } from "./imports";
import type { MapField, RepeatedField, SingularField } from "./members";
import { isPackable, isSet, scalar, tagOf, wireType, writeTagged, writeValue } from "./value-code";

/** Writes the body of `static write`: all fields by number, then the unknown ones. */
export function writeWrite(
  writer: CodeBlockWriter,
  fields: readonly Field[],
  imports: Imports,
): void {
  for (const field of fields) {
    if (field.cardinality === "singular") writeSingular(writer, field, imports);
    else if (field.cardinality === "repeated") writeRepeated(writer, field, imports);
    else writeMap(writer, field, imports);
  }
  writer.writeLine(`${imports.runtime("writeUnknown")}(writer, message);`);
}

function writeSingular(writer: CodeBlockWriter, field: SingularField, imports: Imports): void {
  const { number, name, value, presence, oneof } = field;
  if (presence === "oneof") {
    const statement = writeTagged(number, value, `message.${oneof}.value`, imports);
    writer.writeLine(`if (message.${oneof}.case === "${name}") ${statement}`);
    return;
  }
  const expression = `message.${name}`;
  const condition =
    presence === "explicit" ? `${expression} !== undefined` : isSet(value, expression, imports);
  writer.writeLine(`if (${condition}) ${writeTagged(number, value, expression, imports)}`);
}

function writeRepeated(writer: CodeBlockWriter, field: RepeatedField, imports: Imports): void {
  const { number, name, value } = field;
  const list = `message.${name}`;
  if (!field.packed || !isPackable(value)) {
    writer.writeLine(`for (const item of ${list}) ${writeTagged(number, value, "item", imports)}`);
    return;
  }
  writer.write(`if (${list}.length !== 0)`).block(() => {
    const tag = tagOf(number, wireType.len);
    writer.writeLine(`const start = ${imports.runtime("openBlock")}(writer, ${tag});`);
    writer.writeLine(`for (const item of ${list}) ${writeValue(0, value, "item", imports)}`);
    writer.writeLine(`${imports.runtime("closeBlock")}(writer, start);`);
  });
}

// Key and value are always written, even if they are zero, as other implementations do.
function writeMap(writer: CodeBlockWriter, field: MapField, imports: Imports): void {
  const { number, name } = field;
  const entries = `${imports.runtime("entriesOf")}(writer, message.${name})`;
  writer.write(`for (const [key, value] of ${entries})`).block(() => {
    const tag = tagOf(number, wireType.len);
    writer.writeLine(`const start = ${imports.runtime("openBlock")}(writer, ${tag});`);
    writer.writeLine(writeTagged(1, scalar(field.key), "key", imports));
    writer.writeLine(writeTagged(2, field.value, "value", imports));
    writer.writeLine(`${imports.runtime("closeBlock")}(writer, start);`);
  });
}
