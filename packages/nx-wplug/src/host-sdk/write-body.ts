import type { CodeBlockWriter } from "ts-morph";

import type { Field } from "../contract/contract";
import type { Imports } from "./imports";
import type { MapField, RepeatedField, SingularField } from "./members";
import {
  isPackable,
  isSet,
  scalar,
  tagOf,
  wireType,
  wireTypeOf,
  writeTagged,
  writeValue,
} from "./value-code";

/** Writes the body of `static write`: all fields by number, then the unknown ones. */
export function writeWrite(
  writer: CodeBlockWriter,
  fields: readonly Field[],
  imports: Imports,
): void {
  for (const field of fields) {
    if (field.cardinality === "singular") {
      if (field.oneof === undefined) writeSingular(writer, field, imports);
      else writeMember(writer, field, field.oneof, fields, imports);
    } else if (field.cardinality === "repeated") writeRepeated(writer, field, imports);
    else writeMap(writer, field, imports);
  }
  writer.writeLine(`${imports.runtime("writeUnknown")}(writer, message);`);
}

function writeSingular(writer: CodeBlockWriter, field: SingularField, imports: Imports): void {
  const { number, name, value, presence } = field;
  const expression = `message.${name}`;
  const condition =
    presence === "explicit" ? `${expression} !== undefined` : isSet(value, expression, imports);
  writer.writeLine(`if (${condition}) ${writeTagged(number, value, expression, imports)}`);
}

/**
 * The members of a oneof are one switch, which refuses what is no member. Where other fields stand between them, each is written
 * in its own place behind it.
 */
function writeMember(
  writer: CodeBlockWriter,
  field: SingularField,
  oneof: string,
  fields: readonly Field[],
  imports: Imports,
): void {
  const members = fields.filter(
    (it): it is SingularField => it.cardinality === "singular" && it.oneof === oneof,
  );
  const start = fields.findIndex((it) => it === members[0]);
  const isInOnePiece = members.every((member, i) => fields[start + i] === member);
  const choice = `message.${oneof}`;
  const statement = ({ number, value }: SingularField) =>
    writeTagged(number, value, `${choice}.value`, imports);
  if (field === members[0]) {
    // Who has no compiler may set it to null.
    writer.write(`switch (${choice}?.case)`).block(() => {
      for (const member of members) {
        writer.writeLine(`case "${member.name}":`);
        if (!isInOnePiece && member !== members.at(-1)) continue;
        writer.indent(() => {
          if (isInOnePiece) writer.writeLine(statement(member));
          writer.writeLine("break;");
        });
      }
      writer.writeLine("default:");
      writer.indent(() =>
        writer.writeLine(`${imports.runtime("checkUnset")}(${choice}, "${oneof}");`),
      );
    });
  }
  if (!isInOnePiece) {
    writer.writeLine(`if (${choice}.case === "${field.name}") ${statement(field)}`);
  }
}

function writeRepeated(writer: CodeBlockWriter, field: RepeatedField, imports: Imports): void {
  const { number, name, value } = field;
  const isPacked = field.packed && isPackable(value);
  const list = `message.${name}`;
  const tag = tagOf(number, isPacked ? wireType.len : wireTypeOf(value));
  const items = `${imports.runtime("itemsOf")}(${list}, ${tag})`;
  if (!isPacked) {
    writer.writeLine(`for (const item of ${items}) ${writeTagged(number, value, "item", imports)}`);
    return;
  }
  writer.write(`if (${items}.length !== 0)`).block(() => {
    writer.writeLine(`const start = ${imports.runtime("openBlock")}(writer, ${tag});`);
    writer.writeLine(`for (const item of ${list}) ${writeValue(0, value, "item", imports)}`);
    writer.writeLine(`${imports.runtime("closeBlock")}(writer, start);`);
  });
}

// Key and value are always written, even if they are zero, as other implementations do.
function writeMap(writer: CodeBlockWriter, field: MapField, imports: Imports): void {
  const { number, name } = field;
  const tag = tagOf(number, wireType.len);
  const entries = `${imports.runtime("entriesOf")}(writer, message.${name}, ${tag})`;
  writer.write(`for (const [key, value] of ${entries})`).block(() => {
    writer.writeLine(`const start = ${imports.runtime("openBlock")}(writer, ${tag});`);
    writer.writeLine(writeTagged(1, scalar(field.key), "key", imports));
    writer.writeLine(writeTagged(2, field.value, "value", imports));
    writer.writeLine(`${imports.runtime("closeBlock")}(writer, start);`);
  });
}
