import { dirname } from "node:path";

import { viteConditions } from "../workspace/source-conditions";
import { mappedFile } from "../workspace/tsconfig-paths";

/** As much of a plugin of Vite as this one is: https://vite.dev/guide/api-plugin */
export interface WorkspacePathsPlugin {
  readonly name: string;
  readonly enforce: "pre";
  config(config: { root?: string | undefined }): Conditions & { readonly ssr?: Conditions };
  resolveId(source: string, importer: string | undefined): string | undefined;
}

interface Conditions {
  readonly resolve?: { readonly conditions: string[] };
}

/**
 * A plugin of Vite, by which Vitest finds projects of the workspace by their sources: those that are paths of the root's tsconfig,
 * and packages that have their sources behind a condition. `x.ts` where `./x.js` is imported it finds by itself.
 */
export function workspacePaths(): WorkspacePathsPlugin {
  return {
    name: "wplug:workspace-paths",
    enforce: "pre",
    config({ root = process.cwd() }) {
      const conditions = viteConditions(root, "node");
      if (conditions === undefined) return {};
      const resolve = { conditions };
      return { resolve, ssr: { resolve } };
    },
    resolveId: (source, importer) =>
      importer === undefined ? undefined : mappedFile(dirname(importer), source),
  };
}
