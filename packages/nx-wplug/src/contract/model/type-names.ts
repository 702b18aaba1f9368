import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";

import type { FileName, TypeName } from "../contract";
import type { ImportedProtos } from "../proto-sources";
import { claimName } from "./names";
import { reservedTypeNames } from "./reserved-names";

/** Names of generated classes and enums. They depend on nothing but the file that declares the type. */
export class TypeNames {
  private readonly files = new Map<DescFile, ReadonlyMap<DescMessage | DescEnum, string>>();

  /**
   * @param wanted paths of the files that code is generated for
   * @param imported whose the files of other contracts are; types of all others are well-known ones
   */
  constructor(
    private readonly wanted: ReadonlySet<string>,
    private readonly imported: ReadonlyMap<string, Pick<ImportedProtos, "importPath">>,
  ) {}

  of(desc: DescMessage | DescEnum): TypeName {
    let names = this.files.get(desc.file);
    if (names === undefined) this.files.set(desc.file, (names = nameTypes(desc.file)));
    const path = desc.file.proto.name;
    return {
      ...(this.ofFile(path) ?? { file: path, wellKnown: true }),
      name: names.get(desc) ?? desc.name,
      typeName: desc.typeName,
    };
  }

  /** undefined for a file of well-known types. */
  ofFile(path: string): FileName | undefined {
    if (this.wanted.has(path)) return { file: path };
    const from = this.imported.get(path);
    return from && { file: path, importedFrom: from.importPath };
  }
}

/** All messages of a file, a nested one after the one that contains it. */
export function allMessages(file: DescFile | DescMessage): DescMessage[] {
  const messages = file.kind === "file" ? file.messages : file.nestedMessages;
  return messages.flatMap((message) => [message, ...allMessages(message)]);
}

/** All enums of a file: those of the top level, then those of its messages. */
export function allEnums(file: DescFile): DescEnum[] {
  return [...file.enums, ...allMessages(file).flatMap((message) => message.nestedEnums)];
}

function nameTypes(file: DescFile): Map<DescMessage | DescEnum, string> {
  const taken = new Set(reservedTypeNames);
  const names = new Map<DescMessage | DescEnum, string>();
  const types = [...allMessages(file), ...allEnums(file)];
  // Top-level types come first: they keep their name when a nested one, `Outer.Inner`, wants `Outer_Inner` as well.
  for (const type of types.filter(({ parent }) => parent === undefined)) {
    names.set(type, claimName(type.name, taken));
  }
  for (const type of types.filter(({ parent }) => parent !== undefined)) {
    names.set(type, claimName(nestedName(type), taken));
  }
  return names;
}

function nestedName(type: DescMessage | DescEnum): string {
  return type.parent === undefined ? type.name : `${nestedName(type.parent)}_${type.name}`;
}
