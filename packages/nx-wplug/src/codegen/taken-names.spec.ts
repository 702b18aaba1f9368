import { PluginWorkspace } from "../languages/assemblyscript/testing/plugin-workspace";
import { WebAssembly } from "../wasm/web-assembly";
import { expectEchoes } from "../testing/expect-echoes";
import { protosOfTakenNames } from "../testing/protos-of-taken-names";
import { takenNames } from "../testing/taken-names";
import { TemporaryFolder } from "../testing/temporary-folder";
import { typeErrors } from "../testing/type-errors";
import { adaptNames } from "../languages/assemblyscript/sdk/adapt-names";
import type { Contract, TypeName } from "../contract/contract";
import { readContract } from "../contract/read-contract";
import { emitHostSdk } from "../host-sdk";

// A contract of thousands of names.
jest.setTimeout(300_000);

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

describe("names that mean something else in some language", () => {
  let contract: Contract;
  let files: ReturnType<typeof emitHostSdk>;

  beforeAll(async () => {
    const folder = new TemporaryFolder(protosOfTakenNames);
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

    await expectEchoes(contract, files, wasm);
  });
});
