import { create, type DescFile, fromBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import * as wellKnown from "@bufbuild/protobuf/wkt";

/** Bytes of descriptors: the largest contract that we know, of 547 messages, has 300 kB with all comments. */
export const MOST_DESCRIPTORS = 16 << 20;

/**
 * Descriptors that a plugin tells, decompressed. The well-known protos that `describeContract` leaves out are put in.
 *
 * @throws Error if the bytes are no descriptors
 */
export function parseDescriptors(bytes: Uint8Array): FileDescriptorSet {
  const { file } = fromBinary(FileDescriptorSetSchema, bytes);
  return create(FileDescriptorSetSchema, { file: withWellKnown(file) });
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
