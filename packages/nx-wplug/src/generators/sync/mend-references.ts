import { joinPathFragments, readJson, type Tree, visitNotIgnoredFiles } from "@nx/devkit";

import { CONFIG_FILE, contractsOf } from "../../config/wplug-config";
import { rootTsconfig } from "../../workspace/root-tsconfig";
import { parseTsconfigPaths } from "../../workspace/tsconfig-paths";
import type { SyncProject } from "./sync-project";

/**
 * Mends wplug.json files that name a contract which is no project any more, as it was given another name: the contract
 * is the one that the project's code imports. If that is not clear, nothing is changed.
 *
 * @returns what was mended, for people
 */
export function mendReferences(tree: Tree, projects: readonly SyncProject[]): string[] {
  const contracts = projects.filter(({ config }) => config.type === "contract");
  const names = new Set(contracts.map(({ name }) => name));
  const mended: string[] = [];
  for (const { name: project, root, config } of projects) {
    const named = contractsOf(project, config);
    const lost = named.filter((name) => !names.has(name));
    const [missing] = lost;
    if (missing === undefined || lost.length > 1) continue;
    const candidates = contracts.filter(
      (contract) =>
        !named.includes(contract.name) && imports(tree, root, importPathIn(tree, contract.root)),
    );
    const [found] = candidates;
    if (found === undefined || candidates.length > 1) continue;
    const path = `${root}/${CONFIG_FILE}`;
    const text = tree.read(path, "utf-8") ?? "";
    tree.write(path, text.replace(JSON.stringify(missing), JSON.stringify(found.name)));
    mended.push(`${path}: the contract ${missing} is ${found.name} now`);
  }
  return mended;
}

/** What a contract is imported by, as the tree has it; undefined if nothing says so. */
function importPathIn(tree: Tree, root: string): string | undefined {
  const manifest = `${root}/package.json`;
  if (tree.exists(manifest)) return readJson<{ name?: string }>(tree, manifest).name;
  const { paths } = parseTsconfigPaths(tree.read(rootTsconfig(tree) ?? "", "utf-8") ?? "{}");
  const index = `${root}/src/index.ts`;
  return Object.keys(paths).find((path) =>
    paths[path]?.some((target) => joinPathFragments(target) === index),
  );
}

/** Whether any TypeScript or AssemblyScript of a project imports from a package. */
function imports(tree: Tree, root: string, importPath: string | undefined): boolean {
  if (importPath === undefined) return false;
  let found = false;
  visitNotIgnoredFiles(tree, root, (path) => {
    if (found || !path.endsWith(".ts")) return;
    const text = tree.read(path, "utf-8") ?? "";
    found = [`"${importPath}`, `'${importPath}`].some((start) =>
      ["/", start.charAt(0)].some((end) => text.includes(start + end)),
    );
  });
  return found;
}
