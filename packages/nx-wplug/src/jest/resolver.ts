import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { sourceConditions } from "../workspace/source-conditions";
import { tsconfigPaths } from "../workspace/tsconfig-paths";

interface ResolverOptions {
  readonly basedir: string;
  /** Conditions of `exports`. */
  readonly conditions?: readonly string[];
  readonly defaultResolver: (path: string, options: ResolverOptions) => string;
}

/**
 * How jest finds what TypeScript imports: `./x.js` may be `x.ts`, as in TypeScript's own resolution, and a path of
 * tsconfig.base.json is a file of the workspace.
 */
export function sync(path: string, options: ResolverOptions): string {
  const file = findPath(path, pathsOf(options.basedir));
  if (file !== undefined) return file;
  const sources = sourceConditions(options.basedir);
  const withSources =
    sources.length === 0
      ? options
      : { ...options, conditions: [...(options.conditions ?? []), ...sources] };
  try {
    return options.defaultResolver(path, withSources);
  } catch (error) {
    if (!/^\.{1,2}\/.*\.js$/.test(path)) throw error;
    return options.defaultResolver(path.replace(/\.js$/, ".ts"), withSources);
  }
}

/** Import path, which may have a `*` -> absolute files, likewise. */
type Paths = Readonly<Record<string, readonly string[]>>;

const pathsByFolder = new Map<string, Paths>();

/** The paths of the tsconfig.base.json in the nearest folder above that has one. */
function pathsOf(folder: string): Paths {
  const known = pathsByFolder.get(folder);
  if (known !== undefined) return known;
  const parent = dirname(folder);
  const isTop = existsSync(join(folder, "tsconfig.base.json")) || parent === folder;
  const paths = isTop ? filesOf(folder) : pathsOf(parent);
  pathsByFolder.set(folder, paths);
  return paths;
}

function filesOf(root: string): Paths {
  return Object.fromEntries(
    Object.entries(tsconfigPaths(root)).map(([path, targets]) => [
      path,
      targets.map((target) => join(root, target)),
    ]),
  );
}

/** The first file that there is, of the path itself or else of the longest one with a `*` that fits. */
function findPath(path: string, paths: Paths): string | undefined {
  if (paths[path] !== undefined) return paths[path].find((file) => existsSync(file));
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

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
