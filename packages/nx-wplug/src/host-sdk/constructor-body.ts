import type { CodeBlockWriter } from "ts-morph";

import type { Field, Oneof } from "../contract/contract";
import type { Imports } from "./imports";
import type { Member } from "./members";

/** Writes the body of the constructor, which takes over what a partial plain object has. */
export function writeConstructor(
  writer: CodeBlockWriter,
  members: readonly Member[],
  imports: Imports,
): void {
  if (members.length === 0) return;
  writer.writeLine("if (init === undefined) return;");
  for (const member of members) {
    if (member.kind === "oneof") writeOneof(writer, member.oneof, imports);
    else writeField(writer, member.field, imports);
  }
}

function writeField(writer: CodeBlockWriter, field: Field, imports: Imports): void {
  const given = `init.${field.name}`;
  const own = `this.${field.name}`;
  const condition = `if (${given} !== undefined)`;
  if (field.value.kind !== "message") {
    const value = {
      singular: given,
      repeated: `[...${given}]`,
      map: `new Map(${given})`,
    }[field.cardinality];
    writer.writeLine(`${condition} ${own} = ${value};`);
    return;
  }
  const type = imports.value(field.value.type);
  const toMessage = imports.runtime("toMessage");
  switch (field.cardinality) {
    case "singular":
      writer.writeLine(`${condition} ${own} = ${toMessage}(${type}, ${given});`);
      break;
    case "repeated":
      writer.writeLine(
        `${condition} ${own} = ${given}.map((item) => ${toMessage}(${type}, item));`,
      );
      break;
    case "map":
      writer.write(condition).block(() => {
        writer.writeLine(
          `for (const [key, value] of ${given}) ${own}.set(key, ${toMessage}(${type}, value));`,
        );
      });
  }
}

function writeOneof(writer: CodeBlockWriter, oneof: Oneof, imports: Imports): void {
  const given = `init.${oneof.name}`;
  const own = `this.${oneof.name}`;
  const messages = oneof.fields.flatMap(({ name, value }) =>
    value.kind === "message" ? [{ name, type: imports.value(value.type) }] : [],
  );
  if (messages.length === 0) {
    writer.writeLine(`if (${given} !== undefined) ${own} = ${given};`);
    return;
  }
  const toMessage = imports.runtime("toMessage");
  writer.write(`if (${given} !== undefined)`).block(() => {
    writer.write(`switch (${given}.case)`).block(() => {
      for (const { name, type } of messages) {
        writer.writeLine(`case "${name}":`);
        writer.indent(() => {
          writer.writeLine(
            `${own} = { case: "${name}", value: ${toMessage}(${type}, ${given}.value) };`,
          );
          writer.writeLine("break;");
        });
      }
      writer.writeLine("default:");
      writer.indent(() => writer.writeLine(`${own} = ${given};`));
    });
  });
}
