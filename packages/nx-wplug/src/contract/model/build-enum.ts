import type { DescEnum } from "@bufbuild/protobuf";

import type { Enum } from "../contract";
import { readComment } from "./comments";
import { claimName } from "./names";
import type { ProtoSource } from "./proto-source";
import { reservedEnumValueNames } from "./reserved-names";
import type { TypeNames } from "./type-names";

export function buildEnum(source: ProtoSource, desc: DescEnum, typeNames: TypeNames): Enum {
  const taken = new Set(reservedEnumValueNames);
  const prefix = commonPrefix(desc);
  return {
    ...typeNames.of(desc),
    comment: readComment(source, desc),
    values: desc.values.map((value) => ({
      name: claimName(value.name.slice(prefix.length), taken),
      protoName: value.name,
      number: value.number,
      comment: readComment(source, value),
    })),
  };
}

/** `STATUS_` if all values of the enum Status start with it and what follows is an identifier, else nothing. */
function commonPrefix(desc: DescEnum): string {
  const prefix = `${desc.name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3_$2").toUpperCase()}_`;
  const shared = desc.values.every(
    ({ name }) => name.startsWith(prefix) && /^[A-Za-z_]/.test(name.slice(prefix.length)),
  );
  return shared ? prefix : "";
}
