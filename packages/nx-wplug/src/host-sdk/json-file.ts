import type { ContractFile, Enum, Field, ValueType } from "../contract/contract";
import type { GeneratedFile } from "../generated/generated-file";
import { containerOf, fieldTable } from "./field-table";
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
    ...file.messages.map((message) =>
      fieldTable("defineJson", message, imports, (field) => fieldEntry(field, file, imports)),
    ),
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

function fieldEntry(field: Field, file: ContractFile, imports: Imports): string[] {
  const { name, jsonName, protoName } = field;
  return [
    `name: "${name}"`,
    ...(jsonName === name ? [] : [`json: ${JSON.stringify(jsonName)}`]),
    ...(protoName === jsonName ? [] : [`proto: "${protoName}"`]),
    `type: ${typeEntry(field.value, file, imports)}`,
    ...containerOf(field),
  ];
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
