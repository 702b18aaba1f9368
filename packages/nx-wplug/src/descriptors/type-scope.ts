import type { DescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/**
 * Finds the shortest name by which a type can be written where it is used, by the rules of
 * https://protobuf.com/docs/language-spec#reference-resolution
 */
export class TypeScope {
  private readonly types = new Set<string>();
  /** What names can begin with that have a dot in them: packages and types. */
  private readonly prefixes = new Set<string>();

  /** @param files all whose types may be named, and others that could be mistaken for these */
  constructor(files: readonly FileDescriptorProto[]) {
    for (const file of files) {
      const parts = file.package === "" ? [] : file.package.split(".");
      parts.forEach((_, i) => this.prefixes.add(parts.slice(0, i + 1).join(".")));
      file.messageType.forEach((message) => this.addMessage(file.package, message));
      file.enumType.forEach(({ name }) => this.addType(join(file.package, name)));
      file.service.forEach(({ name }) => this.prefixes.add(join(file.package, name)));
    }
  }

  /**
   * @param typeName fully qualified, with a leading dot as in descriptors
   * @param scope full name of the message or package that names it
   */
  shortest(typeName: string, scope: string): string {
    const wanted = typeName.replace(/^\./, "");
    const parts = wanted.split(".");
    for (let from = parts.length - 1; from >= 0; from--) {
      const name = parts.slice(from).join(".");
      if (this.resolve(name, scope) === wanted) return name;
    }
    return typeName;
  }

  private resolve(name: string, scope: string): string | undefined {
    const [first = "", ...rest] = name.split(".");
    const candidates = rest.length === 0 ? this.types : this.prefixes;
    const scopes = scope === "" ? [] : scope.split(".");
    for (let depth = scopes.length; depth >= 0; depth--) {
      const outer = scopes.slice(0, depth).join(".");
      if (candidates.has(join(outer, first))) return join(outer, name);
    }
    return undefined;
  }

  private addMessage(outer: string, message: DescriptorProto): void {
    const typeName = join(outer, message.name);
    this.addType(typeName);
    message.nestedType.forEach((nested) => this.addMessage(typeName, nested));
    message.enumType.forEach(({ name }) => this.addType(join(typeName, name)));
  }

  private addType(typeName: string): void {
    this.types.add(typeName);
    this.prefixes.add(typeName);
  }
}

/** The full name of what is declared in a message or package; the package may be empty. */
export function join(outer: string, name: string): string {
  return outer === "" ? name : `${outer}.${name}`;
}
