import { getProjects, type Tree } from "@nx/devkit";

import { CONFIG_FILE, parseWplugConfig } from "../config/wplug-config";
import { addContractEntry } from "../generators/util/add-contract-entry";
import { languagesOfContracts } from "../languages/find-language";
import { importPathIn } from "../workspace/import-path-in";

/**
 * Lets every contract of the workspace be imported by plugins in TypeScript, whose SDK is generated for it from now on. Other
 * languages had theirs from the beginning.
 */
export async function addPluginEntries(tree: Tree): Promise<void> {
  const sdks = languagesOfContracts()
    .map(({ sdk }) => sdk)
    .filter(({ tsconfig }) => tsconfig === undefined);
  for (const [name, { root }] of getProjects(tree)) {
    const path = `${root}/${CONFIG_FILE}`;
    const text = tree.read(path, "utf-8");
    if (text === null || parseWplugConfig(text, path).type !== "contract") continue;
    const contract = { root, importPath: importPathIn(tree, root) ?? name };
    for (const sdk of sdks) await addContractEntry(tree, contract, sdk);
  }
}
