import type { ContractFile, Field, TypeName, ValueType } from "../../../contract/contract";
import type { GeneratedFile } from "../../../generated/generated-file";
import { containerOf, fieldTable } from "../../../host-sdk/field-table";
import { Imports } from "../../../host-sdk/imports";
import type { PrintFile } from "../../../host-sdk/print-file";
import { isPackable } from "../../../host-sdk/value-code";

const RUNTIME = "@wplug/runtime/plugin-codegen";

/** Whether a file has messages, of which there are tables then. */
export function hasTable({ messages }: ContractFile): boolean {
  return messages.length > 0;
}

/** Whether there are tables of the file that a type is in: not of descriptors, which are proto2. */
export function isInTable({ file }: TypeName): boolean {
  return file !== "google/protobuf/descriptor.proto";
}

/**
 * `X.table.ts`: what the messages of a file consist of, by which the engine of a plugin reads and writes them. A message without
 * a table, and each that has one as a field, is read and written by its class.
 */
export function tableFile(file: ContractFile, print: PrintFile): GeneratedFile {
  const imports = new Imports(file, [], "services", RUNTIME);
  const texts = file.messages.map((message) =>
    fieldTable("defineTable", message, imports, (field) => fieldEntry(field, file, imports)),
  );
  return print(`${file.stem}.table.ts`, file.path, imports.declarations(), texts);
}

function fieldEntry(field: Field, file: ContractFile, imports: Imports): string[] {
  const { name, number, value } = field;
  const isPacked = field.cardinality === "repeated" && field.packed && isPackable(value);
  return [
    `name: "${name}"`,
    `number: ${number}`,
    `type: ${typeEntry(value, file, imports)}`,
    ...containerOf(field, isPacked ? "packed" : "list"),
  ];
}

function typeEntry(value: ValueType, file: ContractFile, imports: Imports): string {
  switch (value.kind) {
    case "scalar":
      return `"${value.scalar}"`;
    case "enum":
      return '"int32"';
    case "message":
      if (value.type.file !== file.path && isInTable(value.type)) {
        imports.sideEffects(value.type, "table");
      }
      return imports.value(value.type);
  }
}
