import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Tree } from "@nx/devkit";
import { parse } from "jsonc-parser";

import { ROOT_TSCONFIGS } from "./root-tsconfig";

/**
 * Import path -> targets relative to the workspace's root, of the root configuration of TypeScript; empty if it maps no
 * paths.
 *
 * @param workspaceRoot absolute
 */
export function tsconfigPaths(workspaceRoot: string): Readonly<Record<string, readonly string[]>> {
  const path = ROOT_TSCONFIGS.map((file) => join(workspaceRoot, file)).find((it) => existsSync(it));
  if (path === undefined) return {};
  const { baseUrl, paths } = parseTsconfigPaths(readFileSync(path, "utf8"));
  return Object.fromEntries(
    Object.entries(paths).map(([name, targets]) => [
      name,
      targets.map((target) => join(baseUrl, target).replaceAll("\\", "/")),
    ]),
  );
}

/** What the text of a tsconfig.json says about paths. */
export function parseTsconfigPaths(
  text: string,
): Required<NonNullable<TsConfig["compilerOptions"]>> {
  const { compilerOptions = {} } = (parse(text) ?? {}) as TsConfig;
  const { baseUrl = ".", paths = {} } = compilerOptions;
  return { baseUrl, paths };
}

/**
 * Import path -> targets, as a tsconfig.json of a tree maps them.
 *
 * @param file of the tree; undefined, or one that is not there, maps none
 */
export function pathsIn(
  tree: Tree,
  file: string | undefined,
): Readonly<Record<string, readonly string[]>> {
  return parseTsconfigPaths(tree.read(file ?? "", "utf-8") ?? "{}").paths;
}

interface TsConfig {
  readonly compilerOptions?: {
    readonly baseUrl?: string;
    readonly paths?: Readonly<Record<string, readonly string[]>>;
  };
}

/** Import path, which may have a `*` -> absolute files, likewise. */
type Paths = Readonly<Record<string, readonly string[]>>;

const pathsByFolder = new Map<string, Paths>();

/**
 * The file that an import path is in the workspace that a folder is in; undefined if it is none of its paths. For test runners,
 * which don't read paths themselves.
 *
 * @param folder absolute
 */
export function mappedFile(folder: string, path: string): string | undefined {
  const paths = pathsAbove(folder);
  if (paths[path] !== undefined) return paths[path].find((file) => existsSync(file));
  // Of those with a `*`, the longest that fits.
  for (const pattern of Object.keys(paths).sort((a, b) => b.length - a.length)) {
    const [start = "", end] = pattern.split("*");
    if (end === undefined || !path.startsWith(start) || !path.endsWith(end)) continue;
    const inside = path.slice(start.length, path.length - end.length);
    const files = paths[pattern]?.map((target) => target.replace("*", () => inside)) ?? [];
    // TypeScript lets a target leave out the extension.
    const found = files.flatMap((it) => [it, `${it}.ts`]).find((it) => isFile(it));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The paths of the nearest folder above that is the root of a workspace. */
function pathsAbove(folder: string): Paths {
  const known = pathsByFolder.get(folder);
  if (known !== undefined) return known;
  const parent = dirname(folder);
  const isTop =
    parent === folder ||
    ["nx.json", "tsconfig.base.json"].some((it) => existsSync(join(folder, it)));
  const paths = isTop ? absolutePaths(folder) : pathsAbove(parent);
  pathsByFolder.set(folder, paths);
  return paths;
}

function absolutePaths(root: string): Paths {
  return Object.fromEntries(
    Object.entries(tsconfigPaths(root)).map(([path, targets]) => [
      path,
      targets.map((target) => join(root, target)),
    ]),
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
