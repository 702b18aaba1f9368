import { clone } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
} from "@bufbuild/protobuf/wkt";

/** What protoc-gen-go-plugin is asked to generate. */
export interface GoDescriptors {
  /** Those that code is generated for and what they import, imports first. */
  readonly files: readonly FileDescriptorProto[];
  /** Paths of those that code is generated for. */
  readonly filesToGenerate: readonly string[];
}

/**
 * The descriptors of a contract as go-plugin's generator can take them. Neither of these changes a message:
 *
 * - without declarations of custom options, at which it crashes, and of room for them, which needs reflection;
 * - each file imports those that declare what it uses, and no others: for other imports it would import Go packages that do
 *   not exist, and at public ones it crashes.
 *
 * @param contractFiles paths of the contract's own files
 */
export function goDescriptors(
  { file: all }: FileDescriptorSet,
  contractFiles: readonly string[],
): GoDescriptors {
  const own = new Set(contractFiles);
  const declaring = new Map(
    all.flatMap((file) => declaredTypes(file).map((type) => [type, file.name] as const)),
  );
  const reduced = all.map((file) => reduce(file, declaring));
  const filesToGenerate = reduced
    .filter(({ name, messageType, enumType, service }) => {
      return own.has(name) && [messageType, enumType, service].some(({ length }) => length > 0);
    })
    .map(({ name }) => name);
  return { files: withImports(filesToGenerate, reduced), filesToGenerate };
}

/** Those of the files that some depend on, themselves included, in the same order. */
function withImports(
  paths: readonly string[],
  files: readonly FileDescriptorProto[],
): FileDescriptorProto[] {
  const needed = new Set(paths);
  // Imports come first, so each file is seen before what it imports.
  for (const { name, dependency } of [...files].reverse()) {
    if (needed.has(name)) for (const path of dependency) needed.add(path);
  }
  return files.filter(({ name }) => needed.has(name));
}

function reduce(
  original: FileDescriptorProto,
  declaring: ReadonlyMap<string, string>,
): FileDescriptorProto {
  const file = clone(FileDescriptorProtoSchema, original);
  file.extension = [];
  for (const message of messagesOf(file)) {
    message.extension = [];
    message.extensionRange = [];
  }
  const used = new Set(usedTypes(file).map((type) => declaring.get(type)));
  used.delete(file.name);
  file.dependency = [...used].filter((path) => path !== undefined).sort();
  file.publicDependency = [];
  file.weakDependency = [];
  return file;
}

/** Names of the types that fields and rpcs use, with a leading dot as descriptors have them. */
function usedTypes(file: FileDescriptorProto): string[] {
  const ofFields = messagesOf(file).flatMap(({ field }) => field.map(({ typeName }) => typeName));
  const ofMethods = file.service.flatMap(({ method }) =>
    method.flatMap(({ inputType, outputType }) => [inputType, outputType]),
  );
  return [...ofFields, ...ofMethods];
}

/** The same names of the types that a file declares. */
function declaredTypes(file: FileDescriptorProto): string[] {
  const scope = file.package === "" ? "" : `.${file.package}`;
  return [
    ...file.enumType.map(({ name }) => `${scope}.${name}`),
    ...file.messageType.flatMap((message) => declaredBy(message, scope)),
  ];
}

function declaredBy({ name, enumType, nestedType }: DescriptorProto, scope: string): string[] {
  const inner = `${scope}.${name}`;
  return [
    inner,
    ...enumType.map((it) => `${inner}.${it.name}`),
    ...nestedType.flatMap((it) => declaredBy(it, inner)),
  ];
}

function messagesOf({ messageType }: FileDescriptorProto): DescriptorProto[] {
  const withNested = (message: DescriptorProto): DescriptorProto[] => [
    message,
    ...message.nestedType.flatMap(withNested),
  ];
  return messageType.flatMap(withNested);
}
