import { mappedFiles } from "../workspace/tsconfig-paths";

interface ResolverOptions {
  readonly basedir: string;
  readonly defaultResolver: (path: string, options: ResolverOptions) => string;
}

/**
 * How jest finds what TypeScript imports: `./x.js` may be `x.ts`, as in TypeScript's own resolution, and a path of the root's
 * tsconfig is a file of the workspace.
 */
export function sync(path: string, options: ResolverOptions): string {
  const file = mappedFiles(options.basedir).get(path);
  if (file !== undefined) return file;
  try {
    return options.defaultResolver(path, options);
  } catch (error) {
    if (!/^\.{1,2}\/.*\.js$/.test(path)) throw error;
    return options.defaultResolver(path.replace(/\.js$/, ".ts"), options);
  }
}
