import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { tsconfigPaths } from "../workspace/tsconfig-paths";

interface ResolverOptions {
  readonly basedir: string;
  readonly defaultResolver: (path: string, options: ResolverOptions) => string;
}

/**
 * How jest finds what TypeScript imports: `./x.js` may be `x.ts`, as in TypeScript's own resolution, and a path of
 * tsconfig.base.json is a file of the workspace.
 */
export function sync(path: string, options: ResolverOptions): string {
  const file = pathsOf(options.basedir).get(path);
  if (file !== undefined) return file;
  try {
    return options.defaultResolver(path, options);
  } catch (error) {
    if (!/^\.{1,2}\/.*\.js$/.test(path)) throw error;
    return options.defaultResolver(path.replace(/\.js$/, ".ts"), options);
  }
}

const pathsByFolder = new Map<string, ReadonlyMap<string, string>>();

/** Import path -> absolute file, of the tsconfig.base.json in the nearest folder above that has one. */
function pathsOf(folder: string): ReadonlyMap<string, string> {
  const known = pathsByFolder.get(folder);
  if (known !== undefined) return known;
  const parent = dirname(folder);
  const isTop = existsSync(join(folder, "tsconfig.base.json")) || parent === folder;
  const paths = isTop ? filesOf(folder) : pathsOf(parent);
  pathsByFolder.set(folder, paths);
  return paths;
}

function filesOf(root: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tsconfigPaths(root)).flatMap(([path, targets]) => {
      const file = targets.map((target) => join(root, target)).find((it) => existsSync(it));
      return file === undefined ? [] : [[path, file]];
    }),
  );
}
