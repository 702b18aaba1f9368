import { create, createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { base64Decode } from "@bufbuild/protobuf/wire";

import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";

/**
 * What the generated `descriptors` of a contract say.
 *
 * @param text a `google.protobuf.FileDescriptorSet` in base64
 * @throws WplugError if it is none
 */
export function readDescriptors(text: string): FileDescriptorSet {
  try {
    return fromBinary(FileDescriptorSetSchema, base64Decode(text));
  } catch (error) {
    throw new WplugError(
      `descriptors: this is not what the SDK of a contract exports as descriptors: ${reasonOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * One registry of several sets, which may have files in common.
 *
 * @throws WplugError if two different files have one name, by which clients ask for them
 */
export function mergeDescriptors(sets: Iterable<FileDescriptorSet>): FileRegistry {
  const files = new Map<string, FileDescriptorProto>();
  for (const { file } of sets) {
    for (const it of file) {
      const known = files.get(it.name);
      if (known !== undefined && declared(known) !== declared(it)) {
        throw new WplugError(
          `descriptors: two contracts have a file ${it.name} each, and clients ask for files by name: put them into folders with different names`,
        );
      }
      if (known === undefined) files.set(it.name, it);
    }
  }
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...files.values()] }));
}

/** What tells files apart: their package and the names in them. */
function declared({ package: name, messageType, enumType, service }: FileDescriptorProto): string {
  return [name, ...[messageType, enumType, service].map((them) => them.map((it) => it.name))].join(
    ";",
  );
}
