import {
  type ClassDeclarationStructure,
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
  VariableDeclarationKind,
  type VariableStatementStructure,
} from "ts-morph";

import type { ContractFile, HostService, PluginService } from "../../../contract/contract";
import { claimName } from "../../../contract/model/names";
import type { GeneratedFile } from "../../../generated/generated-file";
import {
  descriptorConstant,
  descriptorName,
  writeMethods,
} from "../../../host-sdk/descriptor-code";
import { doc, docComment } from "../../../host-sdk/doc-comment";
import { Imports } from "../../../host-sdk/imports";
import type { PrintFile } from "../../../host-sdk/print-file";

import { isInTable } from "./table-file";

const RUNTIME = "@wplug/runtime/plugin-codegen";

/** `X.plugin.ts`: the interfaces of a file's services, what registers their implementations, and the functions of the host. */
export function pluginFile(file: ContractFile, print: PrintFile): GeneratedFile {
  const names = fileNames(file);
  const imports = new Imports(
    file,
    [...names.exports, ...names.descriptors.values()],
    "services",
    RUNTIME,
  );
  const { hostService } = file;
  const services = hostService === undefined ? [] : [hostService];
  for (const { input, output } of [...file.pluginServices, ...services].flatMap(
    ({ methods }) => methods,
  )) {
    for (const type of [input, output]) if (isInTable(type)) imports.sideEffects(type, "table");
  }
  const body = [
    ...(hostService === undefined ? [] : hostServiceCode(hostService, names, imports)),
    ...file.pluginServices.flatMap((service) => serviceCode(service, names, imports)),
  ];
  return print(`${file.stem}.plugin.ts`, file.path, [...imports.declarations(), ...body]);
}

/** Names that `X.plugin.ts` exports. */
export function pluginExports(file: ContractFile): string[] {
  return fileNames(file).exports;
}

interface FileNames {
  readonly exports: string[];
  /** Functions that register implementations, by the name of the service. */
  readonly register: ReadonlyMap<string, string>;
  /** Constants, by the name of the service. */
  readonly descriptors: ReadonlyMap<string, string>;
}

function fileNames({ pluginServices, hostService }: ContractFile): FileNames {
  const services = pluginServices.map(({ name }) => name);
  const all = hostService === undefined ? services : [...services, hostService.name];
  // A service's own name belongs to it, whatever another one derives.
  const taken = new Set(all);
  const register = new Map(services.map((name) => [name, claimName(`register${name}`, taken)]));
  const descriptors = new Map(all.map((name) => [name, descriptorName(name, taken)]));
  return { exports: [...all, ...register.values()], register, descriptors };
}

function serviceCode(
  service: PluginService,
  { register: registerNames, descriptors }: FileNames,
  imports: Imports,
): (InterfaceDeclarationStructure | VariableStatementStructure | FunctionDeclarationStructure)[] {
  const { name, comment, methods } = service;
  const descriptor = descriptors.get(name) ?? "";
  // No name in a proto has a `$` in front.
  const register = `$register${name}`;
  return [
    {
      kind: StructureKind.Interface,
      name,
      isExported: true,
      docs: docComment(comment),
      methods: methods.map((method) => ({
        name: method.name,
        docs: docComment(method.comment),
        parameters: [{ name: "request", type: imports.type(method.input) }],
        returnType: `${imports.runtimeType("Answer")}<${imports.type(method.output)}>`,
      })),
    },
    descriptorConstant(descriptor, imports.runtimeType("ServiceDescriptor"), (writer) => {
      writer.writeLine(`typeName: "${service.typeName}",`);
      writer.writeLine(`name: "${name}",`);
      writer.writeLine(`version: ${service.version},`);
      writer.writeLine(`apiVersionExport: "${service.apiVersionExport}",`);
      writeMethods(writer, methods, imports);
      writer.writeLine("hostFunctions: [],");
    }),
    {
      kind: StructureKind.VariableStatement,
      declarationKind: VariableDeclarationKind.Const,
      // So that the bundle of a plugin that does not register the service does not declare it either.
      declarations: [
        {
          name: register,
          initializer: `/* @__PURE__ */ ${imports.runtime("pluginService")}(${descriptor})`,
        },
      ],
    },
    {
      kind: StructureKind.Function,
      name: registerNames.get(name) ?? "",
      isExported: true,
      docs: doc([`Makes \`implementation\` the ${name} of this plugin.`]),
      parameters: [{ name: "implementation", type: name }],
      returnType: "void",
      statements: `${register}(implementation);`,
    },
  ];
}

/** A class whose methods call the functions of the host: `new HostFunctions().httpGet(request)`. */
function hostServiceCode(
  service: HostService,
  { descriptors }: FileNames,
  imports: Imports,
): (VariableStatementStructure | ClassDeclarationStructure)[] {
  const descriptor = descriptors.get(service.name) ?? "";
  // No name in a proto has a `$` in front.
  const call = `$call${service.name}`;
  return [
    descriptorConstant(descriptor, imports.runtimeType("HostServiceDescriptor"), (writer) => {
      writer.writeLine(`typeName: "${service.typeName}",`);
      writer.writeLine(`module: ${JSON.stringify(service.module)},`);
      writeMethods(writer, service.methods, imports);
    }),
    {
      kind: StructureKind.VariableStatement,
      declarationKind: VariableDeclarationKind.Const,
      // So that the bundle of a plugin that calls none of them does not import them either.
      declarations: [
        {
          name: call,
          initializer: `/* @__PURE__ */ ${imports.runtime("importHostService")}(${descriptor})`,
        },
      ],
    },
    {
      kind: StructureKind.Class,
      name: service.name,
      isExported: true,
      docs: docComment(service.comment),
      methods: service.methods.map((method) => ({
        name: method.name,
        docs: docComment(method.comment),
        parameters: [
          {
            name: "request",
            type: `${imports.runtimeType("MessageInit")}<${imports.type(method.input)}>`,
          },
        ],
        returnType: imports.type(method.output),
        statements: `return ${call}(${descriptor}.methods.${method.name}, request);`,
      })),
    },
  ];
}
