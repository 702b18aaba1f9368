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
        name: "mergeFrom",
        docs: doc([
          "Merges another message, or its binary format, into this one.",
          "",
          "@throws WireError if the bytes are not valid; the fields before the error are merged then",
        ]),
        parameters: [
          {
            name: "source",
            type: `Uint8Array | ${name} | ${imports.runtimeType("MessageInit")}<${name}>`,
          },
        ],
        returnType: "void",
        statements: `${imports.runtime("mergeMessage")}(${name}, this, source);`,
      },
      {
        name: "clone",
        docs: doc(["A copy that shares nothing with this message."]),
        returnType: name,
        statements: `return ${imports.runtime("cloneMessage")}(this);`,
      },
      {
        name: "equals",
        docs: doc(["Whether the other message has the same fields set, to the same values."]),
        parameters: [{ name: "other", type: name }],
        returnType: "boolean",
        statements: `return ${imports.runtime("equalMessages")}(this, other);`,
      },
      {
        name: "toJson",
        docs: doc(["The message in proto3 JSON.", "", "@throws JsonError if a value has none"]),
        parameters: [
          { name: "options", type: imports.runtimeType("ToJsonOptions"), hasQuestionToken: true },
        ],
        returnType: imports.runtimeType("JsonValue"),
        statements: `return ${imports.runtime("jsonOf")}(${name}).toJson(${name}, this, options);`,
      },
      {
        name: "toJSON",
        docs: doc(["What JSON.stringify writes: proto3 JSON."]),
        returnType: imports.runtimeType("JsonValue"),
        statements: "return this.toJson();",
      },
      {
        name: "fromJson",
        isStatic: true,
        docs: doc([
          "Reads a message from proto3 JSON, as JSON.parse returns it.",
          "",
          "@throws JsonError if it is not the JSON of this message",
        ]),
        parameters: [
          { name: "json", type: imports.runtimeType("JsonValue") },
          { name: "options", type: imports.runtimeType("FromJsonOptions"), hasQuestionToken: true },
        ],
        returnType: name,
        statements: `return ${imports.runtime("jsonOf")}(${name}).fromJson(${name}, json, options);`,
      },
      {
        name: "fromJsonString",
        isStatic: true,
        docs: doc([
          "Reads a message from the text of proto3 JSON. Numbers of 64 bits are exact here also without quotes.",
          "",
          "@throws JsonError if it is not the JSON of this message",
        ]),
        parameters: [
          { name: "text", type: "string" },
          { name: "options", type: imports.runtimeType("FromJsonOptions"), hasQuestionToken: true },
        ],
        returnType: name,
        statements: `return ${imports.runtime("jsonOf")}(${name}).fromJsonString(${name}, text, options);`,
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
