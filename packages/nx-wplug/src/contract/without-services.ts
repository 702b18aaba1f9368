import { clone, create } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/** The same descriptors, but none of the services of some files. */
export function withoutServices(
  { file: files }: FileDescriptorSet,
  paths: readonly string[],
): FileDescriptorSet {
  const without = new Set(paths);
  return create(FileDescriptorSetSchema, {
    file: files.map((original) => {
      if (!without.has(original.name)) return original;
      const file = clone(FileDescriptorProtoSchema, original);
      file.service = [];
      return file;
    }),
  });
}
