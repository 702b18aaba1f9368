import { StructureKind, VariableDeclarationKind, type StatementStructures } from "ts-morph";

import type { ContractFile, Enum, Field, Message, ValueType } from "../contract";
import type { GeneratedFile } from "../generated-file";
import { asIndented, code } from "./code";
import { Imports, jsonEnumName } from "./imports";
import type { PrintFile } from "./print-file";

/** Whether a file has anything to say about JSON. */
export function hasJson({ messages, enums }: ContractFile): boolean {
  return messages.length > 0 || enums.length > 0;
}

/**
 * `X.json.ts`: how the messages of a file look in proto3 JSON. It is apart from the classes, so that programs which don't
 * use JSON can leave it out.
 */
export function jsonFile(file: ContractFile, print: PrintFile): GeneratedFile {
  const imports = new Imports(
    file,
    file.enums.map(({ name }) => jsonEnumName(name)),
    "services",
  );
  const statements: (string | StatementStructures)[] = [
    ...file.enums.map((type) => enumTable(type, imports)),
    ...file.messages.map((message) => `\n${messageTable(message, file, imports)}`),
  ];
  return print(`${file.stem}.json.ts`, file.path, [...imports.declarations(), ...statements]);
}

function enumTable(type: Enum, imports: Imports): StatementStructures {
  const jsonEnum = imports.runtime("jsonEnum");
  const table = code((writer) => {
    writer.write(`/* @__PURE__ */ ${jsonEnum}("${type.typeName}", [`).newLine();
    writer.indent(() => {
      for (const { protoName, number } of type.values) {
        writer.writeLine(`["${protoName}", ${number}],`);
      }
    });
    writer.write("])");
  });
  return {
    kind: StructureKind.VariableStatement,
    declarationKind: VariableDeclarationKind.Const,
    isExported: true,
    leadingTrivia: "\n",
    declarations: [{ name: jsonEnumName(type.name), initializer: asIndented(table) }],
  };
}

function messageTable(message: Message, file: ContractFile, imports: Imports): string {
  const call = `${imports.runtime("defineJson")}(${imports.value(message)}, [`;
  if (message.fields.length === 0) return `${call}]);`;
  return code((writer) => {
    writer.writeLine(call);
    writer.indent(() => {
      for (const field of message.fields) writer.writeLine(`${fieldEntry(field, file, imports)},`);
    });
    writer.write("]);");
  });
}

function fieldEntry(field: Field, file: ContractFile, imports: Imports): string {
  const { name, jsonName, protoName } = field;
  const parts = [`name: "${name}"`];
  if (jsonName !== name) parts.push(`json: ${JSON.stringify(jsonName)}`);
  if (protoName !== jsonName) parts.push(`proto: "${protoName}"`);
  parts.push(`type: ${typeEntry(field.value, file, imports)}`);
  switch (field.cardinality) {
    case "repeated":
      parts.push('kind: "list"');
      break;
    case "map":
      parts.push(`key: "${field.key}"`);
      break;
    case "singular":
      if (field.oneof !== undefined) parts.push(`oneof: "${field.oneof}"`);
      else if (field.presence === "explicit") parts.push('kind: "optional"');
  }
  return `{ ${parts.join(", ")} }`;
}

function typeEntry(value: ValueType, file: ContractFile, imports: Imports): string {
  switch (value.kind) {
    case "scalar":
      return `"${value.scalar}"`;
    case "enum":
      return value.type.file === file.path
        ? jsonEnumName(value.type.name)
        : imports.jsonEnum(value.type);
    case "message":
      // Later, when it is needed: messages may be recursive, across files as well.
      if (value.type.file !== file.path) imports.sideEffects(value.type);
      return `() => ${imports.value(value.type)}`;
  }
}
