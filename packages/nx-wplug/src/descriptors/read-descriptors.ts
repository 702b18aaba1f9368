import { inflateRawSync } from "node:zlib";

import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import { reasonOf } from "../errors/reason-of";
import { UserError } from "../errors/user-error";
import { MOST_DESCRIPTORS, parseDescriptors } from "./parse-descriptors";

/**
 * Reads what `describeContract` wrote, which may come from anybody.
 *
 * @throws UserError if it is damaged, or too large when it is decompressed
 */
export function readDescriptors(compressed: Uint8Array): FileDescriptorSet {
  try {
    return parseDescriptors(inflateRawSync(compressed, { maxOutputLength: MOST_DESCRIPTORS }));
  } catch (error) {
    const { code } = error as { code?: unknown };
    const reason =
      code === "ERR_BUFFER_TOO_LARGE"
        ? `it has more than ${MOST_DESCRIPTORS} bytes`
        : reasonOf(error);
    throw new UserError(`The description of the contract in this plugin can't be read: ${reason}`);
  }
}
