import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";

import type { TypeName } from "../contract";
import { claimName } from "./names";
import { reservedTypeNames } from "./reserved-names";

/** Names of generated classes and enums. They depend on nothing but the file that declares the type. */
export class TypeNames {
  private readonly files = new Map<DescFile, ReadonlyMap<DescMessage | DescEnum, string>>();

  /** @param wanted paths of the files that code is generated for; types of others are well-known ones */
  constructor(private readonly wanted: ReadonlySet<string>) {}

  of(desc: DescMessage | DescEnum): TypeName {
    let names = this.files.get(desc.file);
    if (names === undefined) this.files.set(desc.file, (names = nameTypes(desc.file)));
    return {
      file: desc.file.proto.name,
      name: names.get(desc) ?? desc.name,
      typeName: desc.typeName,
      ...(!this.wanted.has(desc.file.proto.name) && { wellKnown: true }),
    };
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
