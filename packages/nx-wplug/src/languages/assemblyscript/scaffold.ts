import { join } from "node:path";

import { offsetFromRoot, type Tree } from "@nx/devkit";

import { addFile, addFiles } from "../../workspace/add-files";
import { workspaceKind } from "../../workspace/workspace-kind";
import type { ContractReference, NewContract, NewPlugin, ServiceOutline } from "../new-plugin";

/** Adds to a new contract the module that plugins import. */
export function addToContract(tree: Tree, { root }: NewContract): void {
  addFiles(tree, join(__dirname, "files-contract"), root, {});
  addTsconfig(tree, root, []);
}

/** Adds to a new plugin its module, which implements each service by a class. */
export function addToPlugin(tree: Tree, plugin: NewPlugin): void {
  const { name, root, contract, services } = plugin;
  addFiles(tree, join(__dirname, "files"), root, {
    name,
    importPath: contract.importPath,
    services,
    className: (service: ServiceOutline) => `My${service.name}`,
    messages: messageNames(services),
  });
  addTsconfig(tree, root, [contract]);
}

/** The messages that the implementation of the services names, each once. */
function messageNames(services: readonly ServiceOutline[]): string[] {
  const names = services.flatMap(({ methods }) =>
    methods.flatMap(({ input, output }) => [input, output]),
  );
  return [...new Set(names)].sort();
}

/** For editors, which take AssemblyScript for TypeScript. */
function addTsconfig(tree: Tree, root: string, contracts: readonly ContractReference[]): void {
  addFile(tree, root, "assembly/tsconfig.json", {
    extends: "assemblyscript/std/assembly.json",
    ...(workspaceKind(tree) === "paths" && {
      compilerOptions: {
        paths: Object.fromEntries(
          contracts
            .filter(({ installed }) => installed === undefined)
            .map((it) => [
              `${it.importPath}/assembly`,
              [`../${offsetFromRoot(root)}${it.root}/assembly/index.ts`],
            ]),
        ),
      },
    }),
    include: ["./**/*.ts"],
  });
}
