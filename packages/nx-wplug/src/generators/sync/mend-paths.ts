import { posix } from "node:path";

import { joinPathFragments, type Tree } from "@nx/devkit";

import { languageNamed } from "../../languages/find-language";
import { rootTsconfig } from "../../workspace/root-tsconfig";
import { pathsIn } from "../../workspace/tsconfig-paths";
import type { SyncProject } from "./sync-project";

/**
 * Mends paths of TypeScript that point to where a contract was before it was moved, in workspaces without packages: those
 * of the root's tsconfig, and those that editors read beside the sources of plugins.
 *
 * @returns what was mended, for people
 */
export function mendPaths(tree: Tree, projects: readonly SyncProject[]): string[] {
  const contracts = projects.filter(({ config }) => config.type === "contract");
  const mended: string[] = [];
  const base = rootTsconfig(tree);
  for (const { from, to } of base === undefined ? [] : findMoves(tree, base, contracts)) {
    if (base !== undefined && replacePaths(tree, base, (target) => moved(target, from, to))) {
      mended.push(`${base}: ${from} is ${to} now`);
    }
  }
  for (const { root, config } of projects) {
    if (config.type !== "plugin") continue;
    const contract = contracts.find(({ name }) => name === config.contract);
    if (contract === undefined) continue;
    const { sdk } = languageNamed(config.language);
    if (sdk.place !== "contract" || sdk.tsconfig === undefined) continue;
    const { entry } = sdk;
    const file = `${root}/${sdk.tsconfig}`;
    const folder = posix.dirname(file);
    const index = posix.relative(folder, `${contract.root}/${entry.file}`);
    const isLost = (target: string) =>
      target.endsWith(`/${entry.file}`) && !tree.exists(posix.join(folder, target));
    if (replacePaths(tree, file, (target) => (isLost(target) ? index : target))) {
      mended.push(`${file}: ${config.contract} is in ${contract.root}`);
    }
  }
  return mended;
}

interface Move {
  readonly from: string;
  readonly to: string;
}

/** Contracts without a path, and the paths to a contract that is not there any more, which may have been theirs. */
function findMoves(tree: Tree, base: string, contracts: readonly SyncProject[]): Move[] {
  const lost: { readonly importPath: string; readonly root: string }[] = [];
  const found = new Set<string>();
  for (const [importPath, targets] of Object.entries(pathsIn(tree, base))) {
    for (const target of targets.map((it) => joinPathFragments(it))) {
      if (!target.endsWith("/src/index.ts")) continue;
      const root = target.slice(0, -"/src/index.ts".length);
      if (tree.exists(target)) found.add(root);
      else lost.push({ importPath, root });
    }
  }
  const homeless = contracts.filter(
    ({ root }) => !found.has(root) && !tree.exists(`${root}/package.json`),
  );
  return homeless.flatMap((contract): Move[] => {
    const isOnly = lost.length === 1 && homeless.length === 1;
    const former = lost.find(
      ({ importPath }) => isOnly || importPath.split("/").at(-1) === contract.name,
    );
    return former === undefined ? [] : [{ from: former.root, to: contract.root }];
  });
}

function moved(target: string, from: string, to: string): string {
  const path = joinPathFragments(target);
  if (!path.startsWith(`${from}/`)) return target;
  return `${target.startsWith("./") ? "./" : ""}${to}${path.slice(from.length)}`;
}

/** Replaces targets of paths in the text, so that comments stay. */
function replacePaths(tree: Tree, file: string, replace: (target: string) => string): boolean {
  const before = tree.read(file, "utf-8");
  if (before === null) return false;
  let text = before;
  for (const target of Object.values(pathsIn(tree, file)).flat()) {
    const replaced = replace(target);
    if (replaced === target) continue;
    text = text.replaceAll(JSON.stringify(target), JSON.stringify(replaced));
  }
  if (text === before) return false;
  tree.write(file, text);
  return true;
}
