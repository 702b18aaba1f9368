import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { CreateNodesResult, ExecutorContext, TargetConfiguration, Tree } from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";
import { inspect } from "@wplug/runtime";
import { flushChanges } from "nx/src/generators/tree";

import { readContract } from "../contract/read-contract";
import { readDescriptors } from "../descriptors/read-descriptors";
import { buildExecutor } from "../executors/build/executor";
import { generateExecutor } from "../executors/generate/executor";
import { pluginGenerator } from "../generators/plugin/generator";
import { createNodesV2 } from "../graph/create-nodes";
import { emitHostSdk } from "../host-sdk";
import { loadGenerated } from "../testing/load-generated";
import type * as MadeUp from "../testing/made-up-language";
import { TemporaryFolder } from "../testing/temporary-folder";
import { WebAssembly } from "../wasm/web-assembly";
import type * as Languages from "./index";

// What adding a language takes, beside its folder: a line in the list. All else is as it is for users.
jest.mock("./index", () => {
  const actual = jest.requireActual<typeof Languages>("./index");
  const { wat } = jest.requireActual<typeof MadeUp>("../testing/made-up-language");
  return { ...actual, LANGUAGES: [...actual.LANGUAGES, wat] };
});

interface GreeterSdk {
  readonly GreeterPlugin: {
    load(path: string): Promise<{
      sayHello(request: { name: string }): Promise<{ readonly message: string }>;
      dispose(): Promise<void>;
    }>;
  };
}

const PLUGIN = "greeter-plugin";
const CONTRACT = "greeter-contract";

describe("a language that is a folder and a line in the list", () => {
  let folder: TemporaryFolder;
  let tree: Tree;
  let printed: string;

  beforeEach(async () => {
    // With a file, as Nx waits for the first one of a workspace that it has never seen.
    folder = new TemporaryFolder({ "nx.json": {} });
    tree = createTreeWithEmptyWorkspace();
    tree.root = folder.path;
    tree.write("package.json", JSON.stringify({ name: "@acme/source" }));
    tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { paths: {} } }));
    await pluginGenerator(tree, { name: "greeter", language: "wat", skipFormat: true });
    flushChanges(tree.root, tree.listChanges());
    printed = "";
    for (const method of ["log", "warn", "error"] as const) {
      jest
        .spyOn(console, method)
        .mockImplementation((...texts: unknown[]) => void (printed += texts.join(" ")));
    }
  });

  afterEach(() => {
    jest.restoreAllMocks();
    folder.remove();
  });

  const run = (
    executor: (
      options: Record<string, never>,
      context: ExecutorContext,
    ) => Promise<{ success: boolean }>,
    projectName: string,
  ) =>
    executor({}, {
      root: folder.path,
      projectName,
      projectsConfigurations: {
        version: 2,
        projects: { [PLUGIN]: { root: PLUGIN }, [CONTRACT]: { root: CONTRACT } },
      },
    } as unknown as ExecutorContext);

  it("has its files in a new plugin", () => {
    const files = tree.listChanges().map(({ path }) => path);
    expect(files.filter((path) => path.startsWith(`${PLUGIN}/`)).sort()).toEqual(
      [
        "abi.lock",
        "jest.config.cjs",
        "plugin.wat",
        "project.json",
        "test/greeter.spec.ts",
        "tsconfig.json",
        "wplug.json",
      ].map((file) => `${PLUGIN}/${file}`),
    );
    expect(tree.read(`${PLUGIN}/plugin.wat`, "utf-8")).toContain(
      `;; ${PLUGIN} is a plugin of ${CONTRACT}.\n`,
    );
    expect(JSON.parse(tree.read(`${PLUGIN}/wplug.json`, "utf-8") ?? "")).toMatchObject({
      language: "wat",
    });
  });

  it("has its targets in the project graph", async () => {
    const results = await createNodesV2[1](
      [`${CONTRACT}/wplug.json`, `${PLUGIN}/wplug.json`],
      undefined,
      { workspaceRoot: folder.path, nxJsonConfiguration: {} },
    );
    const targetsOf = (root: string): Record<string, TargetConfiguration> => {
      const found = results.find(([file]) => file.startsWith(root));
      const [, { projects = {} }] = found as readonly [string, CreateNodesResult];
      return projects[root]?.targets ?? {};
    };
    const targets = targetsOf(PLUGIN);
    expect(Object.keys(targets).sort()).toEqual([
      "build",
      "generate",
      "handshake",
      "playground",
      "test",
      "typecheck",
    ]);
    const protos = `{workspaceRoot}/${CONTRACT}/proto/**/*.proto`;
    expect(targets["generate"]).toMatchObject({
      inputs: expect.arrayContaining([protos, "{projectRoot}/abi.lock"]),
      outputs: ["{projectRoot}/abi"],
      metadata: { description: "Generates the WebAssembly text SDK of this plugin's contract." },
    });
    expect(targets["build"]).toMatchObject({
      executor: "wplug:build",
      dependsOn: ["generate"],
      inputs: expect.arrayContaining(["{projectRoot}/*.wat", protos]),
    });
    // Its gaps are part of what generating the contract says.
    expect(targetsOf(CONTRACT)["generate"]?.inputs).toContain(
      `{workspaceRoot}/${PLUGIN}/wplug.json`,
    );
  });

  it("is generated, built and called", async () => {
    expect(await run(generateExecutor, PLUGIN)).toEqual({ success: true });
    expect(folder.read(`${PLUGIN}/abi/exports.wat`)).toContain('(export "greeter_say_hello"');
    expect(await run(buildExecutor, PLUGIN)).toEqual({ success: true });
    expect(printed).toMatch(/greeter-plugin\.wasm {2}\d+ bytes, \d+ of them describe the contract/);

    const wasm = join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`);
    const [section] = WebAssembly.Module.customSections(
      new WebAssembly.Module(readFileSync(wasm)),
      "wplug",
    );
    expect(JSON.parse(Buffer.from(section!).toString())).toMatchObject({
      contract: CONTRACT,
      language: "wat",
      services: [{ typeName: "greeter.v1.Greeter", version: 1 }],
    });

    const { descriptors } = await inspect(wasm);
    const [file] = readDescriptors(descriptors ?? Uint8Array.of()).file;
    expect(file?.service.map(({ name }) => name)).toEqual(["Greeter"]);
    const described = readFileSync(wasm);
    expect(await run(buildExecutor, PLUGIN)).toEqual({ success: true });
    expect(readFileSync(wasm).equals(described)).toBe(true);

    const contract = await readContract(join(folder.path, CONTRACT, "proto"));
    const { GreeterPlugin } = await loadGenerated<GreeterSdk>(emitHostSdk(contract), "host.ts");
    const plugin = await GreeterPlugin.load(wasm);
    expect((await plugin.sayHello({ name: "Ada" })).message).toBe("Ada");
    await plugin.dispose();
  });

  it("keeps the contract to itself if wplug.json says so", async () => {
    const config = JSON.parse(folder.read(`${PLUGIN}/wplug.json`)) as object;
    folder.write(`${PLUGIN}/wplug.json`, { ...config, describe: false });
    await run(generateExecutor, PLUGIN);
    expect(await run(buildExecutor, PLUGIN)).toEqual({ success: true });
    expect(printed).toMatch(/greeter-plugin\.wasm {2}\d+ bytes$/);
    const { descriptors, section } = await inspect(
      join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`),
    );
    expect(descriptors).toBeUndefined();
    expect(section).toMatchObject({ contract: CONTRACT });
  });

  it("says what is wrong with the author's source, what it needs and what it can't take", async () => {
    await run(generateExecutor, PLUGIN);
    folder.write(`${PLUGIN}/plugin.wat`, "(memory nope)");
    expect(await run(buildExecutor, PLUGIN)).toEqual({ success: false });
    expect(printed).toContain("greeter-plugin/plugin.wat:1:");

    const proto = `${CONTRACT}/proto/greeter.proto`;
    const host =
      "// go:plugin type=host\nservice Web { rpc Get(GreetRequest) returns (GreetReply); }\n";
    folder.write(proto, folder.read(proto) + host);
    const gap = `${CONTRACT}/proto/greeter.proto:1:1: ${PLUGIN} is in WebAssembly text, and it can't call Web: remove it, or write the plugin in AssemblyScript`;
    expect(await run(generateExecutor, PLUGIN)).toEqual({ success: false });
    expect(printed).toContain(gap);
    printed = "";
    // Those who change the contract are warned.
    expect(await run(generateExecutor, CONTRACT)).toEqual({ success: true });
    expect(printed).toContain("warning: ");
    expect(printed).toContain(gap);

    folder.write(proto, folder.read(proto).replace(host, ""));
    rmSync(join(folder.path, PLUGIN, "abi.lock"));
    for (const executor of [generateExecutor, buildExecutor]) {
      printed = "";
      expect(await run(executor, PLUGIN)).toEqual({ success: false });
      expect(printed).toBe(
        "There is no abi.lock, which plugins in WebAssembly text need: make one.",
      );
    }
  });
});
