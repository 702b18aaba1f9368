import type { HostLibrary, MessageType } from "@wplug/runtime";

import { PluginWorkspace } from "../languages/assemblyscript/testing/plugin-workspace";
import { WebAssembly } from "../testing/web-assembly";
import type { Protos } from "../testing/compile-inline";
import { loadGenerated } from "../testing/load-generated";
import { distinct, ownNames, takenNames } from "../testing/taken-names";
import { TemporaryFolder } from "../testing/temporary-folder";
import { typeErrors } from "../testing/type-errors";
import { adaptNames } from "../languages/assemblyscript/sdk/adapt-names";
import type { Contract, TypeName } from "../contract/contract";
import { camelCase, goName, methodName, wasmName } from "../contract/model/names";
import { readContract } from "../contract/read-contract";
import { emitHostSdk } from "../host-sdk";

// A contract of thousands of names.
jest.setTimeout(300_000);

const asWasmName = (name: string) => wasmName(goName(name));
// What protobuf, or the plugin ABI, has one name for.
const fields = distinct(takenNames, camelCase);
const values = distinct(takenNames, (name) => name.replaceAll("_", "").toLowerCase());
const entries = values.filter((name) => !name.endsWith("Entry"));
const services = distinct(ownNames, asWasmName);
const rpcs = distinct(distinct(ownNames, methodName), asWasmName);

const numbered = (names: readonly string[], declare: (name: string) => string) =>
  names.map((name, i) => `${declare(name)} = ${i + 1};`).join(" ");
/** A declaration for each hundred of names: a message can't have them all, or tsc gives up. */
const chunks = (
  names: readonly string[],
  declare: (part: readonly string[], i: number) => string,
) =>
  Array.from({ length: Math.ceil(names.length / 100) }, (_, i) =>
    declare(names.slice(i * 100, (i + 1) * 100), i),
  ).join("\n    ");
const echo = (name: string, type: string) => `rpc ${name}(${type}) returns (${type});`;

const protos: Protos = {
  // Messages of all names, each with a field of its name and one of its type.
  "messages.proto": `syntax = "proto3"; package messages;
    ${takenNames.map((name) => `message ${name} { int64 ${name} = 1; messages.${name} next = 2; }`).join("\n")}`,
  // Fields and oneofs of all names.
  "fields.proto": `syntax = "proto3"; package fields;
    ${chunks(fields, (part, i) => `message Singular${i} { ${numbered(part, (name) => `int32 ${name}`)} }`)}
    ${chunks(fields, (part, i) => `message Optional${i} { ${numbered(part, (name) => `optional string ${name}`)} }`)}
    ${chunks(fields, (part, i) => `message Lists${i} { ${numbered(part, (name) => `repeated bytes ${name}`)} }`)}
    ${chunks(entries, (part, i) => `message Maps${i} { ${numbered(part, (name) => `map<string, int64> ${name}`)} }`)}
    ${chunks(fields, (part, i) => `message Members${i} { oneof choice { ${numbered(part, (name) => `double ${name}`)} } }`)}
    ${chunks(fields, (part, i) => `message Oneofs${i} { ${part.map((name, k) => `oneof ${name} { int32 a${k} = ${2 * k + 1}; string b${k} = ${2 * k + 2}; }`).join(" ")} }`)}`,
  // Values of all names in an enum.
  "enums.proto": `syntax = "proto3"; package enums;
    message Holder { enum Values { ${values.map((name, i) => `${name} = ${i};`).join(" ")} } }
    message Held { Holder.Values held = 1; }`,
  "echo.proto": `syntax = "proto3"; package echo;
    import "messages.proto"; import "fields.proto"; import "enums.proto";
    // go:plugin type=plugin version=1
    service Echo {
      ${takenNames.map((name, i) => echo(`Message${i}`, `messages.${name}`)).join("\n")}
      ${["Singular", "Optional", "Lists", "Maps", "Members", "Oneofs"].map((kind) => chunks(kind === "Maps" ? entries : fields, (_, i) => echo(`${kind}${i}`, `fields.${kind}${i}`))).join("\n")}
      ${echo("Enum", "enums.Held")}
    }`,
  // Services, rpcs and functions of the host of all names.
  "services.proto": `syntax = "proto3"; package services;
    message Note { string text = 1; }
    ${services.map((name) => `// go:plugin type=plugin\nservice ${name} { ${echo(name, "Note")} }`).join("\n")}
    // go:plugin type=plugin
    service AllRpcs { ${rpcs.map((name) => echo(name, "Note")).join(" ")} }
    // go:plugin type=host
    service AllFunctions { ${rpcs.map((name) => echo(name, "Note")).join(" ")} }`,
};

/** A plugin that answers each request with itself; AllRpcs asks the host's function of the same name. */
function echoPlugin(contract: Contract): string {
  const imports: string[] = [];
  const aliases = new Map<string, string>();
  // By its module, as the index leaves out what two files declare, and under a name that is in nobody's way.
  const use = (module: string, name: string) => {
    const key = `${module} ${name}`;
    let alias = aliases.get(key);
    if (alias === undefined) {
      aliases.set(key, (alias = `$${aliases.size}`));
      imports.push(`import { ${name} as ${alias} } from "@test/contract/assembly/gen/${module}";`);
    }
    return alias;
  };
  const type = ({ file, name }: TypeName) => use(file.replace(/\.proto$/, ".pb"), name);
  const classes = contract.files.flatMap(({ stem, pluginServices, hostService }) =>
    pluginServices.map((service, i) => {
      const module = `${stem}.plugin`;
      const methods = service.methods.map(({ name, input, output }) => {
        const answer =
          service.name === "AllRpcs" && hostService !== undefined
            ? `new ${use(module, hostService.name)}().${name}(request)`
            : "request";
        return `  ${name}(request: ${type(input)}): ${type(output)} { return ${answer}; }`;
      });
      return [
        `class Plugin${stem}${i} implements ${use(module, service.name)} {`,
        ...methods,
        `}\n${use(module, `register${service.name}`)}(new Plugin${stem}${i}());`,
      ].join("\n");
    }),
  );
  return [...imports, ...classes].join("\n");
}

type Call = (request: object) => { encode(): Uint8Array };

interface Loader {
  load(
    wasm: object,
    options?: { libraries: HostLibrary[] },
  ): Promise<Record<string, Call> & { readonly sync: Record<string, Call> }>;
}

describe("names that mean something else in some language", () => {
  let contract: Contract;
  let files: ReturnType<typeof emitHostSdk>;

  beforeAll(async () => {
    const folder = new TemporaryFolder(protos);
    contract = await readContract(folder.path);
    folder.remove();
    files = emitHostSdk(contract);
  });

  it("are those of all of them", () => {
    expect(takenNames).toEqual(
      expect.arrayContaining(["changetype", "load", "zero64", "infer", "chan", "crate", "encode"]),
    );
    expect(takenNames.length).toBeGreaterThan(450);
  });

  it("pass the type check", () => {
    expect([...new Set(typeErrors(files))]).toEqual([]);
  });

  it("are compiled, and called in both languages", async () => {
    const workspace = new PluginWorkspace(contract);
    workspace.write("plugins/greeter/assembly/index.ts", echoPlugin(adaptNames(contract)));
    const { diagnostics } = await workspace.compile();
    expect(diagnostics).toEqual([]);
    // Compiled once for all services.
    const wasm = new WebAssembly.Module(workspace.module());
    workspace.dispose();

    const sdk = await loadGenerated<Record<string, unknown>>(files, "host.ts");
    const provide = sdk["provideAllFunctions"] as (functions: object) => HostLibrary;
    const classes = await classesOf(contract, files);
    const asked: string[] = [];
    const hostService = contract.files.flatMap((file) => file.hostService ?? [])[0];
    const functions = Object.fromEntries(
      (hostService?.methods ?? []).map(({ name }) => [
        name,
        (request: { text: string }) => {
          asked.push(name);
          return { text: `${request.text}!` };
        },
      ]),
    );
    const libraries = [provide(functions)];
    for (const service of contract.files.flatMap(({ pluginServices }) => pluginServices)) {
      const loader = sdk[`${service.name}Plugin`] as Loader;
      const plugin = await loader.load(wasm, { libraries });
      for (const { name, input, protoName } of service.methods) {
        const init = samples(contract, input);
        const type = classes.get(input.typeName);
        const expected = service.name === "AllRpcs" ? { text: "x!" } : init;
        const answer = plugin.sync[name]?.(init).encode();
        expect([protoName, answer]).toEqual([protoName, type && new type(expected).encode()]);
      }
    }
    expect(asked).toHaveLength(rpcs.length);
  });
});

/** The classes of all messages, also of those that the index leaves out. */
async function classesOf(
  { files: protoFiles }: Contract,
  files: ReturnType<typeof emitHostSdk>,
): Promise<Map<string, MessageType>> {
  const content = protoFiles
    .map(({ stem }) => `export * as ${stem} from "./${stem}.pb.js";`)
    .join("\n");
  const modules = await loadGenerated<Record<string, Record<string, MessageType>>>(
    [...files, { path: "classes.ts", content }],
    "classes.ts",
  );
  const types = Object.values(modules).flatMap((module) => Object.values(module));
  return new Map(types.map((type) => [type.typeName, type]));
}

/** An init with something in each field. */
function samples(contract: Contract, { typeName }: TypeName): object {
  const message = contract.files
    .flatMap(({ messages }) => messages)
    .find((it) => it.typeName === typeName);
  return Object.fromEntries(
    (message?.fields ?? []).flatMap((field): [string, unknown][] => {
      if (field.cardinality === "map") return [[field.name, new Map([["k", 1n]])]];
      if (field.cardinality === "repeated") return [[field.name, [Uint8Array.of(1)]]];
      if (field.value.kind === "message") return [];
      const value = field.value.kind === "enum" ? 1 : sample(field.value.scalar);
      return field.oneof === undefined
        ? [[field.name, value]]
        : [[field.oneof, { case: field.name, value }]];
    }),
  );
}

function sample(scalar: string): unknown {
  return scalar === "string" ? "x" : scalar === "int64" ? 1n : 1;
}
