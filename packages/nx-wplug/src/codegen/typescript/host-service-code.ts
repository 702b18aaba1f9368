import {
  StructureKind,
  VariableDeclarationKind,
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  type VariableStatementStructure,
} from "ts-morph";

import type { HostService } from "../contract";
import { claimName } from "../model/names";
import { asIndented, code } from "./code";
import { doc, docComment } from "./doc-comment";
import type { Imports } from "./imports";

/** Names that the code for a host service declares. */
export interface HostServiceNames {
  /** Constant with the service descriptor: `hostFunctionsService`. */
  readonly descriptor: string;
  /** `HostFunctions` */
  readonly interface: string;
  /** `provideHostFunctions` */
  readonly provide: string;
}

export function hostServiceNames({ name }: HostService, taken: Set<string>): HostServiceNames {
  return {
    descriptor: claimName(`${name.charAt(0).toLowerCase()}${name.slice(1)}Service`, taken),
    interface: name,
    provide: claimName(`provide${name}`, taken),
  };
}

/** What the application implements, and what makes the implementation into functions for plugins. */
export function hostServiceCode(
  service: HostService,
  names: HostServiceNames,
  imports: Imports,
): (InterfaceDeclarationStructure | VariableStatementStructure | FunctionDeclarationStructure)[] {
  const library = imports.runtimeType("HostLibrary");
  return [
    {
      kind: StructureKind.Interface,
      name: names.interface,
      isExported: true,
      docs: docComment(service.comment),
      methods: service.methods.map((method) => ({
        name: method.name,
        docs: docComment(method.comment),
        parameters: [{ name: "request", type: imports.type(method.input) }],
        returnType: `${imports.runtimeType("MessageInit")}<${imports.type(method.output)}>`,
      })),
    },
    descriptor(service, names, imports),
    {
      kind: StructureKind.Function,
      name: names.provide,
      isExported: true,
      docs: doc([
        `Makes an implementation of ${service.typeName} into functions that plugins may call, for the option \`libraries\`.`,
        "",
        "@throws WplugError if a method is missing",
      ]),
      parameters: [{ name: "implementation", type: names.interface }],
      returnType: library,
      statements: `return ${imports.runtime("hostLibrary")}(${names.descriptor}, implementation);`,
    },
  ];
}

function descriptor(
  { typeName, module, methods }: HostService,
  names: HostServiceNames,
  imports: Imports,
): VariableStatementStructure {
  const initializer = code((writer) => {
    writer.inlineBlock(() => {
      writer.writeLine(`typeName: "${typeName}",`);
      writer.writeLine(`module: ${JSON.stringify(module)},`);
      writer.write("methods: ").inlineBlock(() => {
        for (const method of methods) {
          writer.write(`${method.name}: `).inlineBlock(() => {
            writer.writeLine(`wasmName: "${method.wasmName}",`);
            writer.writeLine(`input: ${imports.value(method.input)},`);
            writer.writeLine(`output: ${imports.value(method.output)},`);
          });
          writer.write(",").newLine();
        }
      });
      writer.write(",").newLine();
    });
    writer.write(` satisfies ${imports.runtimeType("HostServiceDescriptor")}`);
  });
  return {
    kind: StructureKind.VariableStatement,
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name: names.descriptor, initializer: asIndented(initializer) }],
  };
}
