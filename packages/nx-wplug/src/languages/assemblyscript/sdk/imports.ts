import { type ImportDeclarationStructure, StructureKind } from "ts-morph";

import type { ContractFile, FileName, TypeName } from "../../../contract/contract";
import { relativeModule } from "../../../generated/relative-module";
import { LocalNames } from "./local-names";

/** Collects what a generated file imports. */
export class Imports {
  private readonly modules = new Map<string, Map<string, string>>();
  private readonly names: LocalNames;

  /**
   * @param file the proto file that the generated file comes from
   * @param declared names that the generated file itself declares
   */
  constructor(
    private readonly file: ContractFile,
    private readonly declared: ReadonlySet<string>,
  ) {
    this.names = new LocalNames(declared);
  }

  /** Imports `name` from `module` and returns what it is called here. */
  use(module: string, name: string): string {
    let names = this.modules.get(module);
    if (names === undefined) this.modules.set(module, (names = new Map()));
    let local = names.get(name);
    if (local === undefined) names.set(name, (local = this.names.claim(name)));
    return local;
  }

  /** Imports a part of the runtime's wire format. */
  wire(name: string): string {
    return this.use("@wplug/runtime/assembly/wire", name);
  }

  /** What a message or enum is called here. Imports it if another module declares it. */
  type(type: TypeName): string {
    if (type.file === this.file.path && this.declared.has(type.name)) return type.name;
    return this.use(this.moduleOf(type), type.name);
  }

  /** Import declarations, sorted by module, packages first, and by name. */
  structures(): ImportDeclarationStructure[] {
    return [...this.modules]
      .sort(([a], [b]) => compare(rank(a), rank(b)))
      .map(([moduleSpecifier, names]) => ({
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier,
        namedImports: [...names]
          .sort(([a], [b]) => compare(a, b))
          .map(([name, local]) => (name === local ? { name } : { name, alias: local })),
      }));
  }

  /** The module with the messages of a file: of the same contract, of another one, or of well-known types. */
  moduleOf({ file, importedFrom, wellKnown }: FileName & { readonly wellKnown?: boolean }): string {
    const module = `${file.replace(/\.proto$/, "")}.pb`;
    const from = wellKnown === true ? "@wplug/well-known-types" : importedFrom;
    return from === undefined
      ? relativeModule(this.file.path, module)
      : `${from}/assembly/gen/${module}`;
  }
}

function rank(moduleSpecifier: string): string {
  return `${moduleSpecifier.startsWith(".") ? 1 : 0}${moduleSpecifier}`;
}

// Not localeCompare: the order must not depend on the machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
