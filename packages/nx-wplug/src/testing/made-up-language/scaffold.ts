import { join } from "node:path";

import type { Tree } from "@nx/devkit";

import type { NewPlugin } from "../../languages/new-plugin";
import { addFiles } from "../../workspace/add-files";

/** Adds to a new plugin a Greeter that answers with what it is asked: both messages have one string. */
export function addToPlugin(tree: Tree, { root, name, contract }: NewPlugin): void {
  addFiles(tree, join(__dirname, "files"), root, { name, contract: contract.name });
}
