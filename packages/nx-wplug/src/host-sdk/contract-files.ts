import { StructureKind, type ExportDeclarationStructure, type StatementStructures } from "ts-morph";

import type { Contract } from "../contract/contract";
import { hasServices } from "../contract/has-services";
import type { GeneratedFile } from "../generated/generated-file";
import { DESCRIPTORS } from "./descriptors-file";
import { hostExports } from "./host-file";
import { moduleOf } from "./imports";
import { hasJson } from "./json-file";
import { declaredTypes } from "./message-file";
import type { PrintFile } from "./print-file";

/** A generated module, and what it exports. */
export interface Module {
  readonly specifier: string;
  readonly names: readonly string[];
}

const source = "the contract's protos";

/** `index.ts`: the messages and enums of all files. */
export function indexFile(contract: Contract, print: PrintFile): GeneratedFile {
  const modules = contract.files.map((file) => ({
    specifier: `./${file.stem}.pb.js`,
    names: declaredTypes(file),
  }));
  return print("index.ts", source, [...exportAll(modules), ...loadJson(contract)]);
}

/** `host.ts`: the services of all files, and their descriptors. */
export function wholeHostFile(contract: Contract, print: PrintFile): GeneratedFile {
  const modules = contract.files
    .filter(hasServices)
    .map((file) => ({ specifier: `./${file.stem}.host.js`, names: hostExports(file) }));
  if (modules.length > 0) modules.push({ specifier: "./descriptors.js", names: [DESCRIPTORS] });
  return print("host.ts", source, [...exportAll(modules), ...loadJson(contract)]);
}

/**
 * What the messages' toJson() and fromJson() need: also those of other packages that no message has, but an rpc. Whoever imports an
 * X.pb.js or X.host.js itself does without.
 */
function loadJson(contract: Contract): StatementStructures[] {
  const foreign = contract.files
    .flatMap(({ hostService, pluginServices }) => [hostService ?? [], pluginServices].flat())
    .flatMap(({ methods }) => methods.flatMap(({ input, output }) => [input, output]))
    .filter((type) => type.wellKnown === true || type.importedFrom !== undefined)
    .map((type) => moduleOf(type, "json", { path: "index.proto" }));
  const modules = [
    ...contract.files.filter(hasJson).map(({ stem }) => `./${stem}.json.js`),
    ...[...new Set(foreign)].sort(),
  ];
  return modules.map((moduleSpecifier, index) => ({
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier,
    ...(index === 0 && { leadingTrivia: "\n" }),
  }));
}

/** Exports of an index. A name that two modules export is not passed on: which one would be meant? */
export function exportAll(modules: readonly Module[]): (string | StatementStructures)[] {
  const origins = new Map<string, string[]>();
  for (const { specifier, names } of modules) {
    for (const name of names) origins.set(name, [...(origins.get(name) ?? []), specifier]);
  }
  const isUnique = (name: string) => origins.get(name)?.length === 1;
  const ambiguous = [...origins].filter(([name]) => !isUnique(name));
  const exports = modules.flatMap(({ specifier, names }): ExportDeclarationStructure[] => {
    const base = { kind: StructureKind.ExportDeclaration, moduleSpecifier: specifier } as const;
    if (names.every(isUnique)) return [base];
    const namedExports = names.filter(isUnique);
    return namedExports.length === 0 ? [] : [{ ...base, namedExports }];
  });
  const comments = ambiguous.map(
    ([name, specifiers]) =>
      `// ${name} is declared more than once: import it from ${specifiers.join(" or ")}.`,
  );
  if (exports.length === 0) {
    // Without any statement the file would not be a module.
    exports.push({ kind: StructureKind.ExportDeclaration, namedExports: [] });
  }
  return [...comments, ...exports];
}
