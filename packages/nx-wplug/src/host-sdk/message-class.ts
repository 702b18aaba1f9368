import type { CodeBlockWriter } from "ts-morph";

import type { Message } from "../contract/contract";
import { code } from "./code";
import { writeConstructor } from "./constructor-body";
import { commentLines, firstParagraph, writeDoc } from "./doc-comment";
import type { Imports } from "./imports";
import { membersOf } from "./members";
import { writeProperty } from "./property";
import { writeRead } from "./read-body";
import { weightOf } from "./weight";
import { writeWrite } from "./write-body";

/**
 * The class of a message. The class object itself is what the runtime knows as the message's type.
 *
 * It is written as text: contracts may have thousands of messages, and to print a class from ts-morph's structures takes
 * several times as long.
 */
export function messageClass(message: Message, imports: Imports): string {
  const text = code((writer) => {
    writeDoc(writer, commentLines(message.comment));
    writer.write(`export class ${message.name}`).block(() => {
      writeProperties(writer, message, imports);
      for (const { signature, doc, body } of methodsOf(message, imports)) {
        writer.blankLine();
        writeDoc(writer, doc);
        writer.write(signature).block(() => {
          if (typeof body === "string") writer.write(body);
          else body(writer);
        });
      }
    });
  });
  return `${text}\n`;
}

function writeProperties(writer: CodeBlockWriter, message: Message, imports: Imports): void {
  writer.writeLine(`static readonly typeName = ${JSON.stringify(message.typeName)};`);
  writer.write("static readonly fieldNames: Readonly<Record<number, string>> = ");
  if (message.fields.length === 0) {
    writer.write("{};").newLine();
  } else {
    writer.inlineBlock(() => {
      for (const { number, name } of message.fields) writer.writeLine(`${number}: "${name}",`);
    });
    writer.write(";").newLine();
  }
  writer.writeLine(`static readonly weight = ${weightOf(message)};`);
  writer.blankLine();
  for (const member of membersOf(message)) writeProperty(writer, member, imports);
  writer.blankLine();
  writeDoc(writer, ["Fields that this version of the contract does not know, as they were read."]);
  writer.writeLine("$unknown: Uint8Array | undefined = undefined;");
}

interface Method {
  /** With its parameters and the type that it returns. */
  readonly signature: string;
  readonly doc: readonly string[];
  readonly body: string | ((writer: CodeBlockWriter) => void);
}

function methodsOf(message: Message, imports: Imports): Method[] {
  const { name } = message;
  // What editors show of `new Request(…)` is the comment of the constructor, not that of the class.
  const summary = firstParagraph(commentLines(message.comment));
  const init = `${imports.runtimeType("MessageInit")}<${name}>`;
  const json = imports.runtimeType("JsonValue");
  const toOptions = `options?: ${imports.runtimeType("ToJsonOptions")}`;
  const fromOptions = `options?: ${imports.runtimeType("FromJsonOptions")}`;
  const jsonOf = `${imports.runtime("jsonOf")}(${name})`;
  return [
    {
      signature: `constructor(init?: ${init})`,
      doc: [
        ...(summary.length > 0 ? [...summary, ""] : []),
        "@throws WireError that names the field if a list, a map, a oneof or a message is none; other values are looked at when they are encoded",
      ],
      body: (writer) => writeConstructor(writer, message, imports),
    },
    {
      signature: `encode(options?: ${imports.runtimeType("EncodeOptions")}): Uint8Array`,
      doc: [
        "The message in Protocol Buffers binary format.",
        "",
        "@throws WireError that names the field if a value is of the wrong type or out of range",
      ],
      body: `return ${imports.runtime("encodeMessage")}(${name}, this, options);`,
    },
    {
      signature: `static decode(bytes: Uint8Array): ${name}`,
      doc: [
        "Reads a message in Protocol Buffers binary format.",
        "",
        "@throws WireError if the bytes are not one",
      ],
      body: `return ${imports.runtime("decodeMessage")}(${name}, bytes);`,
    },
    {
      signature: `mergeFrom(source: Uint8Array | ${name} | ${init}): void`,
      doc: [
        "Merges another message, or its binary format, into this one.",
        "",
        "@throws WireError if the bytes are not valid; the fields before the error are merged then",
      ],
      body: `${imports.runtime("mergeMessage")}(${name}, this, source);`,
    },
    {
      signature: `clone(): ${name}`,
      doc: ["A copy that shares nothing with this message."],
      body: `return ${imports.runtime("cloneMessage")}(this);`,
    },
    {
      signature: `equals(other: ${name}): boolean`,
      doc: [
        "Whether the other message has the same fields set, to the same values: then `encode({ deterministic: true })` gives the same bytes.",
      ],
      body: `return ${imports.runtime("equalMessages")}(this, other);`,
    },
    {
      signature: `toJson(${toOptions}): ${json}`,
      doc: ["The message in proto3 JSON.", "", "@throws JsonError if a value has none"],
      body: `return ${jsonOf}.toJson(${name}, this, options);`,
    },
    {
      signature: `toJSON(): ${json}`,
      doc: ["What JSON.stringify writes: proto3 JSON."],
      body: "return this.toJson();",
    },
    {
      signature: `static fromJson(json: ${json}, ${fromOptions}): ${name}`,
      doc: [
        "Reads a message from proto3 JSON, as JSON.parse returns it.",
        "",
        "@throws JsonError if it is not the JSON of this message",
      ],
      body: `return ${jsonOf}.fromJson(${name}, json, options);`,
    },
    {
      signature: `static fromJsonString(text: string, ${fromOptions}): ${name}`,
      doc: [
        "Reads a message from the text of proto3 JSON. Numbers of 64 bits are exact here also without quotes.",
        "",
        "@throws JsonError if it is not the JSON of this message",
      ],
      body: `return ${jsonOf}.fromJsonString(${name}, text, options);`,
    },
    {
      signature: `static write(message: ${name}, writer: ${imports.runtimeType("Writer")}): void`,
      doc: ["Writes all fields that are set, without a length in front. For the runtime."],
      body: (writer) => writeWrite(writer, message.fields, imports),
    },
    {
      signature: `static read(message: ${name}, reader: ${imports.runtimeType("Reader")}): void`,
      doc: [
        "Reads the fields up to the end of the reader and merges them into `message`. For the runtime.",
      ],
      body: (writer) => writeRead(writer, message.fields, imports),
    },
  ];
}
