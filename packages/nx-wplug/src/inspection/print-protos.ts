import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import { WELL_KNOWN_PROTOS } from "../contract/well-known-protos";
import { printProto } from "../descriptors/print-proto";

/** The texts of all files in the set, by their paths, but for those that come with protobuf. */
export function printProtos(set: FileDescriptorSet): (readonly [path: string, text: string])[] {
  return set.file
    .filter(({ name }) => !WELL_KNOWN_PROTOS.includes(name))
    .map(({ name }) => [name, printProto(set, name)] as const);
}
