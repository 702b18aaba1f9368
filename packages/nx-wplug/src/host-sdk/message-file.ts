import { StructureKind, type StatementStructures } from "ts-morph";

import type { ContractFile } from "../contract/contract";
import type { GeneratedFile } from "../generated/generated-file";
import { escapeComment } from "./doc-comment";
import { enumDeclaration } from "./enum-declaration";
import { Imports, moduleOf } from "./imports";
import { messageClass } from "./message-class";
import type { PrintFile } from "./print-file";
import { isWide, scalar, zero64, zero64Declaration } from "./value-code";

/** `X.pb.ts`: enums and message classes. */
export function messageFile(file: ContractFile, print: PrintFile): GeneratedFile {
  const imports = new Imports(file, [...declaredTypes(file), zero64], "types");
  const classes = file.messages.map((message) => messageClass(message, imports));
  const statements: (string | StatementStructures)[] = [
    ...fileComment(file),
    ...imports.declarations(),
    ...file.publicImports.map((imported) => ({
      kind: StructureKind.ExportDeclaration as const,
      moduleSpecifier: moduleOf(imported, "pb", file),
    })),
    ...(usesZero64(file) ? [`\n${zero64Declaration}`] : []),
    ...file.enums.map(enumDeclaration),
  ];
  // Without any statement the file would not be a module.
  if (statements.length === 0 && classes.length === 0) {
    statements.push({ kind: StructureKind.ExportDeclaration, namedExports: [] });
  }
  return print(`${file.stem}.pb.ts`, file.path, statements, classes);
}

/** Names of the classes and enums that are generated from a file. */
export function declaredTypes(file: ContractFile): string[] {
  return [...file.enums, ...file.messages].map(({ name }) => name);
}

function usesZero64(file: ContractFile): boolean {
  return file.messages.some(({ fields }) =>
    fields.some((field) => {
      if (field.cardinality === "map") return isWide(field.value) || isWide(scalar(field.key));
      return (
        field.cardinality === "singular" && field.presence === "implicit" && isWide(field.value)
      );
    }),
  );
}

function fileComment({ comment }: ContractFile): string[] {
  if (comment.lines.length === 0) return [];
  const lines = comment.lines.map((line) => ` * ${escapeComment(line)}`.trimEnd());
  return [`/**\n${lines.join("\n")}\n *\n * @packageDocumentation\n */`];
}
