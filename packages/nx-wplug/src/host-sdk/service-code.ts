import {
  StructureKind,
  type ClassDeclarationStructure,
  type CodeBlockWriter,
  type InterfaceDeclarationStructure,
  type MethodSignatureStructure,
  type VariableStatementStructure,
} from "ts-morph";

import type { HostService, Method, PluginService } from "../contract/contract";
import { claimName } from "../contract/model/names";
import { asIndented, code } from "./code";
import { descriptorConstant, descriptorName, writeMethods } from "./descriptor-code";
import { doc, docComment } from "./doc-comment";
import type { HostServiceNames } from "./host-service-code";
import type { Imports } from "./imports";

/** Names that the code for a service declares. */
export interface ServiceNames {
  /** Constant with the service descriptor: `greeterService`. */
  readonly descriptor: string;
  /** `Greeter` */
  readonly interface: string;
  /** `GreeterSync` */
  readonly sync: string;
  /** `GreeterPlugin` */
  readonly loader: string;
}

export function serviceNames({ name }: PluginService, taken: Set<string>): ServiceNames {
  return {
    descriptor: descriptorName(name, taken),
    interface: name,
    sync: claimName(`${name}Sync`, taken),
    loader: claimName(`${name}Plugin`, taken),
  };
}

/** What plugins of a service may call. */
export interface HostSide {
  /** The host service of the same file, which `load` asks for. */
  readonly names: HostServiceNames | undefined;
  /** All host services of the contract. */
  readonly services: readonly HostService[];
}

export function serviceCode(
  service: PluginService,
  names: ServiceNames,
  host: HostSide,
  imports: Imports,
): (VariableStatementStructure | InterfaceDeclarationStructure | ClassDeclarationStructure)[] {
  return [
    asyncInterface(service, names, imports),
    syncInterface(service, names, imports),
    // Before the class, whose static property is initialised when the module is loaded.
    descriptor(service, names, host, imports),
    loaderClass(service, names, host, imports),
  ];
}

function asyncInterface(
  service: PluginService,
  names: ServiceNames,
  imports: Imports,
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: names.interface,
    isExported: true,
    docs: docComment(service.comment),
    methods: service.methods.map((method) => asyncSignature(method, imports)),
  };
}

function asyncSignature(method: Method, imports: Imports): Omit<MethodSignatureStructure, "kind"> {
  return {
    name: method.name,
    docs: docComment(method.comment),
    parameters: [
      { name: "request", type: requestType(method, imports) },
      { name: "options", type: imports.runtimeType("CallOptions"), hasQuestionToken: true },
    ],
    returnType: `Promise<${imports.type(method.output)}>`,
  };
}

function syncInterface(
  service: PluginService,
  names: ServiceNames,
  imports: Imports,
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: names.sync,
    isExported: true,
    docs: doc([
      `${service.name} without promises: every call returns when the plugin has answered.`,
    ]),
    methods: service.methods.map((method) => ({
      name: method.name,
      docs: docComment(method.comment),
      parameters: [
        { name: "request", type: requestType(method, imports) },
        { name: "options", type: imports.runtimeType("SyncCallOptions"), hasQuestionToken: true },
      ],
      returnType: imports.type(method.output),
    })),
  };
}

function loaderClass(
  service: PluginService,
  names: ServiceNames,
  host: HostSide,
  imports: Imports,
): ClassDeclarationStructure {
  const { loader } = names;
  const options = imports.runtimeType("LoadOptions");
  const loadOptions =
    host.names === undefined
      ? options
      : `${options} & { readonly host?: ${host.names.interface} | undefined }`;
  const provided = host.names === undefined ? "" : `, ${host.names.provide}`;
  const client = imports.runtime("PluginClient");
  const { lines, deprecated } = service.comment;
  const what = `A loaded plugin that implements ${service.typeName}, version ${service.version}.`;
  return {
    kind: StructureKind.Class,
    name: loader,
    isExported: true,
    extends: client,
    implements: [names.interface],
    docs: docComment({ lines: lines.length > 0 ? [...lines, "", what] : [what], deprecated }),
    properties: [
      {
        name: "service",
        docs: doc(["What the handshake and the calls need to know of the service."]),
        isStatic: true,
        isReadonly: true,
        type: imports.runtimeType("ServiceDescriptor"),
        initializer: names.descriptor,
      },
      {
        name: "sync",
        docs: doc(["The same methods without promises."]),
        isReadonly: true,
        type: names.sync,
        initializer: asIndented(syncMethods(service, names)),
        leadingTrivia: "\n",
      },
    ],
    methods: [
      {
        name: "load",
        isStatic: true,
        isAsync: true,
        docs: doc([
          "Loads a plugin and checks that it fits this contract.",
          "",
          "@param source path, URL, bytes, response or compiled module",
          ...(host.names === undefined
            ? []
            : [
                "@param options `host`: the functions of the host, for a plugin that calls one of them",
              ]),
          "@throws PluginLoadError if it is not a plugin of this contract",
          "@throws ApiVersionMismatchError if it was built for another version of the service",
        ]),
        parameters: [
          { name: "source", type: imports.runtimeType("PluginSource") },
          { name: "options", type: loadOptions, hasQuestionToken: true },
        ],
        returnType: `Promise<${loader}>`,
        statements: `return new ${loader}(await ${client}.open(source, ${names.descriptor}, options${provided}));`,
      },
      {
        name: "loadAny",
        isStatic: true,
        isAsync: true,
        docs: doc([
          "Loads a plugin of any version that the host serves: of this one, and of older ones by adapters.",
          "",
          `@param versions what serves plugins, by version: \`{ ${service.version}: ${loader}, … }\`, and \`adapt(…)\` for older ones`,
          "@throws PluginLoadError if it is not a plugin of this contract",
          "@throws ApiVersionMismatchError if there is nothing for its version",
        ]),
        parameters: [
          { name: "source", type: imports.runtimeType("PluginSource") },
          {
            name: "versions",
            type: `${imports.runtimeType("PluginVersions")}<${names.interface}, ${loader}>`,
          },
          { name: "options", type: loadOptions, hasQuestionToken: true },
        ],
        returnType: `Promise<${loader}>`,
        statements: `return new ${loader}(await ${client}.openAny(source, ${names.descriptor}, versions, options));`,
      },
      {
        name: "connect",
        isStatic: true,
        isAsync: true,
        docs: doc([
          "Calls a plugin that runs on another machine, by Connect or gRPC.",
          "",
          "@param transport of `@connectrpc/connect-node`, `@connectrpc/connect-web`, or any other of Connect",
        ]),
        parameters: [
          { name: "transport", type: imports.runtimeType("ConnectTransport") },
          { name: "options", type: imports.runtimeType("ConnectOptions"), hasQuestionToken: true },
        ],
        returnType: `Promise<${loader}>`,
        statements: `return new ${loader}(await ${client}.openRemote(transport, ${names.descriptor}, options));`,
      },
      ...service.methods.map((method) => ({
        ...asyncSignature(method, imports),
        statements: `return this.call(${descriptorOf(method, names)}, request, options);`,
      })),
    ],
  };
}

function syncMethods(service: PluginService, names: ServiceNames): string {
  if (service.methods.length === 0) return "{}";
  return code((writer) =>
    writer.inlineBlock(() => {
      for (const method of service.methods) {
        writer.writeLine(
          `${method.name}: (request, options) => this.callSync(${descriptorOf(method, names)}, request, options),`,
        );
      }
    }),
  );
}

function descriptor(
  service: PluginService,
  names: ServiceNames,
  host: HostSide,
  imports: Imports,
): VariableStatementStructure {
  return descriptorConstant(
    names.descriptor,
    imports.runtimeType("ServiceDescriptor"),
    (writer) => {
      writer.writeLine(`typeName: "${service.typeName}",`);
      writer.writeLine(`name: "${service.name}",`);
      writer.writeLine(`version: ${service.version},`);
      writer.writeLine(`apiVersionExport: "${service.apiVersionExport}",`);
      writeMethods(writer, service.methods, imports);
      writeHostFunctions(writer, host.services);
    },
  );
}

/** Those of all files: a plugin may use the libraries of its contract. */
function writeHostFunctions(writer: CodeBlockWriter, services: readonly HostService[]): void {
  const lines = services.flatMap(({ module, typeName, methods }) =>
    methods.map(({ wasmName, protoName }) => {
      const [from, name] = [module, wasmName].map((it) => JSON.stringify(it));
      return `{ module: ${from}, name: ${name}, rpc: "${typeName}.${protoName}" },`;
    }),
  );
  if (lines.length === 0) {
    writer.writeLine("hostFunctions: [],");
    return;
  }
  writer.writeLine("hostFunctions: [");
  writer.indent(() => lines.forEach((line) => writer.writeLine(line)));
  writer.writeLine("],");
}

function descriptorOf(method: Method, names: ServiceNames): string {
  return `${names.descriptor}.methods.${method.name}`;
}

function requestType(method: Method, imports: Imports): string {
  return `${imports.runtimeType("MessageInit")}<${imports.type(method.input)}>`;
}
