import { inflateRawSync } from "node:zlib";

import { create, type DescFile, fromBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import * as wellKnown from "@bufbuild/protobuf/wkt";

import { reasonOf } from "../errors/reason-of";
import { UserError } from "../errors/user-error";

/** Bytes of descriptors: the largest contract that we know, of 547 messages, has 300 kB with all comments. */
const MOST = 16 << 20;

/**
 * Reads what `describeContract` wrote, which may come from anybody. The well-known protos that it leaves out are put in.
 *
 * @throws UserError if it is damaged, or too large when it is decompressed
 */
export function readDescriptors(compressed: Uint8Array): FileDescriptorSet {
  try {
    const bytes = inflateRawSync(compressed, { maxOutputLength: MOST });
    const { file } = fromBinary(FileDescriptorSetSchema, bytes);
    return create(FileDescriptorSetSchema, { file: withWellKnown(file) });
  } catch (error) {
    const { code } = error as { code?: unknown };
    const reason =
      code === "ERR_BUFFER_TOO_LARGE" ? `it has more than ${MOST} bytes` : reasonOf(error);
    throw new UserError(`The description of the contract in this plugin can't be read: ${reason}`);
  }
}

/** Imports first, as in a set of a compiler. */
function withWellKnown(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const known = new Map(
    Object.values(wellKnown)
      .filter((it): it is DescFile => typeof it === "object" && "kind" in it && it.kind === "file")
      .map(({ proto }) => [proto.name, proto]),
  );
  const given = new Set(files.map(({ name }) => name));
  const added = new Map<string, FileDescriptorProto>();
  const add = (names: readonly string[]): void => {
    for (const name of names) {
      const proto = known.get(name);
      if (proto === undefined || given.has(name) || added.has(name)) continue;
      add(proto.dependency);
      added.set(name, proto);
    }
  };
  files.forEach(({ dependency }) => add(dependency));
  return [...added.values(), ...files];
}
