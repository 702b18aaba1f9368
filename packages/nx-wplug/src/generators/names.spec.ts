import { existsSync } from "node:fs";
import { join } from "node:path";

import { readJson, type Tree, workspaceRoot } from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";
import fc from "fast-check";
import { flushChanges } from "nx/src/generators/tree";

import { generateContract } from "../codegen/generate-contract";
import { readContract } from "../contract/read-contract";
import { isUsersToMend } from "../errors/is-users-to-mend";
import { languageNamed } from "../languages/find-language";
import { TemporaryFolder } from "../testing/temporary-folder";
import { pluginGenerator } from "./plugin/generator";

const skipFormat = true;

/** Whether npm takes a name for a package: https://docs.npmjs.com/cli/configuring-npm/package-json#name */
const NPM_NAME = /^(@[a-z0-9-][a-z0-9._-]*\/)?[a-z0-9-][a-z0-9._-]*$/;

/** What people may type: words of all kinds, with what others put between them. */
const typed = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcxyzAZ019-_. "), minLength: 1, maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        ..."package message option syntax import service class default new type con nul v1 go linux test 9".split(
          " ",
        ),
        ...["Greeter", "constructor", "proto", "contract", "plugin", "dist", "GreeterPlugin"],
      ),
      { minLength: 1, maxLength: 3 },
    )
    .chain((words) => fc.constantFrom("-", "_", "", " ").map((between) => words.join(between))),
);

function workspace(kind: "packages" | "paths"): Tree {
  const tree = createTreeWithEmptyWorkspace();
  const packages = kind === "packages" && { workspaces: ["tool"] };
  tree.write("package.json", JSON.stringify({ name: "@acme/source", ...packages }));
  tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { paths: {} } }));
  return tree;
}

beforeAll(() => {
  process.env["INIT_CWD"] = workspaceRoot;
});

describe("every name that is accepted", () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder({ "nx.json": {} });
  });
  afterEach(() => folder.remove());

  /** Makes a contract and a plugin on disk; undefined if the name is refused. */
  async function create(name: string, kind: "packages" | "paths"): Promise<string | undefined> {
    const tree = workspace(kind);
    tree.root = folder.path;
    try {
      await pluginGenerator(tree, { name, directory: ".", skipFormat });
    } catch (error) {
      if (!isUsersToMend(error)) throw error;
      expect(error.message).toMatch(/ cannot be |already|outside/);
      return undefined;
    }
    flushChanges(tree.root, tree.listChanges());
    const [contract = ""] = tree.children(".").filter((it) => it.endsWith("-contract"));
    if (kind === "packages") {
      expect(readJson(tree, `${contract}/package.json`).name).toMatch(NPM_NAME);
    }
    return contract;
  }

  it("makes protos that compile, in either kind of workspace", async () => {
    await fc.assert(
      fc.asyncProperty(typed, fc.constantFrom("packages", "paths"), async (name, kind) => {
        folder.remove();
        folder = new TemporaryFolder({ "nx.json": {} });
        const contract = await create(name, kind as "packages");
        if (contract === undefined) return;
        const { files } = await readContract(join(folder.path, contract, "proto"));
        expect(files[0]?.pluginServices[0]?.name).toBe("Greeter");
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  it.each(["package", "constructor", "XMLHttpRequest", "x".repeat(90)])(
    "compiles to wasm: %s",
    async (name) => {
      const contract = (await create(name, "paths")) ?? "";
      const root = contract.replace(/-contract$/, "-plugin");
      await generateContract(join(folder.path, contract));
      const project = (it: string) => ({ name: it, root: it, folder: join(folder.path, it) });
      const outFile = join(folder.path, root, `dist/${root}.wasm`);
      const result = await languageNamed("assemblyscript").compile({
        workspaceRoot: folder.path,
        plugin: project(root),
        contract: project(contract),
        imports: [],
        main: undefined,
        start: "build",
        section: () => Promise.resolve({ wplug: {} }),
        outFile,
      });
      expect(result).toMatchObject({ ok: true, messages: [] });
      expect(existsSync(outFile)).toBe(true);
    },
    60_000,
  );
});
