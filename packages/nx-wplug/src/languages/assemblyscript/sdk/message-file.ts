import { StructureKind } from "ts-morph";

import type { ContractFile, Message } from "../../../contract/contract";
import type { GeneratedFile } from "../../../generated/generated-file";
import { classCode } from "./class-code";
import { declaredNames } from "./declared-names";
import { doc, docComment } from "./doc-comment";
import { fieldCode } from "./emit-field";
import { enumCode } from "./enum-code";
import { type FieldCode, offsetOf, rawProperty } from "./field-code";
import { Imports } from "./imports";
import { indent } from "./indent";
import { LocalNames } from "./local-names";
import { oneofCode } from "./oneof-code";
import { printSource } from "./print-source";

/** `X.pb.ts`: enums and message classes of a file. */
export function messageFile(file: ContractFile): GeneratedFile {
  const declared = declaredNames(file);
  const imports = new Imports(file, declared.all);
  const enums = file.enums.map(({ name, comment, values }) => enumCode(name, comment, values));
  const messages = file.messages.flatMap((message) =>
    messageCode(message, imports, declared.caseEnums),
  );
  return {
    path: `${file.stem}.pb.ts`,
    content: printSource(
      file.path,
      [
        ...imports.structures(),
        ...file.publicImports.map((imported) => ({
          kind: StructureKind.ExportDeclaration as const,
          moduleSpecifier: imports.moduleOf(imported),
        })),
      ],
      [...enums, ...messages],
    ),
  };
}

/** The class of a message, after the enums of its oneofs. */
function messageCode(
  message: Message,
  imports: Imports,
  caseEnums: ReadonlyMap<string, string>,
): string[] {
  const scope = {
    className: message.name,
    imports,
    members: new LocalNames([
      ...["$unknown", "$read", "$merge", "$write", "$bound", "$put", "encode", "decode"],
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
  const unknown = rawProperty("usize", "$unknown", message.name);

  return [
    ...oneofs.map((oneof) => oneof.caseEnum),
    classCode({
      name: message.name,
      docs: docComment(message.comment),
      properties: [
        ...[...fields, ...shared].flatMap((part) => part.properties),
        {
          name: "$unknown",
          type: `${imports.wire("UnknownFields")} | null`,
          initializer: "null",
          docs: doc(
            "Fields that this class does not know, as they were read. They are written again.",
          ),
        },
      ],
      getters: [
        ...[...fields, ...shared].flatMap((part) => part.getters),
        {
          name: "$typeName",
          type: "string",
          statements: [`return ${JSON.stringify(message.typeName)};`],
          docs: doc("Fully qualified name. Generic code may ask for it without an object."),
        },
      ],
      methods: [
        ...[...fields, ...shared].flatMap((part) => part.methods),
        {
          name: "encode",
          returnType: "Uint8Array",
          statements: [`return ${imports.wire("encode")}<${message.name}>(this);`],
          docs: doc("The message in the protobuf wire format."),
        },
        {
          isStatic: true,
          name: "decode",
          parameters: [{ name: "bytes", type: "Uint8Array" }],
          returnType: `${message.name} | null`,
          statements: [`return ${imports.wire("decode")}<${message.name}>(bytes);`],
          docs: doc("The message in the protobuf wire format, null if `bytes` are malformed."),
        },
        {
          name: "$fieldNumbers",
          parameters: [
            { name: "path", type: "string" },
            { name: "numbers", type: "Array<i32>" },
          ],
          returnType: "bool",
          statements: fieldNumberStatements(message, imports),
          docs: doc(
            "Finds the numbers of the fields on a path of a field mask. Generic code may ask for it without an object.",
          ),
        },
        {
          name: "$write",
          parameters: [{ name: "output", type: imports.wire("Output") }],
          returnType: "void",
          statements: [
            "const from = changetype<usize>(this);",
            `const size = ${message.name}.$bound(from, 1);`,
            `if (${imports.wire("mayNest")}(1)) output.end(${message.name}.$put(from, output.begin(size)));`,
          ],
        },
        {
          isStatic: true,
          name: "$bound",
          parameters: [
            { name: "from", type: "usize" },
            { name: "depth", type: "i32" },
          ],
          returnType: "u64",
          statements: [
            `if (!${imports.wire("mayNest")}(depth)) return 0;`,
            `let size: u64 = ${sum(fields.map((field) => field.size))} + ${imports.wire("unknownBound")}(${unknown});`,
            ...fields.flatMap((field) => field.bound),
            "return size;",
          ],
        },
        {
          isStatic: true,
          name: "$put",
          parameters: [
            { name: "from", type: "usize" },
            { name: "at", type: "usize" },
          ],
          returnType: "usize",
          statements: [
            ...fields.flatMap((field) => field.put),
            `return ${imports.wire("putUnknown")}(at, ${unknown});`,
          ],
        },
        {
          name: "$read",
          parameters: [{ name: "reader", type: imports.wire("Reader") }],
          returnType: "void",
          statements: [`${message.name}.$merge(changetype<usize>(this), reader);`],
        },
        {
          isStatic: true,
          name: "$merge",
          parameters: [
            { name: "into", type: "usize" },
            { name: "reader", type: imports.wire("Reader") },
          ],
          returnType: "void",
          statements: mergeStatements(fields, offsetOf("$unknown", message.name)),
        },
      ],
    }),
  ];
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

function mergeStatements(fields: readonly FieldCode[], unknown: string): string[] {
  if (fields.length === 0) {
    return [`while (reader.pos < reader.end) reader.unknown(reader.tag(), into, ${unknown});`];
  }
  return [
    "while (reader.pos < reader.end) {",
    "  const tag = reader.tag();",
    "  switch (tag) {",
    ...indent(indent(fields.flatMap((field) => field.read))),
    "    default:",
    `      reader.unknown(tag, into, ${unknown});`,
    "  }",
    "}",
  ];
}

/** Statements that look for the first name of a path, and leave the rest of it to the message there. */
function fieldNumberStatements({ fields }: Message, imports: Imports): string[] {
  if (fields.length === 0) return ["return false;"];
  return [
    'const dot = path.indexOf(".");',
    "const name = dot < 0 ? path : path.substring(0, dot);",
    ...fields.map((field) => {
      const isMessage = field.cardinality === "singular" && field.value.kind === "message";
      const rest = isMessage
        ? ` || changetype<${imports.type(field.value.type)}>(0).$fieldNumbers(path.substring(dot + 1), numbers)`
        : "";
      return `if (name == "${field.protoName}") { numbers.push(${field.number}); return dot < 0${rest}; }`;
    }),
    "return false;",
  ];
}
