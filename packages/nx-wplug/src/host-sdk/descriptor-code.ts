import {
  StructureKind,
  VariableDeclarationKind,
  type CodeBlockWriter,
  type VariableStatementStructure,
} from "ts-morph";

import type { Method } from "../contract/contract";
import { claimName, upperFirst } from "../contract/model/names";
import { asIndented, code } from "./code";
import type { Imports } from "./imports";

/** Name of the constant that describes a service: `greeterService`. */
export function descriptorName(service: string, taken: Set<string>): string {
  return claimName(`${service.charAt(0).toLowerCase()}${service.slice(1)}Service`, taken);
}

/** A constant with an object that describes a service, checked against a type of the runtime. */
export function descriptorConstant(
  name: string,
  type: string,
  writeMembers: (writer: CodeBlockWriter) => void,
): VariableStatementStructure {
  const initializer = code((writer) => {
    writer.inlineBlock(() => writeMembers(writer));
    writer.write(` satisfies ${type}`);
  });
  return {
    kind: StructureKind.VariableStatement,
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name, initializer: asIndented(initializer) }],
  };
}

/** Writes the member `methods` of a description. */
export function writeMethods(
  writer: CodeBlockWriter,
  methods: readonly Method[],
  imports: Imports,
): void {
  writer.write("methods: ").inlineBlock(() => {
    for (const method of methods) {
      writer.write(`${method.name}: `).inlineBlock(() => {
        writer.writeLine(`name: "${method.name}",`);
        if (method.protoName !== upperFirst(method.name)) {
          writer.writeLine(`rpc: "${method.protoName}",`);
        }
        writer.writeLine(`wasmName: "${method.wasmName}",`);
        writer.writeLine(`input: ${imports.value(method.input)},`);
        writer.writeLine(`output: ${imports.value(method.output)},`);
      });
      writer.write(",").newLine();
    }
  });
  writer.write(",").newLine();
}
