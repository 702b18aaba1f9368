import { join } from "node:path";

import { getProjects, readJson, readNxJson, type Tree, updateNxJson, writeJson } from "@nx/devkit";

import { parsePluginOptions } from "../../config/plugin-options";
import type { NewWplugConfig, WplugConfig } from "../../config/wplug-config";
import { wplugVersion } from "../../generated/header";
import { languagesOfContracts } from "../../languages/find-language";
import { addFiles } from "../../workspace/add-files";
import { importPathIn } from "../../workspace/import-path-in";
import { addSourceCondition } from "../../workspace/add-source-condition";
import { isPlugin } from "../../workspace/is-plugin";
import { workspaceKind } from "../../workspace/workspace-kind";
import { contractExports } from "../util/contract-exports";

/** A contract or a plugin. */
export interface PublishableProject {
  readonly name: string;
  /** Relative to the workspace's root. */
  readonly root: string;
  readonly config: WplugConfig | NewWplugConfig;
}

interface Manifest {
  name?: string;
  version?: string;
  private?: boolean;
  type?: string;
  files?: readonly string[];
  exports?: Readonly<Record<string, unknown>>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  nx?: Record<string, unknown>;
}

/**
 * Lets `npm pack` make of a project what other repositories can use: of a contract `dist/` for hosts and the sources for
 * plugins, of a plugin its wasm. The workspace itself goes on using the sources of contracts.
 */
export function makePublishable(tree: Tree, project: PublishableProject): void {
  const { name, root, config } = project;
  const file = `${root}/package.json`;
  const manifest: Manifest = tree.exists(file) ? readJson<Manifest>(tree, file) : {};
  const packageName = manifest.name ?? importPathIn(tree, root) ?? name;
  const { scripts, nx, ...rest } = manifest;
  delete rest.private;
  const of = config.type === "contract" ? contractPackage : pluginPackage;
  writeJson(tree, file, {
    name: packageName,
    version: "0.0.1",
    type: "module",
    ...rest,
    ...of(tree, project, manifest, packageName),
    // Whoever packs it packs what fits its sources.
    scripts: { ...scripts, prepack: `nx run ${name}:${buildTargetName(tree)}` },
    // The script is for npm, and no target.
    nx: { ...nx, name, includedScripts: [] },
  });
  const substitutions = { name, packageName, tmpl: "", ...config };
  addFiles(tree, join(__dirname, `files-${config.type}`), root, substitutions);
  addToRelease(tree, name);
}

function contractPackage(
  tree: Tree,
  { root }: PublishableProject,
  manifest: Manifest,
  packageName: string,
): Manifest {
  const { typescript, foreign } = contractExports();
  const condition =
    workspaceKind(tree) === "packages" ? addSourceCondition(tree, packageName) : undefined;
  const built = (file: string) => file.replace(/^src\//, "./dist/").replace(/\.ts$/, "");
  const version = `^${wplugVersion()}`;
  // What TypeScript reads is built to `dist/`.
  const sources = languagesOfContracts().filter(({ sdk }) => sdk.tsconfig !== undefined);
  const folders = sources.map(({ sdk }) => sdk.entry.file.split("/")[0] ?? "");
  const config = readJson<{ proto?: string }>(tree, `${root}/wplug.json`);
  return {
    files: [
      "dist",
      "!dist/out-tsc",
      "!dist/handshake.*",
      ...new Set(folders),
      ...sources.flatMap(({ sdk }) => (sdk.tsconfig === undefined ? [] : [`!${sdk.tsconfig}`])),
      config.proto ?? "proto",
      "wplug.json",
    ],
    exports: {
      ...Object.fromEntries(
        Object.entries(typescript).map(([path, file]) => [
          path,
          {
            ...(condition !== undefined && { [condition]: `./${file}` }),
            types: `${built(file)}.d.ts`,
            default: `${built(file)}.js`,
          },
        ]),
      ),
      ...Object.fromEntries(Object.entries(foreign).map(([path, file]) => [path, `./${file}`])),
      "./package.json": "./package.json",
    },
    dependencies: {
      ...withRanges(tree, manifest.dependencies ?? {}),
      "@wplug/runtime": version,
      "@wplug/well-known-types": version,
    },
  };
}

function pluginPackage(_tree: Tree, { name }: PublishableProject, manifest: Manifest): Manifest {
  const { dependencies = {}, devDependencies = {} } = manifest;
  return {
    files: [`dist/${name}.wasm`, "index.js", "index.d.ts"],
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      [`./${name}.wasm`]: `./dist/${name}.wasm`,
      "./package.json": "./package.json",
    },
    // All that it needs is in the wasm.
    dependencies: {},
    devDependencies: { ...devDependencies, ...dependencies },
  };
}

/** Names it among what `nx release` releases, where that is a list. */
function addToRelease(tree: Tree, name: string): void {
  const nxJson = readNxJson(tree) ?? {};
  const { release } = nxJson;
  if (release?.groups !== undefined || typeof release?.projects === "string") return;
  const projects = release?.projects ?? [];
  if (projects.includes(name)) return;
  updateNxJson(tree, { ...nxJson, release: { ...release, projects: [...projects, name] } });
}

function buildTargetName(tree: Tree): string {
  const own = (readNxJson(tree)?.plugins ?? []).find((plugin) => isPlugin(plugin, "wplug"));
  const options = typeof own === "object" ? own.options : {};
  return parsePluginOptions(options).buildTargetName;
}

/** With the versions of the workspace's packages in place of `*`: `nx release` raises them together. */
function withRanges(
  tree: Tree,
  dependencies: Readonly<Record<string, string>>,
): Record<string, string> {
  const manifests = [...getProjects(tree).values()]
    .map(({ root }) => `${root}/package.json`)
    .filter((file) => tree.exists(file))
    .map((file) => readJson<Manifest>(tree, file));
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => {
      const version = manifests.find((it) => it.name === name)?.version;
      return [name, range === "*" && version !== undefined ? `^${version}` : range];
    }),
  );
}
