import { posix } from "node:path";

import { addTsConfigPath } from "@nx/js";
import { readJson, type Tree, writeJson } from "@nx/devkit";

import { importedContracts } from "../../config/imported-contracts";
import { contractsOf, type WplugConfig } from "../../config/wplug-config";
import { languageNamed, languagesOfContracts } from "../../languages/find-language";
import type { ContractSdk } from "../../languages/language";
import { editJson } from "../../workspace/edit-json";
import { importPathIn } from "../../workspace/import-path-in";
import { rootTsconfig } from "../../workspace/root-tsconfig";
import { parseTsconfigPaths, pathsIn } from "../../workspace/tsconfig-paths";
import { workspaceVersion } from "../../workspace/workspace-kind";
import { contractExports } from "../util/contract-exports";
import type { SyncProject } from "./sync-project";

/**
 * Mends what code of a contract needs to import that of another one, after its wplug.json has got "imports": a dependency, the
 * subpaths of the other's package or, in a workspace without packages, the paths to it.
 *
 * @returns what was mended, for people
 */
export function mendImports(tree: Tree, projects: readonly SyncProject[]): string[] {
  const byName = new Map(projects.map((project) => [project.name, project]));
  const importsOf = (name: string): readonly string[] => {
    const config = byName.get(name)?.config;
    return config?.type === "contract" ? config.imports : [];
  };
  return projects.flatMap((project) => {
    const { name, config } = project;
    const direct = importsOf(name).flatMap((it) => byName.get(it) ?? []);
    const used = contractsOf(name, config).flatMap((it) => importedContracts(it, importsOf));
    const all = [...new Set(used)].flatMap((it) => byName.get(it) ?? []);
    return [
      ...direct.flatMap((imported) => mendPackage(tree, project, imported)),
      ...mendEditorPaths(tree, project, all),
    ];
  });
}

function mendPackage(tree: Tree, { root }: SyncProject, imported: SyncProject): string[] {
  const importPath = importPathIn(tree, imported.root);
  if (importPath === undefined) return [];
  const file = `${imported.root}/package.json`;
  if (!tree.exists(file)) return addPaths(tree, imported.root, importPath);
  return [...addDependency(tree, root, importPath), ...addExports(tree, file)];
}

interface Manifest {
  dependencies?: Record<string, string>;
  exports?: Record<string, unknown> | string;
}

function addDependency(tree: Tree, root: string, importPath: string): string[] {
  const file = `${root}/package.json`;
  if (!tree.exists(file)) return [];
  const manifest = readJson<Manifest>(tree, file);
  if (manifest.dependencies?.[importPath] !== undefined) return [];
  manifest.dependencies = { ...manifest.dependencies, [importPath]: workspaceVersion(tree) };
  writeJson(tree, file, manifest);
  return [`${file}: it depends on ${importPath}; install packages once more`];
}

/** Contracts of earlier versions of wplug have no subpaths for others. */
function addExports(tree: Tree, file: string): string[] {
  const manifest = readJson<Manifest>(tree, file);
  const { exports } = manifest;
  if (typeof exports !== "object") return [];
  const { typescript, foreign } = contractExports();
  const missing = Object.entries({ ...typescript, ...foreign }).filter(
    ([path]) => path.endsWith("/*") && !(path in exports),
  );
  if (missing.length === 0) return [];
  for (const [path, target] of missing) exports[path] = `./${target}`;
  writeJson(tree, file, manifest);
  return [`${file}: it exports ${missing.map(([path]) => path).join(" and ")}`];
}

function addPaths(tree: Tree, root: string, importPath: string): string[] {
  const base = rootTsconfig(tree);
  const paths = pathsIn(tree, base);
  const missing = Object.entries(contractExports().typescript)
    .map(([path, file]): [string, string] => [importPath + path.slice(1), file])
    .filter(([path]) => path.endsWith("/*") && !(path in paths));
  for (const [path, file] of missing) addTsConfigPath(tree, path, [`${root}/${file}`]);
  return missing.map(([path]) => `${base}: ${path} has a path`);
}

/** Paths that editors read beside sources that the TypeScript of the project does not include, where there are no packages. */
function mendEditorPaths(
  tree: Tree,
  { root, config }: SyncProject,
  imported: readonly SyncProject[],
): string[] {
  return sdksOf(config).flatMap(({ tsconfig, folder }) => {
    if (tsconfig === undefined) return [];
    const file = `${root}/${tsconfig}`;
    const before = tree.read(file, "utf-8");
    if (before === null) return [];
    let text = before;
    for (const { root: other } of imported) {
      const importPath = importPathIn(tree, other);
      if (importPath === undefined || tree.exists(`${other}/package.json`)) continue;
      const path = `${importPath}/${folder}/*`;
      if (path in parseTsconfigPaths(text).paths) continue;
      const target = `${posix.relative(posix.dirname(file), `${other}/${folder}`)}/*.ts`;
      text = editJson(text, ["compilerOptions", "paths", path], [target]);
    }
    if (text === before) return [];
    tree.write(file, text);
    return [`${file}: it has paths to the contracts that are imported`];
  });
}

/** The SDKs that a contract has, or the one that a plugin imports. */
function sdksOf(config: WplugConfig): ContractSdk[] {
  if (config.type === "host") return [];
  if (config.type === "contract") return languagesOfContracts().map(({ sdk }) => sdk);
  const { sdk } = languageNamed(config.language);
  return sdk.place === "contract" ? [sdk] : [];
}
