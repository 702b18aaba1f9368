import type { DescExtension, DescField, DescMessage } from "@bufbuild/protobuf";
import { Edition, FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

import { WELL_KNOWN_PROTOS } from "../well-known-protos";
import type { Problems } from "./problems";
import { part, type ProtoSource } from "./proto-source";
import { allEnums, allMessages } from "./type-names";

/** What a contract may import without having it. */
const PROVIDED: ReadonlySet<string> = new Set(WELL_KNOWN_PROTOS);

/**
 * The one file of proto2 that there are classes for. As data its messages are like those of proto3 whose fields are all
 * `optional`: it has no groups, its extensions and what its enums don't know stay as they are, and nobody relies on its two
 * required fields.
 */
const DESCRIPTORS = "google/protobuf/descriptor.proto";

/**
 * Adds a problem for everything that would be generated wrongly. Returns false if the file is not worth reading on.
 *
 * @param wanted paths of the files that code is generated for
 */
export function checkSupported(
  source: ProtoSource,
  wanted: ReadonlySet<string>,
  problems: Problems,
): boolean {
  const { file } = source;
  if (file.proto.name === DESCRIPTORS) return true;
  if (file.edition === Edition.EDITION_PROTO2) {
    // Files that declare options are proto2 as a rule, and they are not for us to generate.
    if (file.extensions.some(isOption)) return false;
    const statement = file.proto.syntax === "" ? [] : [part.fileSyntax];
    problems.add(
      source.position(file, ...statement),
      'proto2 is not supported: write syntax = "proto3"; at the top of the file',
    );
    return false;
  }
  file.proto.dependency.forEach((path, index) => {
    if (!path.startsWith("google/protobuf/") || wanted.has(path) || PROVIDED.has(path)) return;
    problems.add(
      source.position(file, part.fileDependency, index),
      `${path} is not one of the well-known types: remove the import and use a message of your own`,
    );
  });
  for (const [index, extension] of file.extensions.entries()) {
    if (isOption(extension)) continue;
    refuseExtension(source, file, part.fileExtension, index, problems);
  }
  for (const desc of allEnums(file)) {
    if (desc.open) continue;
    problems.add(
      source.position(desc),
      `${desc.name} is a closed enum, which is not supported: remove features.enum_type = CLOSED`,
    );
  }
  for (const message of allMessages(file)) checkMessage(source, message, problems);
  return true;
}

function checkMessage(source: ProtoSource, message: DescMessage, problems: Problems): void {
  for (const [index, extension] of message.nestedExtensions.entries()) {
    if (isOption(extension)) continue;
    refuseExtension(source, message, part.messageExtension, index, problems);
  }
  for (const index of message.proto.extensionRange.keys()) {
    refuseExtension(source, message, part.messageExtensionRange, index, problems);
  }
  for (const field of message.fields) {
    const reason = unsupported(field);
    if (reason === undefined) continue;
    problems.add(source.position(field), `${message.name}.${field.name} ${reason}`);
  }
}

/** Options are for those who read the proto, such as google.api.http: no message carries them. */
function isOption({ extendee }: DescExtension): boolean {
  return /^google\.protobuf\.\w+Options$/.test(extendee.typeName);
}

function refuseExtension(
  source: ProtoSource,
  desc: DescMessage | ProtoSource["file"],
  kind: number,
  index: number,
  problems: Problems,
): void {
  problems.add(
    source.position(desc, kind, index),
    "extensions are not supported: use a field of the message itself",
  );
}

function unsupported(field: DescField): string | undefined {
  if (field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED) {
    return "is a required field, which is not supported: remove features.field_presence = LEGACY_REQUIRED";
  }
  if ("delimitedEncoding" in field && field.delimitedEncoding) {
    return "is encoded as a group, which is not supported: remove features.message_encoding = DELIMITED";
  }
  if (field.proto.defaultValue !== "") {
    return "has a default value, which is not supported: remove the option `default`";
  }
  const type = field.message ?? field.enum;
  if (type?.file.edition === Edition.EDITION_PROTO2 && type.file.proto.name !== DESCRIPTORS) {
    return `is of the proto2 type ${type.typeName}, which is not supported: use a message of your own`;
  }
  if (isString(field) && !field.utf8Validation) {
    return "is a string that need not be UTF-8, which is not supported: remove features.utf8_validation = NONE";
  }
  return undefined;
}

function isString(field: DescField): boolean {
  const string = 9;
  return field.scalar === string || (field.fieldKind === "map" && field.mapKey === string);
}
