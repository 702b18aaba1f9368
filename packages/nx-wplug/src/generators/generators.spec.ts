import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  readJson,
  readNxJson,
  readProjectConfiguration,
  type Tree,
  updateJson,
  workspaceRoot,
} from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";
import { flushChanges } from "nx/src/generators/tree";

import { TemporaryFolder } from "../testing/temporary-folder";
import { contractGenerator } from "./contract/generator";
import { hostGenerator } from "./host/generator";
import { initGenerator } from "./init/generator";
import { pluginGenerator } from "./plugin/generator";
import { publishableGenerator } from "./publishable/generator";
import { syncGenerator } from "./sync/generator";

// What a generator leaves to be done after the files are written (installing, generating code) is tested end to end.

const skipFormat = true;

/** A workspace whose projects are packages that npm links. */
function packagesWorkspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  tree.write("package.json", JSON.stringify({ name: "@acme/source", workspaces: ["tool"] }));
  tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { composite: true } }));
  tree.write("tsconfig.json", JSON.stringify({ files: [], references: [] }));
  return tree;
}

/** A workspace with one package.json, whose projects are paths in tsconfig.base.json. */
function pathsWorkspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  tree.write("package.json", JSON.stringify({ name: "@acme/source" }));
  tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { paths: {} } }));
  return tree;
}

/** With a file, as Nx waits for the first one of a workspace that it has never seen. */
function workspaceFolder(): TemporaryFolder {
  return new TemporaryFolder({ "nx.json": {} });
}

function readJsonFile(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function filesOf(tree: Tree): string[] {
  return tree
    .listChanges()
    .filter(({ type }) => type !== "DELETE")
    .map(({ path }) => path)
    .filter((path) => path.includes("greeter") || path.includes("shop"))
    .sort();
}

beforeAll(() => {
  process.env["INIT_CWD"] = workspaceRoot;
});

describe("what runs the tests", () => {
  const packagesOf = (tree: Tree) =>
    Object.keys(readJson<{ devDependencies: object }>(tree, "package.json").devDependencies);
  const generate = async (tree: Tree, unitTestRunner?: "jest" | "vitest" | "none") => {
    const options = unitTestRunner === undefined ? {} : { unitTestRunner };
    await pluginGenerator(tree, { name: "libs/greeter", skipFormat, ...options });
  };
  const withPackage = (tree: Tree, name: string) =>
    updateJson(tree, "package.json", (json: object) => ({
      ...json,
      devDependencies: { [name]: "1" },
    }));

  it("is what the workspace uses: one of Vitest gets no jest", async () => {
    const tree = packagesWorkspace();
    withPackage(tree, "vitest");
    await generate(tree);
    for (const project of ["libs/greeter-contract", "libs/greeter-plugin"]) {
      expect(tree.exists(`${project}/vitest.config.mts`)).toBe(true);
      expect(tree.exists(`${project}/jest.config.cjs`)).toBe(false);
      expect(readJson(tree, `${project}/tsconfig.json`)).toMatchObject({
        compilerOptions: { types: ["vitest/globals", "node"] },
      });
    }
    expect(packagesOf(tree).filter((name) => /jest|swc/.test(name))).toEqual([]);
  });

  it("is jest where there is nothing yet, or what is asked for, and stays", async () => {
    const tree = packagesWorkspace();
    await generate(tree);
    expect(tree.exists("libs/greeter-plugin/jest.config.cjs")).toBe(true);
    expect(packagesOf(tree)).toContain("jest");
    const other = packagesWorkspace();
    withPackage(other, "jest");
    await generate(other, "vitest");
    await contractGenerator(other, { name: "libs/greeter", skipFormat, unitTestRunner: "jest" });
    expect(other.exists("libs/greeter-plugin/vitest.config.mts")).toBe(true);
    expect(other.exists("libs/greeter-contract/jest.config.cjs")).toBe(false);
    expect(packagesOf(other)).toContain("vitest");
  });

  it("can be nothing", async () => {
    const tree = packagesWorkspace();
    await generate(tree, "none");
    expect(tree.listChanges().filter(({ path }) => /jest|vitest|spec/.test(path))).toEqual([]);
    // All of it would be tests.
    expect(tree.exists("libs/greeter-plugin/tsconfig.json")).toBe(false);
    expect(packagesOf(tree)).not.toContain("jest");
  });
});

describe("the root configuration of TypeScript", () => {
  const bare = (manifest: object) => {
    const tree = createTreeWithEmptyWorkspace();
    tree.delete("tsconfig.base.json");
    tree.write("package.json", JSON.stringify({ name: "@acme/source", ...manifest }));
    return tree;
  };
  const generate = (tree: Tree) => contractGenerator(tree, { name: "libs/greeter", skipFormat });
  const paths = { "@acme/greeter-contract": ["./libs/greeter-contract/src/index.ts"] };

  it("is made where projects are paths and there is none", async () => {
    const tree = bare({});
    await generate(tree);
    expect(readJson(tree, "tsconfig.base.json")).toMatchObject({ compilerOptions: { paths } });
    expect(readJson(tree, "libs/greeter-contract/tsconfig.json")).toMatchObject({
      extends: "../../tsconfig.base.json",
    });
  });

  it("is tsconfig.json in a repository that began as one package", async () => {
    const tree = bare({});
    tree.write("tsconfig.json", JSON.stringify({ compilerOptions: { strict: true }, files: [] }));
    await generate(tree);
    expect(readJson(tree, "tsconfig.json")).toMatchObject({ compilerOptions: { paths } });
    expect(tree.exists("tsconfig.base.json")).toBe(false);
    expect(readJson(tree, "libs/greeter-contract/tsconfig.json")).toMatchObject({
      extends: "../../tsconfig.json",
    });
  });

  it("is not needed where projects are packages", async () => {
    const tree = bare({ workspaces: ["libs/*"] });
    await generate(tree);
    expect(tree.exists("tsconfig.base.json")).toBe(false);
    const config = readJson<object>(tree, "libs/greeter-contract/tsconfig.json");
    expect(config).not.toHaveProperty("extends");
    expect(config).toMatchObject({ compilerOptions: { strict: true, skipLibCheck: true } });
  });
});

describe("generated code", () => {
  it("is left out of what Prettier checks, once, where there is Prettier", async () => {
    const tree = packagesWorkspace();
    tree.delete(".prettierrc");
    await contractGenerator(tree, { name: "libs/first", skipFormat });
    expect(tree.exists(".prettierignore")).toBe(false);
    tree.write(".prettierrc", "{}");
    tree.write(".prettierignore", "/dist\n/libs/covered-contract/**/gen");
    await contractGenerator(tree, { name: "libs/greeter", skipFormat });
    await contractGenerator(tree, { name: "libs/covered", skipFormat });
    await contractGenerator(tree, { name: "libs/greeter", skipFormat });
    expect(tree.read(".prettierignore", "utf-8")).toBe(
      "/dist\n/libs/covered-contract/**/gen\n/libs/greeter-contract/src/gen\n/libs/greeter-contract/assembly/gen\n",
    );
  });
});

describe("init", () => {
  it("registers wplug and adds what its projects need, once", async () => {
    const tree = pathsWorkspace();
    await initGenerator(tree, { skipFormat });
    await initGenerator(tree, { skipFormat });
    expect(readNxJson(tree)?.plugins).toEqual(["wplug"]);
    expect(readNxJson(tree)?.sync).toEqual({ globalGenerators: ["wplug:sync"] });
    expect(readNxJson(tree)?.targetDefaults).toMatchObject({ "wplug:build": {}, "wplug:test": {} });
    const { dependencies, devDependencies } = readJson(tree, "package.json");
    expect(Object.keys(dependencies)).toEqual(["@wplug/runtime", "@wplug/well-known-types"]);
    expect(Object.keys(devDependencies)).toEqual(
      expect.arrayContaining(["assemblyscript", "typescript", "wplug"]),
    );
    // What runs tests is decided with the first project.
    expect(Object.keys(devDependencies)).not.toContain("jest");
  });

  it("leaves versions and registrations as the user has them", async () => {
    const tree = pathsWorkspace();
    tree.write("package.json", JSON.stringify({ devDependencies: { jest: "29.0.0" } }));
    tree.write("nx.json", JSON.stringify({ plugins: [{ plugin: "wplug", options: {} }] }));
    await initGenerator(tree, { skipFormat });
    expect(readJson(tree, "package.json").devDependencies.jest).toBe("29.0.0");
    expect(readNxJson(tree)?.plugins).toHaveLength(1);
  });

  it("keeps defaults that the user has, for names and for executors of wplug", async () => {
    const tree = pathsWorkspace();
    const targetDefaults = {
      build: { dependsOn: ["^build"] },
      "wplug:test": { parallelism: false },
    };
    tree.write("nx.json", JSON.stringify({ targetDefaults }));
    await initGenerator(tree, { skipFormat });
    expect(readNxJson(tree)?.targetDefaults).toMatchObject({
      ...targetDefaults,
      "wplug:build": {},
    });
  });
});

describe.each([
  ["packages", packagesWorkspace],
  ["paths", pathsWorkspace],
])("in a workspace of %s", (kind, workspace) => {
  let tree: Tree;
  const manifest = kind === "packages" ? "package.json" : "project.json";

  beforeEach(() => {
    tree = workspace();
  });

  it("makes a contract and a plugin", async () => {
    await pluginGenerator(tree, { name: "greeter", skipFormat });
    expect(filesOf(tree)).toEqual([
      ...[
        ".gitignore",
        "assembly/index.ts",
        "assembly/tsconfig.json",
        "jest.config.cjs",
        manifest,
        "proto/greeter.proto",
        "src/greeter.spec.ts",
        "src/host.ts",
        "src/index.ts",
        "src/plugin.ts",
        "tsconfig.json",
        "tsconfig.lib.json",
        "wplug.json",
      ].map((file) => `greeter-contract/${file}`),
      ...[
        ".gitignore",
        "assembly/index.ts",
        "assembly/tsconfig.json",
        "jest.config.cjs",
        manifest,
        "test/greeter.spec.ts",
        "tsconfig.json",
        "wplug.json",
      ].map((file) => `greeter-plugin/${file}`),
    ]);
    expect(readJson(tree, "greeter-plugin/wplug.json")).toEqual({
      $schema: "../node_modules/wplug/schema.json",
      type: "plugin",
      contract: "greeter-contract",
      language: "assemblyscript",
    });
    expect(tree.read("greeter-plugin/assembly/index.ts", "utf-8")).toContain(
      'from "@acme/greeter-contract/assembly"',
    );
    expect(readProjectConfiguration(tree, "greeter-contract").root).toBe("greeter-contract");
  });

  it("makes them findable", async () => {
    await contractGenerator(tree, { name: "greeter", skipFormat });
    if (kind === "packages") {
      expect(readJson(tree, "package.json").workspaces).toEqual(["greeter-contract", "tool"]);
      expect(readJson(tree, "greeter-contract/package.json")).toMatchObject({
        name: "@acme/greeter-contract",
        exports: {
          ".": "./src/index.ts",
          "./host": "./src/host.ts",
          "./assembly": "./assembly/index.ts",
          "./plugin": "./src/plugin.ts",
        },
      });
      expect(readJson(tree, "tsconfig.json").references).toEqual([{ path: "./greeter-contract" }]);
    } else {
      expect(readJson(tree, "tsconfig.base.json").compilerOptions.paths).toEqual({
        "@acme/greeter-contract": ["./greeter-contract/src/index.ts"],
        "@acme/greeter-contract/host": ["./greeter-contract/src/host.ts"],
        "@acme/greeter-contract/gen/*": ["./greeter-contract/src/gen/*.ts"],
        "@acme/greeter-contract/plugin": ["./greeter-contract/src/plugin.ts"],
      });
    }
  });

  it("keeps what exists when it runs again", async () => {
    await pluginGenerator(tree, { name: "greeter", skipFormat });
    tree.write("greeter-contract/src/index.ts", "// mine\n");
    tree.write("greeter-plugin/wplug.json", '{"type":"plugin","contract":"greeter-contract"}');
    tree.delete("greeter-plugin/.gitignore");
    const before = tree.read("tsconfig.base.json", "utf-8");
    await contractGenerator(tree, { name: "greeter", skipFormat });
    expect(tree.read("greeter-contract/src/index.ts", "utf-8")).toBe("// mine\n");
    expect(tree.read("greeter-plugin/wplug.json", "utf-8")).not.toContain("$schema");
    expect(tree.read("tsconfig.base.json", "utf-8")).toBe(before);
  });

  it.each([
    ["greeter", undefined, "greeter-plugin"],
    ["greeter-plugin", undefined, "greeter-plugin"],
    ["Greeter", "libs", "libs/greeter-plugin"],
    ["greeter", "./libs/", "libs/greeter-plugin"],
    // As it is typed on Windows.
    ["greeter", ".\\libs\\in", "libs/in/greeter-plugin"],
    ["greeter", "libs/greeter-plugin", "libs/greeter-plugin"],
  ])(
    "puts the plugin %s of --directory=%s into %s, its contract beside it",
    async (name, directory, root) => {
      await pluginGenerator(tree, { name, ...(directory && { directory }), skipFormat });
      expect(tree.exists(`${root}/assembly/index.ts`)).toBe(true);
      expect(tree.exists(`${root.replace(/plugin$/, "contract")}/proto/greeter.proto`)).toBe(true);
    },
  );
});

describe("places", () => {
  const withWorkspaces = (workspaces: string[]) => {
    const tree = packagesWorkspace();
    updateJson(tree, "package.json", (json: object) => ({ ...json, workspaces }));
    return tree;
  };
  const placeOf = (tree: Tree, name = "greeter-contract") =>
    readProjectConfiguration(tree, name).root;

  it.each([
    [["packages/*"], "packages/greeter-contract"],
    [["apps/*", "libs/**"], "libs/greeter-contract"],
    [["*"], "greeter-contract"],
    [["tools/one", "packages/*"], "packages/greeter-contract"],
  ])("of projects are those that the package manager links: %j", async (globs, root) => {
    const tree = withWorkspaces(globs);
    await contractGenerator(tree, { name: "greeter", skipFormat });
    expect(placeOf(tree)).toBe(root);
    expect(readJson(tree, "package.json").workspaces).toEqual(globs);
  });

  it("of projects are libs or what nx.json says, without packages", async () => {
    const tree = pathsWorkspace();
    tree.write("libs/.gitkeep", "");
    await contractGenerator(tree, { name: "greeter", skipFormat });
    expect(placeOf(tree)).toBe("libs/greeter-contract");
    updateJson(tree, "nx.json", (json: object) => ({ ...json, workspaceLayout: { libsDir: "l" } }));
    await contractGenerator(tree, { name: "other", skipFormat });
    expect(placeOf(tree, "other-contract")).toBe("l/other-contract");
  });

  it("can be part of the name, as can the scope of the package", async () => {
    const tree = withWorkspaces(["packages/*"]);
    await contractGenerator(tree, { name: "libs/in/greeter", skipFormat });
    expect(placeOf(tree)).toBe("libs/in/greeter-contract");
    await pluginGenerator(tree, { name: "@other/polite", tags: "a, scope:b", skipFormat });
    expect(readJson(tree, "packages/polite-plugin/package.json")).toMatchObject({
      name: "@other/polite-plugin",
      dependencies: { "@other/polite-contract": expect.anything() },
      nx: { tags: ["type:plugin", "wplug:polite-contract", "a", "scope:b"] },
    });
    await contractGenerator(tree, { name: "bye", importPath: "@x/farewell", skipFormat });
    expect(readJson(tree, "packages/bye-contract/package.json").name).toBe("@x/farewell");
  });

  it("stay the same when a generator runs again", async () => {
    const tree = withWorkspaces(["packages/*"]);
    await contractGenerator(tree, { name: "libs/greeter", skipFormat });
    await contractGenerator(tree, { name: "greeter", skipFormat });
    expect(tree.exists("packages/greeter-contract")).toBe(false);
  });
});

describe("host", () => {
  it("tests the plugins that the contract has", async () => {
    const folder = workspaceFolder();
    const tree = pathsWorkspace();
    tree.root = folder.path;
    await pluginGenerator(tree, { name: "greeter", skipFormat });
    // Services are read from the disk, by buf.
    flushChanges(tree.root, tree.listChanges());
    await hostGenerator(tree, {
      name: "shop",
      contract: "greeter",
      directory: "apps",
      skipFormat,
    });
    const spec = tree.read("apps/shop/src/main.spec.ts", "utf-8");
    expect(spec).toContain("builtPlugins(__dirname)");
    expect(tree.read("apps/shop/src/run-plugins.ts", "utf-8")).toContain(
      'sayHello({ name: "shop" })',
    );
    folder.remove();
  });
});

describe("a host in a browser", () => {
  it("is a page that Vite bundles, which calls plugins in workers with limits", async () => {
    const folder = workspaceFolder();
    const tree = packagesWorkspace();
    tree.root = folder.path;
    try {
      await contractGenerator(tree, { name: "greeter", skipFormat });
      flushChanges(tree.root, tree.listChanges());
      const options = {
        name: "web",
        contract: "greeter",
        platform: "browser",
        skipFormat,
      } as const;
      await hostGenerator(tree, options);
      expect(readJson(tree, "web/wplug.json")).toMatchObject({ platform: "browser" });
      expect(readJson(tree, "package.json").devDependencies).toHaveProperty("vite");
      expect(readJson(tree, "web/tsconfig.json").compilerOptions).toMatchObject({
        lib: ["es2022", "dom", "dom.iterable"],
        types: ["jest", "node", "vite/client", "wplug/client"],
      });
      expect(tree.read("web/src/run-plugins.ts", "utf-8")).toContain('isolation: "worker"');
      expect(tree.read("web/src/main.ts", "utf-8")).toContain('from "virtual:wplug/plugins"');
      expect(tree.exists("web/index.html")).toBe(true);
      expect(tree.exists("web/src/main.spec.ts")).toBe(true);
    } finally {
      folder.remove();
    }
  });
});

describe("a contract with host functions", () => {
  it("is given an implementation to fill in by hosts, and answers by the specs of plugins", async () => {
    const folder = workspaceFolder();
    const tree = pathsWorkspace();
    tree.root = folder.path;
    await contractGenerator(tree, { name: "greeter", skipFormat });
    tree.write(
      "greeter-contract/proto/greeter.proto",
      `syntax = "proto3"; package greeter;
      message Url { string url = 1; } message Page { string text = 1; }
      // go:plugin type=host
      service Web { rpc HttpGet(Url) returns (Page); }
      // go:plugin type=plugin version=1
      service Browser { rpc Browse(Url) returns (Page); }`,
    );
    // Services are read from the disk, by buf.
    flushChanges(tree.root, tree.listChanges());
    await hostGenerator(tree, { name: "shop", contract: "greeter", skipFormat });
    await pluginGenerator(tree, { name: "fast", contract: "greeter", skipFormat });
    expect(tree.read("shop/src/host-functions.ts", "utf-8")).toContain(
      "export const hostFunctions: Web = {\n  httpGet(_request) {",
    );
    expect(tree.read("shop/src/run-plugins.ts", "utf-8")).toContain(
      "await BrowserPlugin.load(path, { host: hostFunctions });",
    );
    expect(tree.read("fast-plugin/test/fast.spec.ts", "utf-8")).toContain("httpGet: () => ({}),");
    folder.remove();
  });
});

describe("a contract with several services", () => {
  it("gets a class for each, with lines between classes and methods, and a test for each method", async () => {
    const folder = workspaceFolder();
    const tree = pathsWorkspace();
    tree.root = folder.path;
    await contractGenerator(tree, { name: "greeter", skipFormat });
    tree.write(
      "greeter-contract/proto/greeter.proto",
      `syntax = "proto3"; package greeter; message M {}
      // go:plugin type=plugin version=1
      service First { rpc A(M) returns (M); rpc B(M) returns (M); }
      // go:plugin type=plugin version=1
      service Second { rpc C(M) returns (M); }`,
    );
    flushChanges(tree.root, tree.listChanges());
    await pluginGenerator(tree, { name: "both", contract: "greeter", skipFormat });
    const code = (tree.read("both-plugin/assembly/index.ts", "utf-8") ?? "").replace(
      /^ +\/\/.*\n/gm,
      "",
    );
    expect(code.slice(code.indexOf("} from"))).toBe(
      `} from "@acme/greeter-contract/assembly";

class MyFirst implements First {
  a(request: M): M {
    return new M();
  }

  b(request: M): M {
    return new M();
  }
}

registerFirst(new MyFirst());

class MySecond implements Second {
  c(request: M): M {
    return new M();
  }
}

registerSecond(new MySecond());
`,
    );
    const spec = tree.read("both-plugin/test/both.spec.ts", "utf-8");
    expect(spec).toContain('});\n\ndescribe("Second of both-plugin"');
    expect(spec).toContain('});\n\n  it("answers b"');
    folder.remove();
  });
});

describe("a plugin in Go", () => {
  it("is a module of its own, tested like any other plugin", async () => {
    const tree = packagesWorkspace();
    tree.write("go.work", "go 1.24.0\n");
    await pluginGenerator(tree, { name: "greeter", language: "go", skipFormat });
    expect(filesOf(tree).filter((path) => path.startsWith("greeter-plugin"))).toEqual(
      [
        ".gitignore",
        "go.mod",
        "go.sum",
        "jest.config.cjs",
        "main.go",
        "package.json",
        "test/greeter.spec.ts",
        "tsconfig.json",
        "wplug.json",
      ].map((file) => `greeter-plugin/${file}`),
    );
    expect(readJson(tree, "greeter-plugin/wplug.json").language).toBe("go");
    expect(tree.read("greeter-plugin/.gitignore", "utf-8")).toBe("gen/\ndist/\n");
    expect(tree.read("greeter-plugin/main.go", "utf-8")).toContain(
      "\tgreeterv1.RegisterGreeter(myGreeter{})\n",
    );
    expect(tree.read("go.work", "utf-8")).toContain("use ./greeter-plugin\n");
  });
});

describe.each([
  ["packages", packagesWorkspace],
  ["paths", pathsWorkspace],
])("a plugin in TypeScript, in a workspace of %s", (_kind, workspace) => {
  it("is one module, which tsc checks as well as its tests", async () => {
    const tree = workspace();
    await pluginGenerator(tree, { name: "greeter", language: "typescript", skipFormat });
    const files = filesOf(tree).filter((path) => path.startsWith("greeter-plugin"));
    expect(files).toContain("greeter-plugin/src/index.ts");
    expect(files).toContain("greeter-plugin/test/greeter.spec.ts");
    expect(files).not.toContain("greeter-plugin/assembly/index.ts");
    expect(tree.read("greeter-plugin/src/index.ts", "utf-8")).toContain(
      'from "@acme/greeter-contract/plugin"',
    );
    expect(readJson(tree, "greeter-plugin/tsconfig.json").include).toEqual(["src", "test"]);
    expect(readJson(tree, "greeter-plugin/src/tsconfig.json")).toMatchObject({
      extends: "../tsconfig.json",
      compilerOptions: { types: ["@wplug/runtime/plugin-globals"] },
    });
    expect(tree.read("greeter-contract/.gitignore", "utf-8")?.match(/src\/gen/g)).toHaveLength(1);
  });

  it("finds its SDK in a contract that was made before there were plugins in TypeScript", async () => {
    const folder = workspaceFolder();
    const tree = workspace();
    tree.root = folder.path;
    await contractGenerator(tree, { name: "greeter", skipFormat });
    tree.delete("greeter-contract/src/plugin.ts");
    for (const path of ["greeter-contract/package.json", "tsconfig.base.json"]) {
      const text = tree.read(path, "utf-8");
      if (text !== null)
        tree.write(path, text.replace(/,?\s*"[^"]*\/plugin": (\[[^\]]*\]|"[^"]*")/, ""));
    }
    expect(tree.read("greeter-contract/package.json", "utf-8") ?? "").not.toContain("plugin.ts");
    // Services are read from the disk, by buf.
    flushChanges(tree.root, tree.listChanges());
    await pluginGenerator(tree, { name: "greeter", language: "typescript", skipFormat });
    expect(tree.exists("greeter-contract/src/plugin.ts")).toBe(true);
    const where = ["greeter-contract/package.json", "tsconfig.base.json"]
      .map((path) => tree.read(path, "utf-8") ?? "")
      .join("");
    expect(where.match(/src\/plugin\.ts/g)).toHaveLength(1);
    folder.remove();
  });

  it("is checked without tests, too", async () => {
    const tree = workspace();
    const options = { language: "typescript", unitTestRunner: "none", skipFormat } as const;
    await pluginGenerator(tree, { name: "greeter", ...options });
    const { include, compilerOptions } = readJson(tree, "greeter-plugin/tsconfig.json");
    expect(include).toEqual(["src"]);
    expect(compilerOptions.types).toEqual(["node"]);
    expect(tree.exists("greeter-plugin/src/tsconfig.json")).toBe(true);
  });
});

describe("bad input", () => {
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error as Error,
    );

  it.each([
    [{ name: "9lives" }, /"9lives" cannot be the name of a project: use letters, digits and "-"/],
    [{ name: "a-" }, /"a-" cannot be the name of a project/],
    [{ name: "a".repeat(101) }, /longer than 100 characters/],
    [{ name: "libs/a", directory: "b" }, /"libs\/a" names a folder, and so does --directory/],
    [{ name: "../a" }, /\.\. is outside of the workspace\./],
    [{ name: "/tmp/a" }, /\/tmp is outside of the workspace\./],
    [{ name: "a", importPath: "A B" }, /"A B" cannot be the name of a package/],
    [{ name: "a", directory: "../b" }, /\.\.\/b is outside of the workspace\./],
    [
      { name: "a", contract: "b-contract" },
      /There is no contract b-contract in this workspace\. "nx g wplug:contract b" makes one\./,
    ],
    [
      { name: "a", language: "cobol" },
      /"language" must be one of "assemblyscript", "typescript", "go", "tinygo", "rust", not "cobol"/,
    ],
  ])("makes nothing of %j, and says why without a stack trace", async (options, message) => {
    const tree = pathsWorkspace();
    const error = await failure(pluginGenerator(tree, { ...options, skipFormat }));
    expect(error?.message).toMatch(message);
    expect(error?.stack).toBeUndefined();
    expect(filesOf(tree)).toEqual([]);
  });

  it.each([
    [
      "a project",
      { "other/project.json": { name: "billing-plugin" } },
      "There is a project billing-plugin already, in other: choose another name.",
    ],
    [
      "a folder by another project",
      { "billing-plugin/project.json": { name: "mine" } },
      "billing-plugin is the project mine already: choose another name, or another folder by --directory.",
    ],
    [
      "a folder",
      { "billing-plugin/notes.txt": {} },
      "billing-plugin exists already and is no plugin of wplug: choose another name, or another folder by --directory.",
    ],
    [
      "a package",
      {
        "other/package.json": { name: "@acme/billing-plugin" },
        "other/project.json": { name: "other" },
      },
      "@acme/billing-plugin is the name of the package in other already: choose another one by --importPath.",
    ],
    [
      "an installed package",
      { "package.json": { name: "@acme/source", dependencies: { "@acme/billing-plugin": "1" } } },
      "@acme/billing-plugin is the name of a package that the workspace has installed already: choose another one by --importPath.",
    ],
    [
      "the contract that would be made",
      { "billing-contract/notes.txt": {} },
      "billing-contract exists already and is no contract of wplug: choose another name, or another folder by --directory.",
    ],
  ])("writes nothing if %s is taken", async (_what, files, message) => {
    const tree = pathsWorkspace();
    for (const [path, content] of Object.entries(files)) tree.write(path, JSON.stringify(content));
    const before = tree.listChanges().length;
    const error = await failure(pluginGenerator(tree, { name: "billing", skipFormat }));
    expect(error?.message).toBe(message);
    expect(tree.listChanges()).toHaveLength(before);
  });

  it("lists the contracts there are", async () => {
    const tree = pathsWorkspace();
    await contractGenerator(tree, { name: "greeter", skipFormat });
    const error = await failure(hostGenerator(tree, { name: "shop", contract: "x", skipFormat }));
    expect(error?.message).toBe(
      "There is no contract x in this workspace. There is: greeter-contract.",
    );
  });
});

describe("in other workspaces of packages", () => {
  it("names the contract beside a plugin by the shortest way, as Nx does", async () => {
    const tree = packagesWorkspace();
    tree.write("tsconfig.json", JSON.stringify({ files: [], references: [] }));
    tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { composite: true } }));
    await pluginGenerator(tree, { name: "greeter", directory: "libs", skipFormat });
    expect(readJson(tree, "libs/greeter-plugin/tsconfig.json").references).toEqual([
      { path: "../greeter-contract/tsconfig.json" },
    ]);
  });
});

describe("tags", () => {
  it("say what a project is and of which contract", async () => {
    const tags = ["type:contract", "wplug:greeter-contract"];
    const inPackages = packagesWorkspace();
    await contractGenerator(inPackages, { name: "greeter", skipFormat });
    expect(readJson(inPackages, "greeter-contract/package.json")).toMatchObject({ nx: { tags } });
    const inPaths = pathsWorkspace();
    await pluginGenerator(inPaths, { name: "greeter", skipFormat });
    expect(readJson(inPaths, "greeter-contract/project.json")).toMatchObject({ tags });
    expect(readJson(inPaths, "greeter-plugin/project.json")).toMatchObject({
      tags: ["type:plugin", "wplug:greeter-contract"],
    });
  });
});

describe("sync", () => {
  let folder: TemporaryFolder;
  let tree: Tree;

  beforeEach(async () => {
    folder = workspaceFolder();
    tree = packagesWorkspace();
    tree.root = folder.path;
    await contractGenerator(tree, { name: "greeter", commitGenerated: true, skipFormat });
    flush();
  });

  afterEach(() => folder.remove());

  const flush = () => flushChanges(tree.root, tree.listChanges());
  const proto = "greeter-contract/proto/greeter.proto";
  const generated = "greeter-contract/src/gen/greeter.pb.ts";

  it("writes the SDKs of a contract that has them in version control, and only then", async () => {
    expect(tree.read("greeter-contract/.gitignore", "utf-8")).toBe("dist/\n");
    const first = await syncGenerator(tree);
    expect(first.outOfSyncDetails?.join()).toContain(generated);
    expect(tree.read(generated, "utf-8")).toContain("class GreetRequest");
    flush();
    expect(await syncGenerator(tree)).toEqual({});
    // As git checks out on Windows.
    for (const path of [proto, generated]) {
      tree.write(path, (tree.read(path, "utf-8") ?? "").replaceAll("\n", "\r\n"));
    }
    flush();
    expect(await syncGenerator(tree)).toEqual({});

    tree.write(proto, (tree.read(proto, "utf-8") ?? "").replaceAll("GreetReply", "Greeting"));
    tree.write(
      "greeter-contract/src/gen/old.pb.ts",
      "// Generated by wplug 0.0.1 from old.proto.\n",
    );
    tree.write("greeter-contract/src/gen/mine.ts", "// mine\n");
    flush();
    const { outOfSyncDetails } = await syncGenerator(tree);
    expect(outOfSyncDetails?.join()).toContain("greeter-contract/src/gen/old.pb.ts");
    expect(tree.read(generated, "utf-8")).toContain("class Greeting");
    expect(tree.exists("greeter-contract/src/gen/old.pb.ts")).toBe(false);
    expect(tree.exists("greeter-contract/src/gen/mine.ts")).toBe(true);
  });

  it("gives back to nx.json what the targets of wplug need", async () => {
    await syncGenerator(tree);
    tree.write(
      "nx.json",
      JSON.stringify({ plugins: [{ plugin: "wplug" }, "@nx/js/typescript"], targetDefaults: {} }),
    );
    expect((await syncGenerator(tree)).outOfSyncDetails).toEqual([
      "nx.json: wplug is the last of the plugins, so that its targets are its own",
      "nx.json: targetDefaults has an entry for every executor of wplug",
    ]);
    expect(readNxJson(tree)).toMatchObject({
      plugins: ["@nx/js/typescript", { plugin: "wplug" }],
      targetDefaults: { "wplug:build": {} },
    });
    expect(await syncGenerator(tree)).toEqual({});
  });

  it("leaves other contracts alone, and says what is wrong with a proto", async () => {
    await syncGenerator(tree);
    tree.write("greeter-contract/wplug.json", JSON.stringify({ type: "contract" }));
    tree.write(proto, "syntax = ;");
    flush();
    expect(await syncGenerator(tree)).toEqual({});
    tree.write(
      "greeter-contract/wplug.json",
      JSON.stringify({ type: "contract", commitGenerated: true }),
    );
    flush();
    await expect(syncGenerator(tree)).rejects.toThrow(/greeter\.proto:1:10/);
  });

  it("finds the new name of a contract by what the code imports", async () => {
    await syncGenerator(tree);
    await pluginGenerator(tree, { name: "polite", contract: "greeter", skipFormat });
    flush();
    expect(await syncGenerator(tree)).toEqual({});
    const manifest = "greeter-contract/package.json";
    updateJson(tree, manifest, (json: object) => ({ ...json, nx: { name: "hello" } }));
    flush();
    expect(await syncGenerator(tree)).toMatchObject({
      outOfSyncDetails: [
        "polite-plugin/wplug.json: the contract greeter-contract is hello now",
        "polite-plugin: the tags are type:plugin, wplug:hello",
      ],
    });
    expect(readJson(tree, "polite-plugin/wplug.json")).toMatchObject({ contract: "hello" });
    expect(await syncGenerator(tree)).toEqual({});
  });
});

describe("publishable", () => {
  it("packs of a contract what was built and what plugins compile, and keeps sources for the workspace", async () => {
    const tree = packagesWorkspace();
    updateJson(tree, "tsconfig.base.json", () => ({
      compilerOptions: { composite: true, module: "nodenext", customConditions: ["@acme/source"] },
    }));
    await pluginGenerator(tree, { name: "greeter", publishable: true, skipFormat });
    const contract = readJson(tree, "greeter-contract/package.json");
    expect(contract).not.toHaveProperty("private");
    expect(contract).toMatchObject({
      files: expect.arrayContaining(["dist", "assembly", "proto", "wplug.json"]) as string[],
      exports: {
        "./host": {
          "@acme/greeter-contract/source": "./src/host.ts",
          types: "./dist/host.d.ts",
          default: "./dist/host.js",
        },
        "./gen/*": { types: "./dist/gen/*.d.ts" },
        "./assembly": "./assembly/index.ts",
      },
      scripts: { prepack: "nx run greeter-contract:build" },
      dependencies: { "@wplug/runtime": expect.stringMatching(/^\^\d/) as string },
    });
    expect(Object.keys(contract.exports["."])[0]).toBe("@acme/greeter-contract/source");
    expect(readJson(tree, "tsconfig.base.json").compilerOptions.customConditions).toEqual([
      "@acme/source",
      "@acme/greeter-contract/source",
    ]);
    expect(readJson(tree, "greeter-plugin/package.json")).toMatchObject({
      files: ["dist/greeter-plugin.wasm", "index.js", "index.d.ts"],
      devDependencies: { "@acme/greeter-contract": "*" },
      dependencies: {},
    });
    expect(tree.exists("greeter-plugin/README.md")).toBe(true);
    expect(readNxJson(tree)?.release?.projects).toEqual(["greeter-plugin", "greeter-contract"]);
    // Once more, nothing changes.
    const before = tree.listChanges().map(({ path, content }) => [path, String(content)]);
    await publishableGenerator(tree, { project: "greeter-contract", skipFormat });
    expect(tree.listChanges().map(({ path, content }) => [path, String(content)])).toEqual(before);
  });

  it("gives projects without a package one, and needs no condition where there are paths", async () => {
    const tree = pathsWorkspace();
    await pluginGenerator(tree, { name: "greeter", skipFormat });
    await publishableGenerator(tree, { project: "greeter-contract", skipFormat });
    expect(readJson(tree, "greeter-contract/package.json")).toMatchObject({
      name: "@acme/greeter-contract",
      version: "0.0.1",
      exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    });
    expect(readJson(tree, "tsconfig.base.json").compilerOptions).not.toHaveProperty(
      "customConditions",
    );
  });

  it("lets the projects of wplug know the condition where the workspace can't", async () => {
    const tree = packagesWorkspace();
    updateJson(tree, "tsconfig.base.json", () => ({ compilerOptions: { module: "commonjs" } }));
    await contractGenerator(tree, { name: "greeter", publishable: true, skipFormat });
    for (const project of ["greeter-contract"]) {
      expect(readJson(tree, `${project}/tsconfig.json`).compilerOptions.customConditions).toEqual([
        "@acme/greeter-contract/source",
      ]);
    }
  });

  it("makes what a contract imports publishable too, and depends on its version", async () => {
    const tree = packagesWorkspace();
    await contractGenerator(tree, { name: "money", skipFormat });
    await contractGenerator(tree, { name: "order", skipFormat });
    const config = { type: "contract", imports: ["money-contract"] };
    tree.write("order-contract/wplug.json", JSON.stringify(config));
    await syncGenerator(tree);
    await publishableGenerator(tree, { project: "order-contract", skipFormat });
    expect(readJson(tree, "money-contract/package.json")).not.toHaveProperty("private");
    expect(readJson(tree, "order-contract/package.json").dependencies).toMatchObject({
      "@acme/money-contract": "^0.0.1",
    });
    expect(readNxJson(tree)?.release?.projects).toEqual(["money-contract", "order-contract"]);
    expect(await syncGenerator(tree)).toEqual({});
  });

  it("is nothing for hosts, and for what is no project", async () => {
    const tree = pathsWorkspace();
    tree.write("shop/wplug.json", JSON.stringify({ type: "host", contracts: [] }));
    tree.write("shop/project.json", JSON.stringify({ name: "shop" }));
    await expect(publishableGenerator(tree, { project: "shop" })).rejects.toThrow(
      "shop is a host, which is an application of its own: only contracts and plugins are for others.",
    );
    await expect(publishableGenerator(tree, { project: "x" })).rejects.toThrow(
      'There is no wplug project x in this workspace: see "nx show projects".',
    );
  });
});

describe("sync of a contract that imports another one", () => {
  const order = { type: "contract", imports: ["money-contract"] };

  it("adds the dependency, and what older contracts do not export", async () => {
    const tree = packagesWorkspace();
    await contractGenerator(tree, { name: "money", skipFormat });
    await contractGenerator(tree, { name: "order", skipFormat });
    const { exports } = readJson(tree, "money-contract/package.json");
    expect(exports).toMatchObject({
      "./gen/*": "./src/gen/*.ts",
      "./assembly/gen/*": "./assembly/gen/*.ts",
    });
    updateJson(tree, "money-contract/package.json", (json) => {
      delete json.exports["./gen/*"];
      delete json.exports["./assembly/gen/*"];
      return json;
    });
    tree.write("order-contract/wplug.json", JSON.stringify(order));
    expect(await syncGenerator(tree)).toMatchObject({
      outOfSyncDetails: [
        "order-contract/package.json: it depends on @acme/money-contract; install packages once more",
        "money-contract/package.json: it exports ./gen/* and ./assembly/gen/*",
      ],
    });
    expect(readJson(tree, "money-contract/package.json").exports).toEqual(exports);
    expect(readJson(tree, "order-contract/package.json").dependencies).toMatchObject({
      "@acme/money-contract": "*",
    });
    expect(await syncGenerator(tree)).toEqual({});
  });

  it("adds paths, also for the editors of its plugins", async () => {
    const tree = pathsWorkspace();
    await contractGenerator(tree, { name: "money", skipFormat });
    await pluginGenerator(tree, { name: "order", skipFormat });
    updateJson(tree, "tsconfig.base.json", (json) => {
      delete json.compilerOptions.paths["@acme/money-contract/gen/*"];
      return json;
    });
    tree.write("order-contract/wplug.json", JSON.stringify(order));
    expect(await syncGenerator(tree)).toMatchObject({
      outOfSyncDetails: [
        "tsconfig.base.json: @acme/money-contract/gen/* has a path",
        "order-contract/assembly/tsconfig.json: it has paths to the contracts that are imported",
        "order-plugin/assembly/tsconfig.json: it has paths to the contracts that are imported",
      ],
    });
    expect(readJson(tree, "tsconfig.base.json").compilerOptions.paths).toMatchObject({
      "@acme/money-contract/gen/*": ["./money-contract/src/gen/*.ts"],
    });
    expect(readJson(tree, "order-plugin/assembly/tsconfig.json").compilerOptions.paths).toEqual({
      "@acme/order-contract/assembly": ["../../order-contract/assembly/index.ts"],
      "@acme/money-contract/assembly/gen/*": ["../../money-contract/assembly/gen/*.ts"],
    });
    expect(await syncGenerator(tree)).toEqual({});
  });
});

describe("sync of a contract that imports another one, in a repository that began as one package", () => {
  it("adds paths to the root configuration that there is", async () => {
    const tree = pathsWorkspace();
    const config = tree.read("tsconfig.base.json", "utf-8") ?? "";
    tree.delete("tsconfig.base.json");
    tree.write("tsconfig.json", config);
    await contractGenerator(tree, { name: "money", skipFormat });
    await contractGenerator(tree, { name: "order", skipFormat });
    updateJson(tree, "tsconfig.json", (json) => {
      delete json.compilerOptions.paths["@acme/money-contract/gen/*"];
      return json;
    });
    const order = { type: "contract", imports: ["money-contract"] };
    tree.write("order-contract/wplug.json", JSON.stringify(order));
    const { outOfSyncDetails } = (await syncGenerator(tree)) as { outOfSyncDetails: string[] };
    expect(outOfSyncDetails).toContain("tsconfig.json: @acme/money-contract/gen/* has a path");
    expect(await syncGenerator(tree)).toEqual({});
  });
});

describe("sync in a workspace of paths", () => {
  it("finds a contract in the folder that it was moved to", async () => {
    const tree = pathsWorkspace();
    await pluginGenerator(tree, { name: "greeter", skipFormat });
    await contractGenerator(tree, { name: "other", skipFormat });
    expect(await syncGenerator(tree)).toEqual({});
    // What @nx/workspace:move leaves: tags with the new folder, and paths to the old one.
    for (const file of tree.children("greeter-contract")) moveTo(tree, file);
    updateJson(tree, "libs/hello-contract/project.json", (json: object) => ({
      ...json,
      tags: ["type:contract", "wplug:libs/hello-contract"],
    }));
    expect(await syncGenerator(tree)).toMatchObject({
      outOfSyncDetails: [
        "tsconfig.base.json: greeter-contract is libs/hello-contract now",
        "greeter-plugin/assembly/tsconfig.json: greeter-contract is in libs/hello-contract",
        "libs/hello-contract: the tags are type:contract, wplug:greeter-contract",
      ],
    });
    expect(readJson(tree, "tsconfig.base.json").compilerOptions.paths).toMatchObject({
      "@acme/greeter-contract": ["./libs/hello-contract/src/index.ts"],
      "@acme/greeter-contract/host": ["./libs/hello-contract/src/host.ts"],
      "@acme/other-contract": ["./other-contract/src/index.ts"],
    });
    expect(readJson(tree, "greeter-plugin/assembly/tsconfig.json").compilerOptions.paths).toEqual({
      "@acme/greeter-contract/assembly": ["../../libs/hello-contract/assembly/index.ts"],
    });
    expect(await syncGenerator(tree)).toEqual({});
  });

  function moveTo(tree: Tree, path: string): void {
    const from = `greeter-contract/${path}`;
    if (tree.isFile(from)) tree.rename(from, `libs/hello-contract/${path}`);
    else for (const child of tree.children(from)) moveTo(tree, `${path}/${child}`);
  }
});

interface Schema {
  readonly description?: string;
  readonly "x-priority"?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
}

/** What an editor would show of a schema without a word. */
function undescribed(schema: Schema, path: string): string[] {
  return [
    ...(schema.description ? [] : [path]),
    ...(schema.oneOf ?? []).flatMap((it, index) => undescribed(it, `${path}#${index}`)),
    ...Object.entries(schema.properties ?? {})
      .filter(([name, it]) => name !== "type" && it["x-priority"] !== "internal")
      .flatMap(([name, it]) => undescribed(it, `${path}: ${name}`)),
  ];
}

describe("schemas", () => {
  const root = join(__dirname, "../..");
  const { generators } = readJsonFile(join(root, "generators.json")) as {
    generators: Record<string, { schema: string; description: string; hidden?: boolean }>;
  };
  const shown = Object.keys(generators).filter((name) => generators[name]?.hidden !== true);

  it.each(shown)("%s has descriptions and examples for people", (name) => {
    const entry = generators[name] as { schema: string; description: string };
    const file = join(root, entry.schema.replace("./dist/", "./src/"));
    expect(existsSync(file)).toBe(true);
    const schema = readJsonFile(file) as {
      description: string;
      examples: { command: string; description: string }[];
      required?: string[];
      properties: Record<string, { description?: string; "x-prompt"?: string }>;
    };
    expect(entry.description).toBeTruthy();
    expect(schema.description).toBeTruthy();
    expect(schema.examples.length).toBeGreaterThan(0);
    for (const property of Object.values(schema.properties))
      expect(property.description).toBeTruthy();
    for (const required of schema.required ?? []) {
      expect(schema.properties[required]?.["x-prompt"]).toBeTruthy();
    }
  });

  it("of executors, of wplug.json and of options have a description of everything", () => {
    const { executors } = readJsonFile(join(root, "executors.json")) as {
      executors: Record<string, { schema: string; description: string }>;
    };
    const published = Object.values(executors).map(({ schema }) =>
      schema.replace("./dist/", "./src/"),
    );
    const silent = [...published, "schema.json", "options.schema.json"].flatMap((path) =>
      undescribed(readJsonFile(join(root, path)) as Schema, path),
    );
    expect(silent).toEqual([]);
  });
});
