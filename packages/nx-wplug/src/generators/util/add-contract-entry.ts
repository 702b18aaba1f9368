import { addTsConfigPath } from "@nx/js";
import type { Tree } from "@nx/devkit";
import { parse } from "jsonc-parser";

import type { ContractSdk } from "../../languages/language";
import type { ContractReference } from "../../languages/new-plugin";
import { editJson } from "../../workspace/edit-json";
import { rootTsconfig } from "../../workspace/root-tsconfig";
import { pathsIn } from "../../workspace/tsconfig-paths";

/**
 * Adds to a contract of the workspace what plugins in a language import, if it was made before wplug had that language. What is
 * there stays as it is.
 */
export async function addContractEntry(
  tree: Tree,
  { root, importPath }: Pick<ContractReference, "root" | "importPath">,
  sdk: ContractSdk,
): Promise<void> {
  await sdk.addToContract(tree, { root });
  const { subpath, file } = sdk.entry;
  const manifest = `${root}/package.json`;
  const text = tree.read(manifest, "utf-8");
  const { exports } = (parse(text ?? "{}") ?? {}) as { exports?: Record<string, unknown> };
  if (text !== null && exports !== undefined) {
    const path = `./${subpath}`;
    if (path in exports) return;
    // What TypeScript reads is exported as the host's part is: as the source, or built as well.
    const value = sdk.tsconfig === undefined ? likeHost(exports["./host"], subpath) : undefined;
    tree.write(manifest, editJson(text, ["exports", path], value ?? `./${file}`));
    return;
  }
  const base = rootTsconfig(tree);
  const paths = base === undefined ? {} : pathsIn(tree, base);
  const entry = `${importPath}/${subpath}`;
  if (!(`${importPath}/host` in paths) || entry in paths) return;
  addTsConfigPath(tree, entry, [`${root}/${file}`]);
}

function likeHost(value: unknown, subpath: string): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value).replaceAll("/host.", `/${subpath}.`));
}
