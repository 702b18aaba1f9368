import type { HostLibrary, MessageType } from "@wplug/runtime";

import type { Contract, TypeName } from "../contract/contract";
import type { GeneratedFile } from "../generated/generated-file";
import { loadGenerated } from "./load-generated";

type Call = (request: object) => { encode(): Uint8Array };

interface Loader {
  load(
    wasm: object,
    options?: { libraries: HostLibrary[] },
  ): Promise<Record<string, Call> & { readonly sync: Record<string, Call> }>;
}

/**
 * Calls every rpc of a contract with something in each field, and expects it back. The rpcs of `AllRpcs` ask the host's function of
 * the same name, which adds an exclamation mark.
 *
 * @param files the host's SDK
 * @param wasm a plugin of all services, compiled
 */
export async function expectEchoes(
  contract: Contract,
  files: readonly GeneratedFile[],
  wasm: object,
): Promise<void> {
  const sdk = await loadGenerated<Record<string, unknown>>(files, "host.ts");
  const provide = sdk["provideAllFunctions"] as (functions: object) => HostLibrary;
  const classes = await classesOf(contract, files);
  const asked: string[] = [];
  const asking = new Set<string>();
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
      if (service.name === "AllRpcs") asking.add(name);
      const expected = service.name === "AllRpcs" ? { text: "x!" } : init;
      const answer = plugin.sync[name]?.(init).encode();
      expect([protoName, answer]).toEqual([protoName, type && new type(expected).encode()]);
    }
  }
  // A language may be unable to have some of the rpcs that it could ask by.
  expect(asked).toEqual(
    hostService?.methods.map(({ name }) => name).filter((name) => asking.has(name)),
  );
}

/** The classes of all messages, also of those that the index leaves out. */
async function classesOf(
  { files: protoFiles }: Contract,
  files: readonly GeneratedFile[],
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
