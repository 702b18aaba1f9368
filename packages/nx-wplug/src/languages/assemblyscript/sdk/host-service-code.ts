import type { HostService, Method } from "../../../contract/contract";
import { classCode } from "./class-code";
import { docComment } from "./doc-comment";
import type { Imports } from "./imports";

const HOST = "@wplug/runtime/assembly/host";

/** A class whose methods call the functions of the host: `new HostFunctions().httpGet(request)`. */
export function hostServiceCode(service: HostService, imports: Imports): string[] {
  return [
    ...service.methods.map((method) => importCode(service.module, method)),
    classCode({
      name: service.name,
      docs: docComment(service.comment, "Functions of the host."),
      properties: [],
      getters: [],
      methods: service.methods.map((method) => ({
        name: method.name,
        parameters: [{ name: "request", type: imports.type(method.input) }],
        returnType: imports.type(method.output),
        statements: [callCode(method, imports)],
        docs: docComment(method.comment),
      })),
    }),
  ];
}

/** Names in protos have no `$`, so these are no one else's, also not those of a service called Host. */
function importName({ wasmName }: Method): string {
  return `$host$${wasmName}`;
}

function importCode(module: string, method: Method): string {
  return [
    // Decorators of functions are AssemblyScript's alone.
    "// @ts-ignore: decorator",
    `@external(${JSON.stringify(module)}, ${JSON.stringify(method.wasmName)})`,
    `declare function ${importName(method)}(address: usize, size: usize): u64;`,
    "",
  ].join("\n");
}

function callCode(method: Method, imports: Imports): string {
  const use = (name: string) => imports.use(HOST, name);
  const input = imports.type(method.input);
  const output = imports.type(method.output);
  const call = `${importName(method)}(${use("hostRequest")}<${input}>(request), ${use("hostRequestSize")}())`;
  return `return ${use("hostAnswer")}<${output}>(${call}, "${method.output.typeName}");`;
}
