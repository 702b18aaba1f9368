import {
  addDependenciesToPackageJson,
  formatFiles,
  type GeneratorCallback,
  readJson,
  readNxJson,
  type Tree,
  updateNxJson,
} from "@nx/devkit";

import { wplugVersion } from "../../generated/header";
import type { InitGeneratorSchema } from "./schema";

/** Newest versions that wplug is tested with. */
const DEV_DEPENDENCIES = {
  "@swc/core": "^1.16.0",
  "@swc/jest": "~0.2.38",
  "@types/jest": "^30.0.0",
  "@types/node": "^20.19.0",
  assemblyscript: "~0.28.20",
  jest: "~30.3.0",
  typescript: "~6.0.3",
};

/** Registers wplug in nx.json and adds the packages that its projects need. Running it again changes nothing. */
export async function initGenerator(
  tree: Tree,
  options: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  registerPlugin(tree);
  const install = addDependencies(tree);
  if (!options.skipFormat) await formatFiles(tree);
  return install;
}

function registerPlugin(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  const { plugins = [], sync = {} } = nxJson;
  const isRegistered = plugins.some(
    (plugin) => (typeof plugin === "string" ? plugin : plugin.plugin) === "wplug",
  );
  if (isRegistered) return;
  // After a project was moved, "nx sync" mends what names it by its former folder.
  const globalGenerators = [...(sync.globalGenerators ?? []), "wplug:sync"];
  updateNxJson(tree, {
    ...nxJson,
    plugins: [...plugins, "wplug"],
    sync: { ...sync, globalGenerators: [...new Set(globalGenerators)] },
  });
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
  // The packages of wplug are released together.
  const version = wplugVersion();
  return addDependenciesToPackageJson(
    tree,
    missing({ "@wplug/runtime": version, "@wplug/well-known-types": version }),
    missing({ wplug: version, ...DEV_DEPENDENCIES }),
    undefined,
    true,
  );
}
