import { posix } from "node:path";

import { addTsConfigPath } from "@nx/js";
import { offsetFromRoot, readJson, type Tree, writeJson } from "@nx/devkit";

import { CONFIG_FILE, contractsOf, type NewWplugConfig } from "../../config/wplug-config";
import type { ContractReference } from "../../languages/new-plugin";
import { addFile } from "../../workspace/add-files";
import { ensureRootTsconfig, rootTsconfig } from "../../workspace/root-tsconfig";
import { type TestRunner, testRunnerInTree } from "../../workspace/test-runner";
import { pathsIn } from "../../workspace/tsconfig-paths";
import { addToGlobs } from "../../workspace/workspace-globs";
import {
  usesProjectReferences,
  workspaceKind,
  workspaceVersion,
} from "../../workspace/workspace-kind";
import type { ProjectLocation } from "./project-location";

export interface NewProject extends ProjectLocation {
  readonly config: NewWplugConfig;
  /** Import path -> file relative to the project, for a project that others import. */
  readonly exports?: Readonly<Record<string, string>>;
  /** Likewise what only other compilers than that of TypeScript read. */
  readonly foreignExports?: Readonly<Record<string, string>>;
  /** Contracts of the workspace that the project imports. */
  readonly contracts?: readonly ContractReference[];
  readonly dependencies?: Readonly<Record<string, string>>;
  /** The TypeScript that tsc checks, relative to the project; undefined if there is none. */
  readonly typescript: string | undefined;
  /** Parts of the standard library of TypeScript beside that of JavaScript. */
  readonly lib?: readonly string[];
  /** Packages with types that are there without an import, beside those of the test runner and Node. */
  readonly types?: readonly string[];
  /** undefined for a project without tests. */
  readonly testRunner: TestRunner | undefined;
}

/** Adds what makes a folder a project of the workspace, of either kind: everything but its own sources. */
export function addProject(tree: Tree, project: NewProject): void {
  const { root, config } = project;
  addFile(tree, root, CONFIG_FILE, {
    $schema: `${offsetFromRoot(root)}node_modules/wplug/schema.json`,
    ...config,
  });
  // Before what extends it.
  if (workspaceKind(tree) === "paths") ensureRootTsconfig(tree);
  addTypeScriptConfigs(tree, project);
  addTestConfig(tree, project);
  if (workspaceKind(tree) === "packages") addPackage(tree, project);
  else addPaths(tree, project);
}

/** For rules about who may depend on whom: what the project is, and of which contracts. */
export function tagsOf(name: string, config: NewWplugConfig): string[] {
  return [
    `type:${config.type}`,
    ...contractsOf(name, config).map((contract) => `wplug:${contract}`),
  ];
}

function addPackage(tree: Tree, project: NewProject): void {
  const { name, root, config, importPath, tags, contracts = [], dependencies = {} } = project;
  const exports = project.exports && { ...project.exports, ...project.foreignExports };
  const version = workspaceVersion(tree);
  addFile(tree, root, "package.json", {
    name: importPath,
    version: "0.0.1",
    private: true,
    type: "module",
    ...(exports && {
      exports: {
        ...Object.fromEntries(Object.entries(exports).map(([path, file]) => [path, `./${file}`])),
        "./package.json": "./package.json",
      },
    }),
    dependencies: {
      ...dependencies,
      ...Object.fromEntries(
        contracts.map(({ importPath, installed }) => [
          importPath,
          installed === undefined ? version : `^${installed}`,
        ]),
      ),
    },
    nx: { name, tags: [...tagsOf(name, config), ...tags] },
  });
  addToGlobs(tree, root);
}

function addPaths(
  tree: Tree,
  { name, root, config, importPath, tags, exports = {} }: NewProject,
): void {
  addFile(tree, root, "project.json", {
    $schema: `${offsetFromRoot(root)}node_modules/nx/schemas/project-schema.json`,
    name,
    sourceRoot: root,
    tags: [...tagsOf(name, config), ...tags],
  });
  const known = pathsIn(tree, ensureRootTsconfig(tree));
  for (const [path, file] of Object.entries(exports)) {
    const entry = importPath + path.slice(1);
    if (entry in known) continue;
    addTsConfigPath(tree, entry, [`${root}/${file}`]);
  }
}

function addTypeScriptConfigs(tree: Tree, project: NewProject): void {
  const { root, contracts = [], typescript, testRunner } = project;
  if (typescript === undefined) return;
  const references = usesProjectReferences(tree);
  const projects = contracts.filter(({ installed }) => installed === undefined);
  const base = baseTsconfig(tree);
  addFile(tree, root, "tsconfig.json", {
    ...(base !== undefined && { extends: `${offsetFromRoot(root)}${base}` }),
    compilerOptions: {
      ...(references
        ? { outDir: "dist/out-tsc", tsBuildInfoFile: "dist/out-tsc/tsconfig.tsbuildinfo" }
        : {
            module: "esnext",
            moduleResolution: "bundler",
            strict: true,
            noEmit: true,
            ...conditionsOf(tree, contracts),
          }),
      lib: ["es2022", ...(project.lib ?? [])],
      target: "es2022",
      types: [...typesOfTests(testRunner), "node", ...(project.types ?? [])],
      // Of packages that the project uses, whose types are checked by those who publish them.
      ...(base === undefined && { skipLibCheck: true }),
    },
    include: [typescript],
    // Files, not folders: a project that is moved leaves its outputs behind, and @nx/js/typescript, which asks whether what
    // is named here exists, would look for a tsconfig.json among them and fail before "nx sync" can put this right.
    ...(references && {
      references: projects.map((it) => ({
        // The shortest way, which is how Nx writes it: any other counts as out of sync.
        path: `${posix.relative(root, it.root)}/tsconfig.json`,
      })),
    }),
  });
  if (references) addReference(tree, root);
}

/** Where not all projects find the sources of contracts by a condition, those do that use a publishable one. */
function conditionsOf(
  tree: Tree,
  contracts: readonly ContractReference[],
): { customConditions?: readonly string[] } {
  const conditions = contracts.flatMap(({ root }) => {
    const file = `${root}/tsconfig.json`;
    if (!tree.exists(file)) return [];
    const { compilerOptions } = readJson<{
      compilerOptions?: { customConditions?: readonly string[] };
    }>(tree, file);
    return compilerOptions?.customConditions ?? [];
  });
  return conditions.length === 0 ? {} : { customConditions: [...new Set(conditions)] };
}

/** What the projects of a workspace extend: packages only what is there for that, and be it nothing. */
function baseTsconfig(tree: Tree): string | undefined {
  const found = rootTsconfig(tree);
  return workspaceKind(tree) === "packages" && found === "tsconfig.json" ? undefined : found;
}

function typesOfTests(runner: TestRunner | undefined): string[] {
  switch (runner) {
    case "jest":
      return ["jest"];
    case "vitest":
      return ["vitest/globals"];
    case undefined:
      return [];
  }
}

function addTestConfig(tree: Tree, { root, name, testRunner }: NewProject): void {
  // A project that has tests keeps what runs them.
  if (testRunner === undefined || testRunnerInTree(tree, root) !== undefined) return;
  const display = JSON.stringify(name);
  switch (testRunner) {
    case "jest":
      addFile(
        tree,
        root,
        "jest.config.cjs",
        `module.exports = { displayName: ${display}, preset: "wplug" };\n`,
      );
      return;
    case "vitest":
      addFile(
        tree,
        root,
        "vitest.config.mts",
        `import { defineConfig } from "vitest/config";
import { workspacePaths } from "wplug/vitest";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [workspacePaths()],
  test: { name: ${display}, globals: true, include: ["{src,test}/**/*.spec.ts"] },
});
`,
      );
  }
}

function addReference(tree: Tree, root: string): void {
  const config = readJson<{ references?: { path: string }[] }>(tree, "tsconfig.json");
  const path = `./${root}`;
  if (config.references?.some((reference) => reference.path === path)) return;
  config.references = [...(config.references ?? []), { path }];
  writeJson(tree, "tsconfig.json", config);
}
