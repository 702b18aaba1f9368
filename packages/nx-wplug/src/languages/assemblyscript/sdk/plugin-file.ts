import {
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
  VariableDeclarationKind,
  type VariableStatementStructure,
} from "ts-morph";

import type { ContractFile, PluginService } from "../../../contract/contract";
import type { GeneratedFile } from "../../../generated/generated-file";
import { doc, docComment } from "./doc-comment";
import { hostServiceCode } from "./host-service-code";
import { Imports } from "./imports";
import { joinLines, printSource } from "./print-source";
import { registerName } from "./register-name";

const CALL = "@wplug/runtime/assembly/call";

/**
 * `X.plugin.ts`: the interfaces of a file's services with the functions through which the host calls them, and the
 * functions of the host.
 */
export function pluginFile(file: ContractFile): GeneratedFile {
  const declared = new Set([
    ...(file.hostService === undefined ? [] : [file.hostService.name]),
    ...file.pluginServices.flatMap((service) => [
      service.name,
      registerName(service),
      service.apiVersionExport,
      ...service.methods.map(({ wasmName }) => wasmName),
    ]),
  ]);
  const imports = new Imports(file, declared);
  const services = file.pluginServices.flatMap((service) => serviceStructures(service, imports));
  const host = file.hostService === undefined ? [] : hostServiceCode(file.hostService, imports);
  return {
    path: `${file.stem}.plugin.ts`,
    content: printSource(file.path, [...imports.structures(), ...services], host),
  };
}

type ServiceStructure =
  | InterfaceDeclarationStructure
  | VariableStatementStructure
  | FunctionDeclarationStructure;

function serviceStructures(service: PluginService, imports: Imports): ServiceStructure[] {
  const register = registerName(service);
  // No proto name has a `$`, so this is no one else's.
  const registered = `$${service.name}`;
  return [
    {
      kind: StructureKind.Interface,
      isExported: true,
      name: service.name,
      docs: docComment(service.comment),
      methods: service.methods.map((method) => ({
        name: method.name,
        parameters: [{ name: "request", type: imports.type(method.input) }],
        returnType: imports.type(method.output),
        docs: docComment(method.comment),
      })),
    },
    {
      kind: StructureKind.VariableStatement,
      declarationKind: VariableDeclarationKind.Let,
      declarations: [{ name: registered, type: `${service.name} | null`, initializer: "null" }],
    },
    {
      kind: StructureKind.Function,
      isExported: true,
      name: register,
      parameters: [{ name: "implementation", type: service.name }],
      returnType: "void",
      statements: `${registered} = implementation;`,
      docs: doc(`Makes \`implementation\` the ${service.name} of this plugin.`),
    },
    {
      kind: StructureKind.Function,
      isExported: true,
      name: service.apiVersionExport,
      returnType: "u64",
      statements: `return ${service.version};`,
      docs: doc("The version of the service that hosts must have too."),
    },
    ...service.methods.flatMap((method): FunctionDeclarationStructure[] => {
      const parameters = [
        { name: "address", type: "usize" },
        { name: "size", type: "usize" },
      ];
      const output = imports.type(method.output);
      const use = (name: string) => imports.use(CALL, name);
      return [
        {
          kind: StructureKind.Function,
          isExported: true,
          name: method.wasmName,
          parameters,
          returnType: "u64",
          statements: [
            `${use("enterCall")}(address);`,
            // In a function of its own: enterCall() must come before the first object in a local.
            `return $${method.wasmName}(address, size);`,
          ],
        },
        {
          kind: StructureKind.Function,
          name: `$${method.wasmName}`,
          parameters,
          returnType: "u64",
          statements: joinLines([
            `const service = ${registered};`,
            "if (service === null) {",
            `  return ${use("error")}("no ${service.name} is registered: call ${register}(...) in assembly/index.ts");`,
            "}",
            `const request = ${use("decodeRequest")}<${imports.type(method.input)}>(address, size);`,
            `if (request === null) return ${use("badRequest")}("${method.input.typeName}");`,
            `return ${use("answer")}<${output}>(service.${method.name}(request));`,
          ]),
        },
      ];
    }),
  ];
}
