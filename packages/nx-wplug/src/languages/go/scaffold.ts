import { join } from "node:path";

import type { Tree } from "@nx/devkit";

import { addFiles } from "../../workspace/add-files";
import type { NewPlugin } from "../new-plugin";
import { GO_PLUGIN_VERSION } from "./go-module";
import { goOutline } from "./go-outline";
import { addToGoWork } from "./go-work";

/** Adds to a new plugin a module with a package main, which implements each service by a type. */
export function addToPlugin(tree: Tree, plugin: NewPlugin): void {
  const { name, root, contract, files, services } = plugin;
  // The folder of the module is its name: nobody imports a plugin.
  const outline = goOutline(files, name);
  addFiles(tree, join(__dirname, "files"), root, {
    name,
    contract: contract.name,
    goPluginVersion: GO_PLUGIN_VERSION,
    imports: outline.imports,
    services: outline.services.map((service, index) => ({
      ...service,
      isGreeter: services[index]?.isGreeter,
    })),
  });
  addToGoWork(tree, root);
}
