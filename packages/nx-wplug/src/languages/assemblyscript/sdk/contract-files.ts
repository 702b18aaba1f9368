import { type ExportDeclarationStructure, StructureKind } from "ts-morph";

import type { Contract, ContractFile } from "../../../contract/contract";
import type { GeneratedFile } from "../../../generated/generated-file";
import { declaredNames } from "./declared-names";
import { printSource, type Statements } from "./print-source";
import { registerName } from "./register-name";

const ALL = "the contract's protos";

/** Exports of every plugin beside its services. */
const RUNTIME_EXPORTS = ["malloc", "free", "wplug_panic"];

/** `X.entry.ts`: the exports of a plugin that implements the services of one file, by name. */
export function entryFile(file: ContractFile): GeneratedFile {
  const folders = file.stem.split("/");
  const own = `./${folders[folders.length - 1] ?? ""}.plugin`;
  return {
    path: `${file.stem}.entry.ts`,
    content: printSource(file.path, [runtimeExports(), serviceExports(file, own)]),
  };
}

/** `entry.ts`: the exports of a plugin that implements all services of the contract, by name. */
export function wholeEntryFile(contract: Contract): GeneratedFile {
  return {
    path: "entry.ts",
    content: printSource(ALL, [
      runtimeExports(),
      ...contract.files
        .filter((file) => file.pluginServices.length > 0)
        .map((file) => serviceExports(file, `./${file.stem}.plugin`)),
    ]),
  };
}

function runtimeExports(): ExportDeclarationStructure {
  return exportNames("@wplug/runtime/assembly/abi", RUNTIME_EXPORTS);
}

function serviceExports(file: ContractFile, moduleSpecifier: string): ExportDeclarationStructure {
  return exportNames(
    moduleSpecifier,
    file.pluginServices.flatMap((service) => [
      service.apiVersionExport,
      ...service.methods.map(({ wasmName }) => wasmName),
    ]),
  );
}

/**
 * `index.ts`: what plugin authors import. A name that two files declare is not among it: which one would be meant?
 */
export function indexFile(contract: Contract): GeneratedFile {
  const modules = contract.files.flatMap((file) => [
    { moduleSpecifier: `./${file.stem}.pb`, names: [...declaredNames(file).all] },
    {
      moduleSpecifier: `./${file.stem}.plugin`,
      names: [
        ...(file.hostService === undefined ? [] : [file.hostService.name]),
        ...file.pluginServices.flatMap((service) => [service.name, registerName(service)]),
      ],
    },
  ]);
  const owners = new Map<string, string[]>();
  for (const { moduleSpecifier, names } of modules) {
    for (const name of names) {
      owners.set(name, [...(owners.get(name) ?? []), moduleSpecifier]);
    }
  }
  const ambiguous = [...owners].filter(([, declaredIn]) => declaredIn.length > 1);

  const statements: Extract<Statements, unknown[]> = [];
  for (const { moduleSpecifier, names } of modules) {
    const own = names.filter((name) => owners.get(name)?.length === 1);
    if (own.length > 0) statements.push(exportNames(moduleSpecifier, own));
  }
  for (const [name, declaredIn] of ambiguous) {
    statements.push(`// ${name} is declared twice: import it from ${declaredIn.join(" or ")}`);
  }
  return { path: "index.ts", content: printSource(ALL, statements) };
}

function exportNames(
  moduleSpecifier: string,
  names: readonly string[],
): ExportDeclarationStructure {
  return {
    kind: StructureKind.ExportDeclaration,
    moduleSpecifier,
    namedExports: names.map((name) => ({ name })),
  };
}
