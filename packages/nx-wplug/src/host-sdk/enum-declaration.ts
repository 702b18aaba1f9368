import { StructureKind, type EnumDeclarationStructure } from "ts-morph";

import type { Enum } from "../contract/contract";
import { docComment } from "./doc-comment";

/** A plain enum: protobuf's are open, so any other number is a value as well. */
export function enumDeclaration(type: Enum): EnumDeclarationStructure {
  return {
    kind: StructureKind.Enum,
    name: type.name,
    isExported: true,
    docs: docComment(type.comment),
    members: type.values.map((value) => ({
      name: value.name,
      value: value.number,
      docs: docComment(value.comment),
    })),
  };
}
