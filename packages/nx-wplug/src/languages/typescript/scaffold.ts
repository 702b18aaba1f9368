import { join } from "node:path";

import { type Tree, updateJson } from "@nx/devkit";

import { addFile, addFiles } from "../../workspace/add-files";
import { usesProjectReferences } from "../../workspace/workspace-kind";
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
  addFile(tree, root, "src/tsconfig.json", {
    extends: "../tsconfig.json",
    compilerOptions: {
      // What the engine has, and nothing of Node, which tests have.
      lib: ["es2023"],
      types: ["@wplug/runtime/plugin-globals"],
      noEmit: true,
      // It is checked with the contract's sources, whatever the workspace does with projects.
      ...(usesProjectReferences(tree) && {
        composite: false,
        declaration: false,
        declarationMap: false,
        emitDeclarationOnly: false,
        incremental: false,
        tsBuildInfoFile: null,
      }),
    },
    include: ["./**/*.ts"],
    exclude: ["./**/*.spec.ts"],
  });
}

/** The messages that the implementation of the services names, each once. */
function requestNames(services: readonly ServiceOutline[]): string[] {
  const names = services.flatMap(({ methods }) => methods.map(({ input }) => input));
  return [...new Set(names)].sort();
}
