import type { Tree } from "@nx/devkit";

/**
 * Adds a module to the workspace of Go, if there is one: within it, Go refuses to build modules that it does not name.
 *
 * @param root folder of the module, relative to the workspace's
 * @see https://go.dev/ref/mod#workspaces
 */
export function addToGoWork(tree: Tree, root: string): void {
  const text = tree.read("go.work", "utf-8");
  if (text === null) return;
  const named = [...text.matchAll(/^\s*(?:use\s+)?"?\.\/([^\s")]+?)\/?"?\s*(?:\/\/.*)?$/gm)];
  if (named.some(([, folder]) => folder === root)) return;
  tree.write("go.work", `${text.trimEnd()}\n\nuse ./${root}\n`);
}
