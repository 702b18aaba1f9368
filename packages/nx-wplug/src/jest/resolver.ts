import { sourceConditions } from "../workspace/source-conditions";
import { mappedFile } from "../workspace/tsconfig-paths";

interface ResolverOptions {
  readonly basedir: string;
  /** Conditions of `exports`. */
  readonly conditions?: readonly string[];
  readonly defaultResolver: (path: string, options: ResolverOptions) => string;
}

/**
 * How jest finds what TypeScript imports: `./x.js` may be `x.ts`, as in TypeScript's own resolution, and a path of the root's
 * tsconfig is a file of the workspace.
 */
export function sync(path: string, options: ResolverOptions): string {
  const file = mappedFile(options.basedir, path);
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
