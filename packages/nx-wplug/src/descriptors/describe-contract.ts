import { clone, create, toBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
  type SourceCodeInfo_Location,
} from "@bufbuild/protobuf/wkt";
import { deflateSync } from "fflate";

import { WELL_KNOWN_PROTOS } from "../contract/well-known-protos";

/**
 * What a plugin tells of its contract: a `google.protobuf.FileDescriptorSet`, imports first, compressed by DEFLATE
 * (RFC 1951). Comments that belong to something are in it; positions of what has none are not, and neither are the protos of
 * well-known types, which every reader has.
 *
 * The same descriptors give the same bytes on any machine: zlib, as Node has it, does not promise that.
 *
 * @see docs/abi.md, The custom section `wplug.descriptors`
 */
export function describeContract({ file: files }: FileDescriptorSet): Uint8Array {
  const described = create(FileDescriptorSetSchema, {
    file: files.filter(({ name }) => !WELL_KNOWN_PROTOS.includes(name)).map(withCommentsAlone),
  });
  return deflateSync(toBinary(FileDescriptorSetSchema, described), { level: 9 });
}

function withCommentsAlone(original: FileDescriptorProto): FileDescriptorProto {
  const file = clone(FileDescriptorProtoSchema, original);
  if (file.sourceCodeInfo !== undefined) {
    file.sourceCodeInfo.location = file.sourceCodeInfo.location.flatMap(withItsComments);
  }
  return file;
}

/** Detached comments belong to nothing: licences, for the most part. */
function withItsComments(location: SourceCodeInfo_Location): SourceCodeInfo_Location[] {
  location.leadingDetachedComments = [];
  return location.leadingComments === "" && location.trailingComments === "" ? [] : [location];
}
