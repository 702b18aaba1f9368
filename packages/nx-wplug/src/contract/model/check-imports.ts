import type { DescEnum, DescMessage } from "@bufbuild/protobuf";

import type { ImportedProtos } from "../proto-sources";
import type { Problems } from "./problems";
import { part, type Position, type ProtoSource } from "./proto-source";
import { allMessages } from "./type-names";

/**
 * Adds a problem for each use of a type of a contract that only another one imports: the package of the contract would import from
 * one that it does not depend on.
 *
 * @param imported whose the files of other contracts are, by their paths
 */
export function checkImports(
  sources: readonly ProtoSource[],
  imported: ReadonlyMap<string, ImportedProtos>,
  problems: Problems,
): void {
  if (imported.size === 0) return;
  for (const source of sources) {
    const check = (type: DescMessage | DescEnum | undefined, position: Position): void => {
      const from = type && imported.get(type.file.proto.name);
      if (from === undefined || from.isDirect) return;
      problems.add(
        position,
        `${type?.typeName} is of ${from.contract}: add "${from.contract}" to "imports" in wplug.json`,
      );
    };
    for (const message of allMessages(source.file)) {
      for (const field of message.fields) {
        check(field.message ?? field.enum, source.position(field));
      }
    }
    for (const method of source.file.services.flatMap(({ methods }) => methods)) {
      check(method.input, source.position(method, part.methodInput));
      check(method.output, source.position(method, part.methodOutput));
    }
  }
}
