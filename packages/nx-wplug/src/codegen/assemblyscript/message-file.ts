import { type ClassDeclarationStructure, StructureKind } from "ts-morph";

import type { Contract, ContractFile, Message } from "../contract";
import type { GeneratedFile } from "../generated-file";
import { declaredNames } from "./declared-names";
import { doc, docComment } from "./doc-comment";
import { fieldCode } from "./emit-field";
import { enumCode } from "./enum-code";
import type { FieldCode } from "./field-code";
import { Imports } from "./imports";
import { LocalNames } from "./local-names";
import { oneofCode } from "./oneof-code";
import { joinLines, printSource } from "./print-source";

const WIRE = "@wplug/runtime/assembly/wire";

/** `X.pb.ts`: enums and message classes of a file. */
export function messageFile(file: ContractFile, contract: Contract): GeneratedFile {
  const declared = declaredNames(file);
  const imports = new Imports(file, declared.all);
  const enums = file.enums.map(({ name, comment, values }) => enumCode(name, comment, values));
  const messages = file.messages.flatMap((message) =>
    messageStructures(message, imports, declared.caseEnums),
  );
  const publicFiles = contract.files.filter(({ path }) => file.publicImports.includes(path));
  return {
    path: `${file.stem}.pb.ts`,
    content: printSource(file.path, [
      ...imports.structures(),
      ...publicFiles.map((imported) => ({
        kind: StructureKind.ExportDeclaration as const,
        moduleSpecifier: imports.module(`${imported.stem}.pb`),
      })),
      ...enums,
      ...messages,
    ]),
  };
}

function messageStructures(
  message: Message,
  imports: Imports,
  caseEnums: ReadonlyMap<string, string>,
): (ClassDeclarationStructure | string)[] {
  const scope = {
    className: message.name,
    imports,
    members: new LocalNames([
      ...["$unknown", "$read", "$write", "encode", "decode"],
      ...message.fields.map(({ name }) => name),
    ]),
  };
  const oneofs = message.oneofs.map((oneof) =>
    oneofCode(oneof, caseEnums.get(`${message.name}.${oneof.name}`) ?? "", scope),
  );
  const members = new Map(oneofs.flatMap((oneof) => [...oneof.members]));
  const fields = message.fields.map(
    (field): FieldCode => members.get(field.number) ?? fieldCode(field, scope),
  );
  const shared = oneofs.map((oneof) => oneof.shared);

  return [
    ...oneofs.map((oneof) => oneof.caseEnum),
    {
      kind: StructureKind.Class,
      isExported: true,
      name: message.name,
      docs: docComment(message.comment),
      properties: [
        ...[...fields, ...shared].flatMap((part) => part.properties),
        {
          name: "$unknown",
          type: `${imports.use(WIRE, "UnknownFields")} | null`,
          initializer: "null",
          docs: doc(
            "Fields that this class does not know, as they were read. They are written again.",
          ),
        },
      ],
      getAccessors: [...fields, ...shared].flatMap((part) => part.getAccessors),
      methods: [
        ...[...fields, ...shared].flatMap((part) => part.methods),
        {
          name: "encode",
          returnType: "Uint8Array",
          statements: `return ${imports.use(WIRE, "encode")}<${message.name}>(this);`,
          docs: doc("The message in the protobuf wire format."),
        },
        {
          isStatic: true,
          name: "decode",
          parameters: [{ name: "bytes", type: "Uint8Array" }],
          returnType: `${message.name} | null`,
          statements: `return ${imports.use(WIRE, "decode")}<${message.name}>(bytes);`,
          docs: doc("The message in the protobuf wire format, null if `bytes` are malformed."),
        },
        {
          name: "$write",
          parameters: [{ name: "writer", type: imports.use(WIRE, "Writer") }],
          returnType: "void",
          statements: joinLines([
            ...fields.flatMap((field) => field.write),
            "const $unknown = this.$unknown;",
            "if ($unknown !== null) writer.raw($unknown);",
          ]),
        },
        {
          name: "$read",
          parameters: [{ name: "reader", type: imports.use(WIRE, "Reader") }],
          returnType: "void",
          statements: joinLines(readStatements(fields)),
        },
      ],
    },
  ];
}

function readStatements(fields: readonly FieldCode[]): string[] {
  if (fields.length === 0) {
    return [
      "while (reader.pos < reader.end) this.$unknown = reader.unknown(reader.tag(), this.$unknown);",
    ];
  }
  return [
    "while (reader.pos < reader.end) {",
    "  const tag = reader.tag();",
    "  switch (tag) {",
    ...fields.flatMap((field) => field.read.map((line) => `    ${line}`)),
    "    default:",
    "      this.$unknown = reader.unknown(tag, this.$unknown);",
    "  }",
    "}",
  ];
}
