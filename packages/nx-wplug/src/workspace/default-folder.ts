import { readNxJson, type Tree } from "@nx/devkit";

import { workspaceGlobs } from "./workspace-globs";

/** `apps` in a workspace that has its applications apart. */
const APPS = "apps";

/**
 * Where a workspace keeps projects of a kind, relative to its root: the folder of the first glob that the package manager
 * links, or that of nx.json, `libs` or `apps`; empty for the root.
 */
export function defaultFolder(tree: Tree, kind: "application" | "library"): string {
  const globs = workspaceGlobs(tree);
  const isApp = kind === "application";
  if (globs !== undefined) {
    const folders = globs.flatMap((glob) => {
      const [, folder] = /^(?:\.?\/)?([^!*?{}[\]()]+)\/\*{1,2}\/?$/.exec(glob) ?? [];
      return folder === undefined ? [] : [folder];
    });
    const fitting = folders.filter((folder) => (folder === APPS) === isApp);
    return fitting[0] ?? folders[0] ?? "";
  }
  const layout = readNxJson(tree)?.workspaceLayout;
  const named = isApp ? layout?.appsDir : layout?.libsDir;
  if (named !== undefined) return named === "." ? "" : named;
  const usual = isApp ? [APPS, "packages"] : ["libs", "packages"];
  return usual.find((folder) => tree.exists(folder)) ?? "";
}
