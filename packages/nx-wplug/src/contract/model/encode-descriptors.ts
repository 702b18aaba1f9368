import { clone, create, toBinary } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/**
 * A `google.protobuf.FileDescriptorSet` of some files and of all that they import, imports first, without comments and positions:
 * servers and their callers find messages by it, nobody reads it.
 *
 * @param paths of the files, as protobuf knows them
 */
export function encodeDescriptors(
  { file: files }: FileDescriptorSet,
  paths: Iterable<string>,
): Uint8Array {
  const byName = new Map(files.map((file) => [file.name, file]));
  const needed = new Set<string>();
  const add = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    byName.get(name)?.dependency.forEach(add);
  };
  for (const path of paths) add(path);
  const described = files
    .filter(({ name }) => needed.has(name))
    .map((original) => {
      const file = clone(FileDescriptorProtoSchema, original);
      file.sourceCodeInfo = undefined;
      return file;
    });
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: described }));
}
