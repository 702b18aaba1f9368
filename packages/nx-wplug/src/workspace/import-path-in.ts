import { joinPathFragments, readJson, type Tree } from "@nx/devkit";

import { rootTsconfig } from "./root-tsconfig";
import { pathsIn } from "./tsconfig-paths";

/** What a contract is imported by, as the tree has it; undefined if nothing says so. */
export function importPathIn(tree: Tree, root: string): string | undefined {
  const manifest = `${root}/package.json`;
  if (tree.exists(manifest)) return readJson<{ name?: string }>(tree, manifest).name;
  const paths = pathsIn(tree, rootTsconfig(tree));
  const index = `${root}/src/index.ts`;
  return Object.keys(paths).find((path) =>
    paths[path]?.some((target) => joinPathFragments(target) === index),
  );
}
