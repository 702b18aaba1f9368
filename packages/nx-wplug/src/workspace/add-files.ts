import { join } from "node:path";

import { generateFiles, logger, OverwriteStrategy, type Tree } from "@nx/devkit";

/**
 * Adds files from templates. What exists stays as it is: it may be the user's work.
 *
 * @param templates absolute folder
 */
export function addFiles(
  tree: Tree,
  templates: string,
  root: string,
  substitutions: Record<string, unknown>,
): void {
  generateFiles(
    tree,
    templates,
    root,
    { tmpl: "", dot: ".", ...substitutions },
    {
      overwriteStrategy: OverwriteStrategy.KeepExisting,
    },
  );
}

/** Writes a file unless there is one. */
export function addFile(tree: Tree, root: string, file: string, content: object | string): void {
  const path = join(root, file).replaceAll("\\", "/");
  if (tree.exists(path)) return;
  tree.write(path, typeof content === "string" ? content : JSON.stringify(content, null, 2) + "\n");
}

/** Says that a generator found its project, and so adds only what is missing. */
export function noteExisting(tree: Tree, root: string): void {
  if (tree.exists(`${root}/wplug.json`)) {
    logger.info(`${root} exists already: its files are kept, only missing ones are added.`);
  }
}
