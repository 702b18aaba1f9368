import { symlinkSync } from "node:fs";

import type {
  CreateNodesResult,
  NxJsonConfiguration,
  ProjectConfiguration,
  TargetConfiguration,
} from "@nx/devkit";

import { TemporaryFolder } from "../testing/temporary-folder";
import { executorNames } from "../workspace/target-defaults";
import { createNodesV2 } from "./create-nodes";

/** A workspace with a contract, two plugins and a host. */
const files = {
  "package.json": { name: "@acme/source" },
  "greeter-contract/wplug.json": { type: "contract" },
  "greeter-contract/package.json": {
    name: "@acme/greeter-contract",
    nx: { name: "greeter-contract" },
  },
  "greeter-contract/tsconfig.json": {},
  "greeter-contract/jest.config.cjs": "",
  "plugins/b/wplug.json": { type: "plugin", contract: "greeter-contract" },
  "plugins/b/project.json": { name: "b-plugin" },
  "plugins/a/wplug.json": { type: "plugin", contract: "greeter-contract" },
  "plugins/a/project.json": { name: "a-plugin" },
  "plugins/a/jest.config.cjs": "",
  "shop/wplug.json": { type: "host", contracts: ["greeter-contract"] },
  "shop/project.json": { name: "shop" },
  "shop/vitest.config.mts": "",
};

describe("createNodes", () => {
  let folder: TemporaryFolder;
  afterEach(() => folder.remove());

  async function inferProjects(
    workspace: Record<string, string | object>,
    nxJsonConfiguration: NxJsonConfiguration = { plugins: ["wplug"] },
    options?: object,
  ): Promise<Record<string, Partial<ProjectConfiguration>>> {
    folder = new TemporaryFolder(workspace);
    const configs = Object.keys(workspace).filter((path) => path.endsWith("wplug.json"));
    const [, create] = createNodesV2;
    const results = await create(configs, options, {
      workspaceRoot: folder.path,
      nxJsonConfiguration,
    });
    return Object.assign(
      {},
      ...results.map(([, result]: readonly [string, CreateNodesResult]) => result.projects),
    ) as Record<string, Partial<ProjectConfiguration>>;
  }

  async function infer(
    ...args: Parameters<typeof inferProjects>
  ): Promise<Record<string, Record<string, TargetConfiguration>>> {
    return Object.fromEntries(
      Object.entries(await inferProjects(...args)).map(([root, { targets = {} }]) => [
        root,
        targets,
      ]),
    );
  }

  it("infers the target push, and what nx release publish runs, of a plugin with a registry", async () => {
    const projects = await infer(
      {
        ...files,
        "plugins/a/wplug.json": {
          type: "plugin",
          contract: "greeter-contract",
          registry: "ghcr.io/acme",
        },
      },
      { plugins: ["wplug"] },
      { pushTargetName: "upload", buildTargetName: "wasm" },
    );
    const a = projects["plugins/a"];
    for (const name of ["upload", "nx-release-publish"]) {
      expect(a?.[name]).toMatchObject({
        executor: "wplug:push",
        dependsOn: ["wasm", "handshake"],
        cache: false,
      });
    }
    expect(Object.keys(projects["plugins/b"] ?? {})).not.toContain("upload");
  });

  it("tells people and editors what each target of each kind of project and language does", async () => {
    const languages = ["assemblyscript", "typescript", "go", "tinygo", "rust"];
    const projects = await inferProjects(
      {
        ...files,
        ...Object.fromEntries(
          languages.flatMap((language) => [
            [
              `plugins/${language}/wplug.json`,
              { type: "plugin", contract: "greeter-contract", language, registry: "ghcr.io/acme" },
            ],
            [`plugins/${language}/project.json`, { name: `${language}-plugin` }],
            [`plugins/${language}/vitest.config.mts`, ""],
          ]),
        ),
        "page/wplug.json": { type: "host", contracts: ["greeter-contract"], platform: "browser" },
        "page/project.json": { name: "page" },
        "page/tsconfig.json": {},
      },
      { plugins: ["wplug", { plugin: "@nx/jest/plugin", options: { ciTargetName: "test-ci" } }] },
    );
    const mute = Object.entries(projects).flatMap(([root, { targets = {} }]) =>
      Object.entries(targets)
        .filter(([, { metadata: { description, technologies, help } = {} }]) => {
          const { options = {}, args = [] } = help?.example ?? {};
          const examples = Object.keys(options).length + args.length;
          return !description || !technologies?.includes("wplug") || examples === 0;
        })
        .map(([name]) => `${root}:${name}`),
    );
    expect(mute).toEqual([]);
    for (const language of languages) {
      expect(projects[`plugins/${language}`]?.metadata?.technologies).toEqual(["wplug", language]);
    }
  });

  it("hands plugins of registries to serve, and lets handshakes depend on the lockfile", async () => {
    const source = "oci://ghcr.io/acme/greeter:1.2";
    const projects = await infer({
      ...files,
      "greeter-contract/wplug.json": { type: "contract", plugins: [source, "x.wasm"] },
    });
    expect(projects["shop"]?.["serve"]?.options).toMatchObject({
      plugins: [
        "../plugins/a/dist/a-plugin.wasm",
        "../plugins/b/dist/b-plugin.wasm",
        "../greeter-contract/x.wasm",
        source,
      ],
    });
    for (const root of ["shop", "greeter-contract", "plugins/a"]) {
      const inputs = projects[root]?.["handshake"]?.inputs;
      expect(inputs).toContain("{workspaceRoot}/wplug-lock.json");
      expect(JSON.stringify(inputs)).not.toContain("oci:");
    }
  });

  it("infers the targets of contract, plugin and host", async () => {
    const projects = await infer(files);
    const targets = (root: string) => Object.keys(projects[root] ?? {}).sort();
    const ofCi = ["handshake-ci", "handshake-ci--a-plugin", "handshake-ci--b-plugin"];
    expect(targets("greeter-contract")).toEqual([
      "build",
      "check-version",
      "generate",
      "handshake",
      ...ofCi,
      "test",
      "typecheck",
    ]);
    expect(targets("plugins/a")).toEqual(["build", "handshake", "playground", "test"]);
    expect(targets("shop")).toEqual(["build", "handshake", ...ofCi, "serve", "test"]);
  });

  it("tests by what has its configuration in the project, and not at all without any", async () => {
    const projects = await infer({ ...files, "plugins/b/jest.config.cjs": "" });
    const packagesOf = (root: string) =>
      projects[root]?.["test"]?.inputs?.filter((it) => typeof it === "object");
    expect(packagesOf("plugins/b")).toBeDefined();
    expect(packagesOf("shop")).toBeDefined();
    folder.remove();
    // That of a page, which says nothing of tests.
    const untested = { ...files, "plugins/b/vite.config.mts": "" };
    expect((await infer(untested))["plugins/b"]?.["test"]).toBeUndefined();
  });

  it("builds before tests also where others run each spec on its own in CI", async () => {
    const options = { ciTargetName: "test-ci" };
    const projects = await infer(files, { plugins: [{ plugin: "@nx/vitest", options }, "wplug"] });
    const { test, "test-ci": testCi } = projects["plugins/a"] ?? {};
    expect(testCi).toEqual(test);
    expect(testCi?.dependsOn).toContain("build");
  });

  it("makes everything that is cached depend on exact inputs", async () => {
    const projects = await infer(files);
    expect(projects["greeter-contract"]?.["generate"]).toMatchObject({
      cache: true,
      inputs: [
        "{projectRoot}/proto/**/*.proto",
        "{projectRoot}/wplug.json",
        { externalDependencies: [] },
      ],
      outputs: ["{projectRoot}/src/gen", "{projectRoot}/assembly/gen"],
    });
    expect(projects["plugins/a"]?.["build"]).toMatchObject({
      cache: true,
      dependsOn: ["^generate"],
      outputs: ["{projectRoot}/dist/a-plugin.wasm", "{projectRoot}/{options.outputFile}"],
    });
    expect(projects["plugins/a"]?.["build"]?.inputs).toContain(
      "{workspaceRoot}/greeter-contract/assembly/**/*",
    );
  });

  it("builds every plugin of a host's contracts before its tests, in an order of their own", async () => {
    const projects = await infer(files);
    const builds = { projects: ["a-plugin", "b-plugin"], target: "build" };
    expect(projects["shop"]?.["test"]?.dependsOn).toEqual(["^generate", builds]);
    expect(projects["shop"]?.["serve"]).toMatchObject({
      executor: "wplug:serve",
      options: {
        plugins: ["../plugins/a/dist/a-plugin.wasm", "../plugins/b/dist/b-plugin.wasm"],
      },
      dependsOn: ["build", builds],
    });
    const generate = { projects: ["greeter-contract"], target: "generate" };
    const handshake = (root: string) => projects[root]?.["handshake"];
    expect(handshake("greeter-contract")?.dependsOn).toEqual(["generate", builds]);
    expect(handshake("plugins/a")?.dependsOn).toEqual(["build", "^generate", generate]);
    expect(handshake("shop")?.dependsOn).toEqual(["^generate", builds]);
    // The functions that a host offers are part of what is checked.
    expect(handshake("plugins/a")?.inputs).toContain("{workspaceRoot}/shop/src/**/*.ts");
  });

  it("has Vite build and serve a host in a browser, with the plugins in it", async () => {
    const projects = await infer({
      ...files,
      "shop/wplug.json": { type: "host", contracts: ["greeter-contract"], platform: "browser" },
    });
    const builds = { projects: ["a-plugin", "b-plugin"], target: "build" };
    expect(projects["shop"]?.["build"]).toMatchObject({
      executor: "wplug:vite",
      dependsOn: ["^generate", builds],
      outputs: ["{projectRoot}/dist/web"],
      cache: true,
    });
    expect(projects["shop"]?.["build"]?.inputs).toContainEqual({
      dependentTasksOutputFiles: "**/*.wasm",
      transitive: true,
    });
    expect(projects["shop"]?.["serve"]).toMatchObject({ dependsOn: ["^generate", builds] });
    expect(projects["shop"]?.["preview"]).toMatchObject({
      dependsOn: ["build"],
      continuous: true,
    });
  });

  it("lets a contract follow the protos that it imports, also those that these import", async () => {
    const projects = await infer({
      ...files,
      "greeter-contract/wplug.json": { type: "contract", imports: ["money-contract"] },
      "money/wplug.json": { type: "contract", imports: ["unit-contract"] },
      "money/project.json": { name: "money-contract" },
      "unit/wplug.json": { type: "contract" },
      "unit/project.json": { name: "unit-contract" },
    });
    const contract = projects["greeter-contract"] ?? {};
    expect(contract["generate"]?.dependsOn).toEqual(["^generate"]);
    expect(contract["generate"]?.inputs).toEqual(
      expect.arrayContaining([
        "{workspaceRoot}/money/proto/**/*.proto",
        "{workspaceRoot}/unit/proto/**/*.proto",
        "{workspaceRoot}/unit/wplug.json",
      ]),
    );
    expect(contract["build"]?.dependsOn).toEqual([
      "generate",
      { projects: ["money-contract"], target: "build" },
    ]);
    expect(projects["unit"]?.["generate"]?.dependsOn).toBeUndefined();
    expect(projects["plugins/a"]?.["build"]?.inputs).toContain(
      "{workspaceRoot}/unit/assembly/**/*",
    );
    expect(projects["shop"]?.["test"]?.inputs).toContain("{workspaceRoot}/money/src/**/*.ts");
  });

  it("builds a plugin again after edits of comments that its wasm has, and only then", async () => {
    const protos = "{workspaceRoot}/greeter-contract/proto/**/*.proto";
    const projects = await infer({
      ...files,
      "plugins/b/wplug.json": { type: "plugin", contract: "greeter-contract", describe: false },
    });
    expect(projects["plugins/a"]?.["build"]?.inputs).toContain(protos);
    expect(projects["plugins/b"]?.["build"]?.inputs).not.toContain(protos);
  });

  it("generates what a committed contract imports, if that is not committed too", async () => {
    const projects = await infer({
      ...files,
      "greeter-contract/wplug.json": {
        type: "contract",
        imports: ["money-contract"],
        commitGenerated: true,
      },
      "money/wplug.json": { type: "contract" },
      "money/project.json": { name: "money-contract" },
    });
    const generate = { projects: ["money-contract"], target: "generate" };
    expect(projects["greeter-contract"]?.["test"]?.dependsOn).toEqual(["^generate"]);
    expect(projects["plugins/a"]?.["build"]?.dependsOn).toEqual([generate]);
  });

  it("refuses contracts that import each other, by their names", async () => {
    const circle = infer({
      ...files,
      "greeter-contract/wplug.json": { type: "contract", imports: ["money-contract"] },
      "money/wplug.json": { type: "contract", imports: ["greeter-contract"] },
      "money/project.json": { name: "money-contract" },
    });
    await expect(circle).rejects.toMatchObject({
      errors: expect.arrayContaining([
        [
          "greeter-contract/wplug.json",
          expect.objectContaining({
            message: expect.stringContaining(
              "greeter-contract -> money-contract -> greeter-contract",
            ) as string,
          }),
        ],
      ]) as unknown,
    });
  });

  it("generates the SDK of a plugin in Go for it alone, by the version of Go that there is", async () => {
    const projects = await infer({
      ...files,
      "plugins/a/wplug.json": { type: "plugin", contract: "greeter-contract", language: "tinygo" },
    });
    const { generate, build } = projects["plugins/a"] ?? {};
    expect(generate?.outputs).toEqual(["{projectRoot}/gen"]);
    expect(generate?.inputs).toEqual(
      expect.arrayContaining([
        "{workspaceRoot}/greeter-contract/proto/**/*.proto",
        "{projectRoot}/go.sum",
        { runtime: "go env GOVERSION" },
      ]),
    );
    expect(build).toMatchObject({ executor: "wplug:build", dependsOn: ["generate"] });
    expect(build?.inputs).toEqual(
      expect.arrayContaining([{ runtime: "go env GOVERSION" }, { runtime: "tinygo version" }]),
    );
    // Which says what plugins in Go can't follow.
    expect(projects["greeter-contract"]?.["generate"]?.inputs).toContain(
      "{workspaceRoot}/plugins/a/wplug.json",
    );
  });

  it("lets nx sync care for SDKs in version control", async () => {
    const projects = await infer({
      ...files,
      "greeter-contract/wplug.json": { type: "contract", commitGenerated: true },
    });
    expect(projects["plugins/a"]?.["build"]).toMatchObject({
      dependsOn: [],
      syncGenerators: ["wplug:sync"],
    });
    expect(projects["shop"]?.["build"]?.dependsOn).toEqual([]);
    expect(projects["greeter-contract"]?.["test"]?.dependsOn).toEqual([]);
    expect(projects["greeter-contract"]?.["generate"]?.syncGenerators).toBeUndefined();
  });

  it("lets nx sync find a contract that has another name now", async () => {
    const projects = await infer({
      ...files,
      "plugins/a/wplug.json": { type: "plugin", contract: "gone" },
    });
    expect(projects["plugins/a"]?.["build"]?.syncGenerators).toEqual(["wplug:sync"]);
    expect(projects["plugins/b"]?.["build"]?.syncGenerators).toBeUndefined();
  });

  it("counts plugins that are built elsewhere", async () => {
    const projects = await infer({
      ...files,
      "greeter-contract/wplug.json": { type: "contract", plugins: ["vendor/c.wasm"] },
      "shop/wplug.json": {
        type: "host",
        contracts: ["greeter-contract"],
        plugins: ["vendor/s.wasm"],
      },
    });
    const inputs = (root: string) => projects[root]?.["handshake"]?.inputs;
    const ofContract = "{workspaceRoot}/greeter-contract/vendor/c.wasm";
    expect(inputs("greeter-contract")).toContain(ofContract);
    expect(inputs("shop")).toEqual(
      expect.arrayContaining([ofContract, "{workspaceRoot}/shop/vendor/s.wasm"]),
    );
    expect(projects["shop"]?.["serve"]?.options).toMatchObject({
      plugins: expect.arrayContaining(["../greeter-contract/vendor/c.wasm", "vendor/s.wasm"]),
    });
  });

  it("counts installed packages by version and those of the workspace by their files", async () => {
    folder = new TemporaryFolder({
      ...files,
      "node_modules/@bufbuild/buf/package.json": { name: "@bufbuild/buf" },
      "packages/nx-wplug/package.json": { name: "wplug" },
    });
    symlinkSync("../packages/nx-wplug", `${folder.path}/node_modules/wplug`);
    const [[, result]] = (await createNodesV2[1](["greeter-contract/wplug.json"], undefined, {
      workspaceRoot: folder.path,
      nxJsonConfiguration: {},
    })) as unknown as [[string, CreateNodesResult]];
    const inputs = result.projects?.["greeter-contract"]?.targets?.["generate"]?.inputs;
    expect(inputs?.slice(2)).toEqual([
      { externalDependencies: ["@bufbuild/buf"] },
      "{workspaceRoot}/packages/nx-wplug/**/*",
    ]);
  });

  it("checks types by project references where @nx/js/typescript does, and as its sync generator wants them", async () => {
    const references = await infer(files, { plugins: ["@nx/js/typescript", "wplug"] });
    expect(references["greeter-contract"]?.["typecheck"]).toMatchObject({
      executor: "wplug:tsc",
      options: { mode: "build" },
      dependsOn: ["^typecheck", "generate"],
      syncGenerators: ["@nx/js:typescript-sync"],
    });
    folder.remove();
    const alone = await infer(files);
    expect(alone["greeter-contract"]?.["typecheck"]).toMatchObject({
      options: { mode: "check" },
      dependsOn: ["generate"],
    });
  });

  it("checks the sources of a plugin apart from its tests where they have a tsconfig.json", async () => {
    const sources = { "plugins/a/tsconfig.json": {}, "plugins/a/src/tsconfig.json": {} };
    const { "plugins/a": plugin } = await infer({ ...files, ...sources });
    expect(plugin?.["typecheck"]?.options).toEqual({ mode: "check", sources: "src/tsconfig.json" });
  });

  it("counts what a workspace calls production, and all files of the project whatever its named inputs leave out", async () => {
    const namedInputs = { default: ["{projectRoot}/lib/**/*"], production: ["default"] };
    const projects = await infer(files, { namedInputs });
    expect(projects["shop"]?.["build"]?.inputs?.slice(0, 4)).toEqual([
      "production",
      "^production",
      "{projectRoot}/**/*",
      "{workspaceRoot}/greeter-contract/src/**/*.ts",
    ]);
    expect(projects["shop"]?.["test"]?.inputs?.slice(0, 3)).toEqual([
      "default",
      "^production",
      "{projectRoot}/**/*",
    ]);
  });

  it("gives targets the names that nx.json asks for, also where others depend on them", async () => {
    const options = {
      generateTargetName: "sdk",
      buildTargetName: "wasm",
      serveTargetName: "start",
      handshakeTargetName: "fit",
    };
    const projects = await infer(files, undefined, options);
    expect(Object.keys(projects["shop"] ?? {}).sort()).toEqual([
      "fit",
      "fit-ci",
      "fit-ci--a-plugin",
      "fit-ci--b-plugin",
      "start",
      "test",
      "wasm",
    ]);
    const builds = { projects: ["a-plugin", "b-plugin"], target: "wasm" };
    expect(projects["shop"]?.["test"]?.dependsOn).toEqual(["^sdk", builds]);
    expect(projects["shop"]?.["start"]).toMatchObject({
      dependsOn: ["wasm", builds],
      options: { buildTarget: "wasm" },
    });
    expect(projects["plugins/a"]?.["fit"]?.dependsOn).toEqual([
      "wasm",
      "^sdk",
      { projects: ["greeter-contract"], target: "sdk" },
    ]);
    expect(projects["shop"]?.["fit-ci"]?.dependsOn).toEqual([
      "fit-ci--a-plugin",
      "fit-ci--b-plugin",
    ]);
  });

  it("checks each plugin in a task of its own for CI, and joins the reports", async () => {
    const projects = await infer({
      ...files,
      "shop/wplug.json": {
        type: "host",
        contracts: ["greeter-contract"],
        plugins: ["vendor/old.wasm"],
      },
    });
    const shop = projects["shop"] ?? {};
    expect(shop["handshake-ci--a-plugin"]).toMatchObject({
      options: { plugin: "a-plugin", json: "dist/handshake-ci/a-plugin.json" },
      dependsOn: ["^generate", { projects: ["a-plugin"], target: "build" }],
      outputs: [
        "{projectRoot}/dist/handshake-ci/a-plugin.json",
        "{projectRoot}/dist/handshake-ci/a-plugin.xml",
        "{projectRoot}/dist/handshake-ci/a-plugin.html",
      ],
    });
    const vendored = shop["handshake-ci--shop/vendor/old.wasm"];
    expect(vendored?.dependsOn).toEqual(["^generate"]);
    expect(vendored?.inputs).toContain("{workspaceRoot}/shop/vendor/old.wasm");
    expect(shop["handshake-ci"]).toMatchObject({
      options: {
        reports: ["a-plugin", "b-plugin", "shop-vendor-old.wasm"].map(
          (name) => `dist/handshake-ci/${name}.json`,
        ),
      },
      outputs: [
        "{projectRoot}/dist/handshake.json",
        "{projectRoot}/dist/handshake.xml",
        "{projectRoot}/dist/handshake.html",
      ],
    });
  });

  it("shows targets in groups, with a command line that explains each", async () => {
    const { targets, metadata } = (await inferProjects({ ...files, "pnpm-lock.yaml": "" }))[
      "shop"
    ] as ProjectConfiguration;
    expect(metadata?.targetGroups).toEqual({
      wplug: ["build", "serve", "test", "handshake"],
      "wplug (CI)": ["handshake-ci--a-plugin", "handshake-ci--b-plugin", "handshake-ci"],
    });
    expect(targets?.["build"]?.metadata?.help).toEqual({
      command: "pnpm exec nx run shop:build --help",
      example: { options: { main: "src/other.ts" } },
    });
    expect(targets?.["test"]?.metadata?.help?.command).toBe("npx vitest --help");
  });

  it("refuses options that it does not know", async () => {
    await expect(infer(files, undefined, { buildTarget: "wasm" })).rejects.toThrow(
      'nx.json: "buildTarget" is no option of wplug',
    );
  });

  it("infers nothing but executors of wplug: defaults for them are what keeps those for names away", async () => {
    const executors = Object.values(await infer(files)).flatMap((targets) =>
      Object.values(targets).map(({ executor }) => executor),
    );
    expect(executors.filter((name) => !executorNames().includes(name ?? ""))).toEqual([]);
  });

  it("names the file of a mistake, and infers the other projects", async () => {
    const broken = {
      ...files,
      "broken/wplug.json": { type: "gadget" },
      "broken/package.json": { name: "x" },
    };
    const error = (await infer(broken).catch((reason: unknown) => reason)) as {
      errors: [string, Error][];
      partialResults: unknown[];
    };
    expect(error.errors.map(([file, { message }]) => [file, message])).toEqual([
      ["broken/wplug.json", 'broken/wplug.json: "type" must be "contract", "plugin" or "host"'],
    ]);
    expect(error.partialResults).toHaveLength(4);
  });
});
