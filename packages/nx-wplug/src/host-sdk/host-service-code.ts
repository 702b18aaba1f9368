import {
  StructureKind,
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  type VariableStatementStructure,
} from "ts-morph";

import type { HostService } from "../contract/contract";
import { claimName } from "../contract/model/names";
import { descriptorConstant, descriptorName, writeMethods } from "./descriptor-code";
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
    descriptor: descriptorName(name, taken),
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
        parameters: [
          { name: "request", type: imports.type(method.input) },
          { name: "options", type: imports.runtimeType("HostCallOptions") },
        ],
        returnType: promised(
          `${imports.runtimeType("MessageInit")}<${imports.type(method.output)}>`,
        ),
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

/** Both kinds of answer will do. */
function promised(type: string): string {
  return `${type} | Promise<${type}>`;
}

function descriptor(
  { typeName, module, methods }: HostService,
  names: HostServiceNames,
  imports: Imports,
): VariableStatementStructure {
  return descriptorConstant(
    names.descriptor,
    imports.runtimeType("HostServiceDescriptor"),
    (writer) => {
      writer.writeLine(`typeName: "${typeName}",`);
      writer.writeLine(`module: ${JSON.stringify(module)},`);
      writeMethods(writer, methods, imports);
    },
  );
}
