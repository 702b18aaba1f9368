import type { CodeBlockWriter } from "ts-morph";

import type { Field, Message, Oneof } from "../contract/contract";
import type { Imports } from "./imports";
import { membersOf } from "./members";

/**
 * Writes the body of the constructor, which takes over what a partial plain object has. What has the wrong shape is an error
 * here; scalars are looked at when they are encoded.
 */
export function writeConstructor(
  writer: CodeBlockWriter,
  message: Message,
  imports: Imports,
): void {
  const check = `${imports.runtime("checkInit")}(${message.name}, init);`;
  const members = membersOf(message);
  if (members.length === 0) {
    writer.writeLine(`if (init !== undefined) ${check}`);
    return;
  }
  writer.writeLine("if (init === undefined) return;");
  writer.writeLine(check);
  for (const member of members) {
    if (member.kind === "oneof") writeOneof(writer, member.oneof, message, imports);
    else {
      const { field } = member;
      const given = `init.${field.name}`;
      const value = initialValue(field, message, imports);
      writer.writeLine(`if (${given} !== undefined) this.${field.name} = ${value};`);
    }
  }
}

function initialValue(field: Field, message: Message, imports: Imports): string {
  const given = `init.${field.name}`;
  const call = (name: string, value: string) => initCall(name, field, value, message, imports);
  const isMessage = field.value.kind === "message";
  switch (field.cardinality) {
    case "singular":
      return isMessage ? call("initMessage", given) : given;
    case "repeated":
      return call(isMessage ? "initMessages" : "initList", given);
    case "map":
      return call(isMessage ? "initMessageMap" : "initMap", given);
  }
}

/** A call of the runtime for the field, which knows the field by its number: so it can name it. */
function initCall(
  name: string,
  { number, value }: Field,
  given: string,
  message: Message,
  imports: Imports,
): string {
  const type = value.kind === "message" ? `${imports.value(value.type)}, ` : "";
  return `${imports.runtime(name)}(${message.name}, ${number}, ${type}${given})`;
}

function writeOneof(
  writer: CodeBlockWriter,
  oneof: Oneof,
  message: Message,
  imports: Imports,
): void {
  const given = `init.${oneof.name}`;
  const own = `this.${oneof.name}`;
  const copy = `${own} = ${imports.runtime("initOneof")}(${message.name}, "${oneof.name}", ${given});`;
  const messages = oneof.fields.filter(({ value }) => value.kind === "message");
  if (messages.length === 0) {
    writer.writeLine(`if (${given} !== undefined) ${copy}`);
    return;
  }
  writer.write(`if (${given} !== undefined)`).block(() => {
    // Who has no compiler may give null.
    writer.write(`switch (${given}?.case)`).block(() => {
      for (const field of messages) {
        const value = initCall("initMessage", field, `${given}.value`, message, imports);
        writer.writeLine(`case "${field.name}":`);
        writer.indent(() => {
          writer.writeLine(`${own} = { case: "${field.name}", value: ${value} };`);
          writer.writeLine("break;");
        });
      }
      writer.writeLine("default:");
      writer.indent(() => writer.writeLine(copy));
    });
  });
}
