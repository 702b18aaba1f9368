import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

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

interface TsConfig {
  readonly compilerOptions?: {
    readonly baseUrl?: string;
    readonly paths?: Readonly<Record<string, readonly string[]>>;
  };
}

const filesByFolder = new Map<string, ReadonlyMap<string, string>>();

/**
 * Import path -> absolute file, of the workspace that a folder is in: for test runners, which don't read paths themselves.
 *
 * @param folder absolute
 */
export function mappedFiles(folder: string): ReadonlyMap<string, string> {
  const known = filesByFolder.get(folder);
  if (known !== undefined) return known;
  const parent = dirname(folder);
  const isTop =
    parent === folder ||
    ["nx.json", "tsconfig.base.json"].some((it) => existsSync(join(folder, it)));
  const files = isTop ? filesOf(folder) : mappedFiles(parent);
  filesByFolder.set(folder, files);
  return files;
}

function filesOf(root: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tsconfigPaths(root)).flatMap(([path, targets]) => {
      const file = targets.map((target) => join(root, target)).find((it) => existsSync(it));
      return file === undefined ? [] : [[path, file]];
    }),
  );
}
