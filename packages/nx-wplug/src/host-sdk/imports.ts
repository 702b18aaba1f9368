import { StructureKind, type ImportDeclarationStructure } from "ts-morph";

import type { ContractFile, FileName, TypeName } from "../contract/contract";
import { claimName } from "../contract/model/names";
import { relativeModule } from "../generated/relative-module";

/** What generated code calls of the runtime. */
const RUNTIME = "@wplug/runtime/codegen";

interface Imported {
  readonly local: string;
  /** Whether it is used as a value, not only as a type. */
  value: boolean;
}

/** Collects the imports of a generated file. A name that is taken there is imported under another one. */
export class Imports {
  private readonly modules = new Map<string, Map<string, Imported>>();
  private readonly taken: Set<string>;

  /**
   * @param file the proto file that the generated file comes from
   * @param declared names that the generated file declares itself
   * @param declares whether those are the types of the proto file, which need no import then
   * @param runtime the module of the runtime that the code calls
   */
  constructor(
    private readonly file: ContractFile,
    declared: Iterable<string>,
    private readonly declares: "types" | "services",
    private readonly runtimeModule = RUNTIME,
  ) {
    this.taken = new Set(declared);
  }

  /** Local name of a function or class of the runtime. */
  runtime(name: string): string {
    return this.use(this.runtimeModule, name, true);
  }

  /** Local name of a type of the runtime. */
  runtimeType(name: string): string {
    return this.use(this.runtimeModule, name, false);
  }

  /** Local name of a message class or enum where it is used as a value. */
  value(type: TypeName): string {
    return this.message(type, true);
  }

  /** Local name of a message class or enum where it is used as a type. */
  type(type: TypeName): string {
    return this.message(type, false);
  }

  /** Local name of the constant that describes an enum of another file for JSON. */
  jsonEnum(type: TypeName): string {
    return this.use(moduleOf(type, "json", this.file), jsonEnumName(type.name), true);
  }

  /** Makes sure that the JSON code of a type of another file, or its table, is loaded. */
  sideEffects(type: TypeName, kind: "json" | "table" = "json"): void {
    const module = moduleOf(type, kind, this.file);
    if (!this.modules.has(module)) this.modules.set(module, new Map());
  }

  /** Import declarations, sorted by module, the runtime first. */
  declarations(): ImportDeclarationStructure[] {
    return [...this.modules]
      .sort(([a], [b]) => compare(a.replace("@", " "), b.replace("@", " ")))
      .map(([moduleSpecifier, names]) => declaration(moduleSpecifier, names));
  }

  private message(type: TypeName, value: boolean): string {
    if (this.declares === "types" && type.file === this.file.path) return type.name;
    return this.use(moduleOf(type, "pb", this.file), type.name, value);
  }

  private use(module: string, name: string, value: boolean): string {
    let names = this.modules.get(module);
    if (names === undefined) this.modules.set(module, (names = new Map<string, Imported>()));
    let imported = names.get(name);
    if (imported === undefined) {
      imported = { local: claimName(name, this.taken), value };
      names.set(name, imported);
    }
    imported.value ||= value;
    return imported.local;
  }
}

/**
 * The module that is generated of a file: of the same contract, of another one, or of well-known types.
 *
 * @param of what the file, or one of its types, is called
 * @param from the file whose code imports it
 */
export function moduleOf(
  of: FileName & { readonly wellKnown?: boolean },
  kind: "pb" | "json" | "table",
  from: Pick<ContractFile, "path">,
): string {
  const module = `${of.file.replace(/\.proto$/, "")}.${kind}`;
  if (of.wellKnown === true) return `@wplug/well-known-types/${module}.js`;
  // A subpath of its package, which says what its file is called.
  if (of.importedFrom !== undefined) return `${of.importedFrom}/gen/${module}`;
  return relativeModule(from.path, `${module}.js`);
}

/** Name of the constant that describes an enum for JSON: no name in a proto has a `$` in front. */
export function jsonEnumName(name: string): string {
  return `$${name}`;
}

function declaration(
  moduleSpecifier: string,
  names: ReadonlyMap<string, Imported>,
): ImportDeclarationStructure {
  if (names.size === 0) return { kind: StructureKind.ImportDeclaration, moduleSpecifier };
  const isTypeOnly = [...names.values()].every(({ value }) => !value);
  const specifiers = [...names]
    .sort(([a], [b]) => compare(a, b))
    .map(([name, { local, value }]) => {
      const type = value || isTypeOnly ? "" : "type ";
      return type + (local === name ? name : `${name} as ${local}`);
    });
  return {
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier,
    isTypeOnly,
    namedImports: (writer) =>
      writer.write(
        specifiers.join().length < 60
          ? specifiers.join(", ")
          : // ts-morph indents it.
            `\n${specifiers.map((specifier) => `${specifier},\n`).join("")}`,
      ),
  };
}

// Not localeCompare, whose order depends on the machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
