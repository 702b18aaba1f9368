import type { CodeBlockWriter } from "ts-morph";

import type { Field, Oneof } from "../contract/contract";
import { commentLines, escapeComment, writeDoc } from "./doc-comment";
import type { Imports } from "./imports";
import type { Member } from "./members";
import { scalar, typeOf, zeroOf } from "./value-code";

/** Writes the declaration of a property, with what it is initialised to. */
export function writeProperty(writer: CodeBlockWriter, member: Member, imports: Imports): void {
  const { comment } = member.kind === "oneof" ? member.oneof : member.field;
  writeDoc(writer, commentLines(comment));
  if (member.kind === "oneof") writeOneof(writer, member.oneof, imports);
  else writer.writeLine(fieldDeclaration(member.field, imports));
}

function fieldDeclaration(field: Field, imports: Imports): string {
  const { name } = field;
  const type = typeOf(field.value, imports);
  switch (field.cardinality) {
    case "repeated":
      return `${name}: ${type}[] = [];`;
    case "map":
      return `${name}: Map<${typeOf(scalar(field.key), imports)}, ${type}> = new Map();`;
    case "singular":
      return field.presence === "implicit"
        ? `${name}: ${type} = ${zeroOf(field.value, imports)};`
        : `${name}: ${type} | undefined = undefined;`;
  }
}

function writeOneof(writer: CodeBlockWriter, oneof: Oneof, imports: Imports): void {
  writer.writeLine(`${oneof.name}:`);
  writer.indent(() => {
    for (const field of oneof.fields) {
      const type = typeOf(field.value, imports);
      writer.writeLine(`| { case: "${field.name}"; ${inlineDoc(field)}value: ${type} }`);
    }
    writer.writeLine("| { case: undefined; value?: undefined } = { case: undefined };");
  });
}

function inlineDoc({ comment }: Field): string {
  const deprecated = comment.deprecated ? ["@deprecated"] : [];
  const text = [...comment.lines, ...deprecated].filter(Boolean).join(" ");
  return text === "" ? "" : `/** ${escapeComment(text)} */ `;
}
