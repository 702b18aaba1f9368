import {
  addDependenciesToPackageJson,
  formatFiles,
  type GeneratorCallback,
  readJson,
  type Tree,
} from "@nx/devkit";

import { wplugVersion } from "../../generated/header";
import { languagesOfContracts } from "../../languages/find-language";
import { registerInNxJson } from "../util/nx-json";
import type { InitGeneratorSchema } from "./schema";

/** Newest versions that wplug is tested with; each language adds its own. */
const DEV_DEPENDENCIES = {
  "@swc/core": "^1.16.0",
  "@swc/jest": "~0.2.38",
  "@types/jest": "^30.0.0",
  "@types/node": "^20.19.0",
  jest: "~30.3.0",
  typescript: "~6.0.3",
};

/** Registers wplug in nx.json and adds the packages that its projects need. Running it again changes nothing. */
export async function initGenerator(
  tree: Tree,
  options: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  registerInNxJson(tree);
  const install = addDependencies(tree);
  if (!options.skipFormat) await formatFiles(tree);
  return install;
}

function addDependencies(tree: Tree): GeneratorCallback {
  const { dependencies = {}, devDependencies = {} } = readJson<{
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  }>(tree, "package.json");
  const missing = (wanted: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(wanted).filter(
        ([name]) => !(name in dependencies) && !(name in devDependencies),
      ),
    );
  const ofLanguages = languagesOfContracts().map(({ sdk }) => sdk.devDependencies);
  // The packages of wplug are released together.
  const version = wplugVersion();
  return addDependenciesToPackageJson(
    tree,
    missing({ "@wplug/runtime": version, "@wplug/well-known-types": version }),
    missing(Object.assign({ wplug: version, ...DEV_DEPENDENCIES }, ...ofLanguages)),
    undefined,
    true,
  );
}
