import type { Tree } from "@nx/devkit";

import { mendNxJson } from "../generators/util/nx-json";

/** Gives nx.json the entries that keep defaults for names away from the targets of wplug. */
export function addExecutorDefaults(tree: Tree): void {
  mendNxJson(tree);
}
