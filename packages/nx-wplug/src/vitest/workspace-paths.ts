import { dirname } from "node:path";

import { mappedFile } from "../workspace/tsconfig-paths";

/** What Vite wants of a plugin, as far as it is needed here. */
export interface WorkspacePathsPlugin {
  readonly name: string;
  readonly enforce: "pre";
  readonly resolveId: (source: string, importer: string | undefined) => string | undefined;
}

/**
 * A plugin of Vite, by which Vitest finds projects of the workspace that are paths of the root's tsconfig. Those that are
 * packages it finds by itself, and `x.ts` where `./x.js` is imported.
 */
export function workspacePaths(): WorkspacePathsPlugin {
  return {
    name: "wplug:workspace-paths",
    enforce: "pre",
    resolveId: (source, importer) =>
      importer === undefined ? undefined : mappedFile(dirname(importer), source),
  };
}
