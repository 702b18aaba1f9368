import { join } from "node:path";

import { type Tree, updateJson } from "@nx/devkit";

import { addFiles } from "../../workspace/add-files";
import type { NewContract, NewPlugin, ServiceOutline } from "../new-plugin";

/** Adds to a new contract the module that plugins import. */
export function addToContract(tree: Tree, { root }: NewContract): void {
  addFiles(tree, join(__dirname, "files-contract"), root, {});
}

/** Adds to a new plugin its module, which implements each service by a class. */
export function addToPlugin(tree: Tree, { name, root, contract, services }: NewPlugin): void {
  addFiles(tree, join(__dirname, "files"), root, {
    name,
    importPath: contract.importPath,
    services,
    className: (service: ServiceOutline) => `My${service.name}`,
    requests: requestNames(services),
  });
  updateJson<{ include?: string[] }>(tree, `${root}/tsconfig.json`, (config) => ({
    ...config,
    include: [...new Set(["src", ...(config.include ?? [])])],
  }));
}

/** The messages that the implementation of the services names, each once. */
function requestNames(services: readonly ServiceOutline[]): string[] {
  const names = services.flatMap(({ methods }) => methods.map(({ input }) => input));
  return [...new Set(names)].sort();
}
