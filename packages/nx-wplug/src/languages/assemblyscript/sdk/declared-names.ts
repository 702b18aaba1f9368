import type { ContractFile } from "../../../contract/contract";
import { LocalNames } from "./local-names";
import { upperFirst } from "../../../contract/model/names";

/** Names that `X.pb.ts` of a file declares. */
export interface DeclaredNames {
  readonly all: ReadonlySet<string>;
  /** Names of the enums that say which member of a oneof is set, by `Message.oneof`. */
  readonly caseEnums: ReadonlyMap<string, string>;
}

export function declaredNames(file: ContractFile): DeclaredNames {
  const types = [...file.enums, ...file.messages].map(({ name }) => name);
  const names = new LocalNames(types);
  const caseEnums = new Map<string, string>();
  for (const message of file.messages) {
    for (const oneof of message.oneofs) {
      caseEnums.set(
        `${message.name}.${oneof.name}`,
        names.claim(`${message.name}_${upperFirst(oneof.name)}Case`),
      );
    }
  }
  return { all: new Set([...types, ...caseEnums.values()]), caseEnums };
}
