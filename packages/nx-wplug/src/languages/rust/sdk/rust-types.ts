import type { ContractFile, Message, TypeName } from "../../../contract/contract";
import { withoutPackage } from "../../../contract/model/names";
import { claimRustName, identifier, snakeCase, upperCamelCase } from "../rust-names";

/** Where something is declared: modules below that of all generated code, then its name. */
export type RustPath = readonly string[];

/** The scalars that prost has in place of wrappers and of Empty: they are messages themselves. */
const PLAIN_MESSAGES: Readonly<Record<string, string>> = {
  DoubleValue: "f64",
  FloatValue: "f32",
  Int64Value: "i64",
  UInt64Value: "u64",
  Int32Value: "i32",
  UInt32Value: "u32",
  BoolValue: "bool",
  StringValue: "::prost::alloc::string::String",
  BytesValue: "::prost::alloc::vec::Vec<u8>",
  Empty: "()",
};

const GOOGLE = "google.protobuf.";

/** The module of the ABI, beside those of packages. */
export const ABI_MODULE = "wplug";

/** Names in the modules of generated code: packages are modules within each other, and so is what a message contains. */
export class RustTypes {
  private readonly modules = new Map<string, RustPath>([["", []]]);
  private readonly scopes = new Map<string, Set<string>>();
  private readonly types = new Map<string, RustPath>();
  private readonly inner = new Map<string, RustPath>();
  private readonly edges = new Map<string, readonly string[]>();

  constructor(files: readonly ContractFile[]) {
    // The file of a module `mod` would be that of the module above it.
    this.scope([]).add(ABI_MODULE);
    for (const file of files) this.module(file.package);
    for (const file of files) {
      const module = this.module(file.package);
      for (const message of file.messages) this.add(message, module, file.package);
      for (const it of file.enums) this.add(it, module, file.package);
      for (const message of file.messages)
        this.edges.set(message.typeName, singularMessages(message));
    }
  }

  /** The module of a package: `greeter.v1` is in `greeter::v1`. */
  module(protoPackage: string): RustPath {
    const known = this.modules.get(protoPackage);
    if (known !== undefined) return known;
    const parts = protoPackage.split(".");
    const parent = this.module(parts.slice(0, -1).join("."));
    const wanted = snakeCase(parts.at(-1) ?? "");
    const path = [...parent, this.claim(parent, wanted === "mod" ? "mod_" : wanted)];
    this.modules.set(protoPackage, path);
    return path;
  }

  /** All modules of packages, with those above them. */
  packageModules(): RustPath[] {
    return [...this.modules.values()];
  }

  /** Claims a name in a module. */
  claim(module: RustPath, wanted: string): string {
    return claimRustName(wanted, this.scope(module));
  }

  pathOf({ typeName }: Pick<TypeName, "typeName">): RustPath {
    const path = this.types.get(typeName);
    if (path === undefined) throw new Error(`${typeName} is not in the contract`);
    return path;
  }

  /** The module of what a message contains: oneofs, and nested types. */
  innerModule(typeName: string): RustPath {
    const known = this.inner.get(typeName);
    if (known !== undefined) return known;
    const path = this.types.get(typeName) ?? [];
    const module = path.slice(0, -1);
    const inner = [...module, this.claim(module, snakeCase(path.at(-1) ?? ""))];
    this.inner.set(typeName, inner);
    return inner;
  }

  /** What a type is called in a module. */
  reference(from: RustPath, type: TypeName): string {
    if (type.wellKnown === true) return wellKnownType(type.typeName);
    return relativePath(from, this.pathOf(type));
  }

  /** Whether a message of this type would contain itself, and so has to be in a box where it is a field of `message`. */
  isRecursive(message: Message, { typeName }: TypeName): boolean {
    const seen = new Set<string>();
    const reaches = (from: string): boolean => {
      if (from === message.typeName) return true;
      if (seen.has(from)) return false;
      seen.add(from);
      return (this.edges.get(from) ?? []).some(reaches);
    };
    return reaches(typeName);
  }

  private add({ typeName }: TypeName, module: RustPath, protoPackage: string): void {
    const name = withoutPackage(typeName, protoPackage).split(".");
    const parent = typeName.slice(0, typeName.lastIndexOf("."));
    const within = name.length > 1 ? this.innerModule(parent) : module;
    this.types.set(typeName, [...within, this.claim(within, upperCamelCase(name.at(-1) ?? ""))]);
  }

  private scope(module: RustPath): Set<string> {
    const key = module.join("::");
    let scope = this.scopes.get(key);
    if (scope === undefined) this.scopes.set(key, (scope = new Set()));
    return scope;
  }
}

/** A path as code in a module writes it: `super::v1::Kind`. */
export function relativePath(from: RustPath, to: RustPath): string {
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => "super"), ...to.slice(shared).map(identifier)].join("::");
}

function singularMessages(message: Message): string[] {
  return message.fields.flatMap((field) =>
    field.cardinality === "singular" && field.value.kind === "message"
      ? field.value.type.typeName
      : [],
  );
}

/**
 * What a type of Google's is called in Rust.
 *
 * @see https://docs.rs/prost-types
 */
export function wellKnownType(typeName: string): string {
  const names = typeName.slice(GOOGLE.length).split(".");
  const plain = names.length === 1 ? PLAIN_MESSAGES[names[0] ?? ""] : undefined;
  if (plain !== undefined) return plain;
  const modules = names.slice(0, -1).map((name) => identifier(snakeCase(name)));
  return ["", "prost_types", ...modules, upperCamelCase(names.at(-1) ?? "")].join("::");
}
