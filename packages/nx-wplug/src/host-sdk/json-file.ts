import type { ContractFile, Enum, Field, Message, ValueType } from "../contract/contract";
import type { GeneratedFile } from "../generated/generated-file";
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
  const texts = [
    ...file.enums.map((type) => enumTable(type, imports)),
    ...file.messages.map((message) => messageTable(message, file, imports)),
  ];
  return print(`${file.stem}.json.ts`, file.path, imports.declarations(), texts);
}

function enumTable(type: Enum, imports: Imports): string {
  const { name, typeName, values } = type;
  const entries = values.map(({ protoName, number }) => `  ["${protoName}", ${number}],\n`);
  const call = `/* @__PURE__ */ ${imports.runtime("jsonEnum")}("${typeName}", [\n${entries.join("")}])`;
  // With its type, or those who emit declarations could not name it.
  return `export const ${jsonEnumName(name)}: ${imports.runtimeType("JsonEnum")} = ${call};\n`;
}

function messageTable(message: Message, file: ContractFile, imports: Imports): string {
  const entries = message.fields.map((field) => `  ${fieldEntry(field, file, imports)},\n`);
  const list = entries.length === 0 ? "[]" : `[\n${entries.join("")}]`;
  return `${imports.runtime("defineJson")}(${imports.value(message)}, ${list});\n`;
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
