import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";
import { flushChanges } from "nx/src/generators/tree";

import { readContract } from "../../contract/read-contract";
import { buildExecutor } from "../../executors/build/executor";
import { generateExecutor } from "../../executors/generate/executor";
import { pluginGenerator } from "../../generators/plugin/generator";
import { emitHostSdk } from "../../host-sdk";
import { loadGenerated } from "../../testing/load-generated";
import { TemporaryFolder } from "../../testing/temporary-folder";
import { whyNoRust } from "./testing/has-rust";

interface GreeterSdk {
  readonly GreeterPlugin: {
    load(path: string): Promise<{
      sayHello(request: { name: string }): Promise<{ readonly message: string }>;
      dispose(): Promise<void>;
    }>;
  };
}

const PLUGIN = "ferris-plugin";
const CONTRACT = "ferris-contract";

const why = whyNoRust();
if (why !== undefined) {
  it(`plugins in Rust: not run, ${why}`, () => {
    expect(why).toBeDefined();
  });
}

(why === undefined ? describe : () => {})("a new plugin in Rust", () => {
  let folder: TemporaryFolder;
  let printed: string;

  beforeAll(async () => {
    // With a file, as Nx waits for the first one of a workspace that it has never seen.
    folder = new TemporaryFolder({ "nx.json": {} });
    const tree = createTreeWithEmptyWorkspace();
    tree.root = folder.path;
    tree.write("package.json", JSON.stringify({ name: "@acme/source" }));
    tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { paths: {} } }));
    await pluginGenerator(tree, { name: "ferris", language: "rust", skipFormat: true });
    flushChanges(tree.root, tree.listChanges());
  });

  beforeEach(() => {
    printed = "";
    for (const method of ["log", "warn", "error"] as const) {
      jest
        .spyOn(console, method)
        .mockImplementation((...texts: unknown[]) => void (printed += texts.join(" ")));
    }
  });

  afterEach(() => jest.restoreAllMocks());

  afterAll(() => folder.remove());

  const run = (
    executor: (
      options: Record<string, never>,
      context: ExecutorContext,
    ) => Promise<{ success: boolean }>,
  ) =>
    executor({}, {
      root: folder.path,
      projectName: PLUGIN,
      projectsConfigurations: {
        version: 2,
        projects: { [PLUGIN]: { root: PLUGIN }, [CONTRACT]: { root: CONTRACT } },
      },
    } as unknown as ExecutorContext);

  const build = async () => {
    printed = "";
    const { success } = await run(buildExecutor);
    return { success, printed };
  };

  const greet = async (name: string) => {
    const contract = await readContract(join(folder.path, CONTRACT, "proto"));
    const { GreeterPlugin } = await loadGenerated<GreeterSdk>(emitHostSdk(contract), "host.ts");
    const plugin = await GreeterPlugin.load(join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`));
    try {
      return (await plugin.sayHello({ name })).message;
    } finally {
      await plugin.dispose();
    }
  };

  it("is generated, built and called", async () => {
    expect(await run(generateExecutor)).toEqual({ success: true });
    expect(await build()).toEqual({
      success: true,
      printed: expect.stringMatching(/ferris-plugin\.wasm {2}\d+ bytes$/) as string,
    });
    expect(await greet("Ada")).toBe("Hello, Ada");
  }, 300_000);
});
