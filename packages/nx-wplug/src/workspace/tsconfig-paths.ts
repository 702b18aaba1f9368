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

/** An import path of the workspace, as code has it. */
export interface PathPattern {
  /** Fits the whole path; what the `*` stands for, where there is one, is its group. */
  readonly find: RegExp;
  readonly isExact: boolean;
  /** Absolute, with forward slashes; with a `*` where the path has one. */
  readonly targets: readonly string[];
}

/**
 * The import paths of a workspace in the order in which TypeScript prefers them: what is written out, then the longest.
 *
 * @param workspaceRoot absolute
 * @see https://www.typescriptlang.org/tsconfig/#paths
 */
export function pathPatterns(workspaceRoot: string): PathPattern[] {
  return Object.entries(tsconfigPaths(workspaceRoot))
    .map(([path, targets]) => ({
      path,
      find: new RegExp(`^${path.split("*").map(escaped).join("(.*)")}$`),
      isExact: !path.includes("*"),
      targets: targets.map((target) => join(workspaceRoot, target).replaceAll("\\", "/")),
    }))
    .sort((a, b) => Number(b.isExact) - Number(a.isExact) || b.path.length - a.path.length);
}

const patternsByFolder = new Map<string, readonly PathPattern[]>();

/**
 * The file that an import path is in the workspace that a folder is in; undefined if it is none of its paths. For test runners,
 * which don't read paths themselves.
 *
 * @param folder absolute
 */
export function mappedFile(folder: string, path: string): string | undefined {
  for (const { find, isExact, targets } of patternsAbove(folder)) {
    const match = find.exec(path);
    if (match === null) continue;
    if (isExact) return targets.find((file) => existsSync(file));
    const files = targets.map((target) => target.replace("*", () => match[1] ?? ""));
    // TypeScript lets a target leave out the extension.
    const found = files.flatMap((it) => [it, `${it}.ts`]).find((it) => isFile(it));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The paths of the nearest folder above that is the root of a workspace. */
function patternsAbove(folder: string): readonly PathPattern[] {
  const known = patternsByFolder.get(folder);
  if (known !== undefined) return known;
  const parent = dirname(folder);
  const isTop =
    parent === folder ||
    ["nx.json", "tsconfig.base.json"].some((it) => existsSync(join(folder, it)));
  const patterns = isTop ? pathPatterns(folder) : patternsAbove(parent);
  patternsByFolder.set(folder, patterns);
  return patterns;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
