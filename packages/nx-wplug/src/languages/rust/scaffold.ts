import { join } from "node:path";

import type { Tree } from "@nx/devkit";

import { addFile, addFiles } from "../../workspace/add-files";
import type { NewPlugin } from "../new-plugin";
import { newCargoLock } from "./cargo-lock";
import { addToCargoWorkspace } from "./cargo-workspace";
import { rustOutline } from "./rust-outline";

/** Adds to a new plugin a Cargo package, whose library implements each service by a struct. */
export function addToPlugin(tree: Tree, plugin: NewPlugin): void {
  const { name, root, contract, files, services } = plugin;
  const isMember = addToCargoWorkspace(tree, root, contract.root);
  if (!isMember) addFile(tree, root, "Cargo.lock", newCargoLock(name));
  const outline = rustOutline(files);
  addFiles(tree, join(__dirname, "files"), root, {
    name,
    contract: contract.name,
    isMember,
    uses: outline.uses,
    services: outline.services.map((service, index) => ({
      ...service,
      isGreeter: services[index]?.isGreeter,
    })),
  });
}
