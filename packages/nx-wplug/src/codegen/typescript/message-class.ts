import { StructureKind, type ClassDeclarationStructure } from "ts-morph";

import type { Message } from "../contract";
import { asIndented, code } from "./code";
import { writeConstructor } from "./constructor-body";
import { doc, docComment } from "./doc-comment";
import type { Imports } from "./imports";
import { membersOf } from "./members";
import { propertyOf } from "./property";
import { writeRead } from "./read-body";
import { writeWrite } from "./write-body";

/** The class of a message. The class object itself is what the runtime knows as the message's type. */
export function messageClass(message: Message, imports: Imports): ClassDeclarationStructure {
  const { name } = message;
  const members = membersOf(message);
  return {
    kind: StructureKind.Class,
    name,
    isExported: true,
    docs: docComment(message.comment),
    properties: [
      {
        name: "typeName",
        isStatic: true,
        isReadonly: true,
        initializer: JSON.stringify(message.typeName),
      },
      {
        name: "fieldNames",
        isStatic: true,
        isReadonly: true,
        type: "Readonly<Record<number, string>>",
        initializer: asIndented(fieldNames(message)),
      },
      ...members.map((member, index) => ({
        ...propertyOf(member, imports),
        ...(index === 0 ? { leadingTrivia: "\n" } : {}),
      })),
      {
        name: "$unknown",
        docs: doc(["Fields that this version of the contract does not know, as they were read."]),
        leadingTrivia: "\n",
        type: "Uint8Array | undefined",
        initializer: "undefined",
      },
    ],
    ctors: [
      {
        parameters: [
          {
            name: members.length === 0 ? "_init" : "init",
            type: `${imports.runtimeType("MessageInit")}<${name}>`,
            hasQuestionToken: true,
          },
        ],
        statements: code((writer) => writeConstructor(writer, members, imports)),
      },
    ],
    methods: [
      {
        name: "encode",
        docs: doc(["The message in Protocol Buffers binary format."]),
        returnType: "Uint8Array",
        statements: `return ${imports.runtime("encodeMessage")}(${name}, this);`,
      },
      {
        name: "decode",
        isStatic: true,
        docs: doc([
          "Reads a message in Protocol Buffers binary format.",
          "",
          "@throws WireError if the bytes are not one",
        ]),
        parameters: [{ name: "bytes", type: "Uint8Array" }],
        returnType: name,
        statements: `return ${imports.runtime("decodeMessage")}(${name}, bytes);`,
      },
      {
        name: "write",
        isStatic: true,
        docs: doc(["Writes all fields that are set, without a length in front. For the runtime."]),
        parameters: [
          { name: "message", type: name },
          { name: "writer", type: imports.runtimeType("Writer") },
        ],
        returnType: "void",
        statements: code((writer) => writeWrite(writer, message.fields, imports)),
      },
      {
        name: "read",
        isStatic: true,
        docs: doc(["Reads fields up to `end` and merges them into `message`. For the runtime."]),
        parameters: [
          { name: "message", type: name },
          { name: "reader", type: imports.runtimeType("Reader") },
          { name: "end", type: "number" },
        ],
        returnType: "void",
        statements: code((writer) => writeRead(writer, message.fields, imports)),
      },
    ],
  };
}

function fieldNames({ fields }: Message): string {
  if (fields.length === 0) return "{}";
  return code((writer) =>
    writer.inlineBlock(() => {
      for (const { number, name } of fields) writer.writeLine(`${number}: "${name}",`);
    }),
  );
}
