import type { OptionalKind, PropertyDeclarationStructure } from "ts-morph";

import type { Field, Oneof } from "../contract";
import { asIndented } from "./code";
import { docComment, escapeComment } from "./doc-comment";
import type { Imports } from "./imports";
import type { Member } from "./members";
import { scalar, typeOf, zeroOf } from "./value-code";

type Property = OptionalKind<PropertyDeclarationStructure>;

/** The declaration of a property, with what it is initialised to. */
export function propertyOf(member: Member, imports: Imports): Property {
  return member.kind === "oneof"
    ? oneofProperty(member.oneof, imports)
    : fieldProperty(member.field, imports);
}

function fieldProperty(field: Field, imports: Imports): Property {
  const base = { name: field.name, docs: docComment(field.comment) };
  const type = typeOf(field.value, imports);
  switch (field.cardinality) {
    case "repeated":
      return { ...base, type: `${type}[]`, initializer: "[]" };
    case "map":
      return {
        ...base,
        type: `Map<${typeOf(scalar(field.key), imports)}, ${type}>`,
        initializer: "new Map()",
      };
    case "singular":
      return field.presence === "implicit"
        ? { ...base, type, initializer: zeroOf(field.value, imports) }
        : { ...base, type: `${type} | undefined`, initializer: "undefined" };
  }
}

function oneofProperty(oneof: Oneof, imports: Imports): Property {
  const members = oneof.fields.map((field) => {
    const type = typeOf(field.value, imports);
    return `| { case: "${field.name}"; ${inlineDoc(field)}value: ${type} }`;
  });
  const lines = ["", ...members, "| { case: undefined; value?: undefined }"];
  return {
    name: oneof.name,
    docs: docComment(oneof.comment),
    type: asIndented(lines.join("\n  ")),
    initializer: "{ case: undefined }",
  };
}

function inlineDoc({ comment }: Field): string {
  const deprecated = comment.deprecated ? ["@deprecated"] : [];
  const text = [...comment.lines, ...deprecated].filter(Boolean).join(" ");
  return text === "" ? "" : `/** ${escapeComment(text)} */ `;
}
