import { createFileRegistry } from "@bufbuild/protobuf";
import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import type { Diagnostic } from "../../errors/contract-error";
import type { Contract, ContractFile } from "../contract";
import type { ImportedProtos } from "../proto-sources";
import { buildEnum } from "./build-enum";
import { buildMessage } from "./build-message";
import { buildServices, WasmNames, type Context } from "./build-services";
import { checkAnnotated } from "./check-annotated";
import { checkImports } from "./check-imports";
import { checkSupported } from "./check-supported";
import { readFileComment } from "./comments";
import { encodeDescriptors } from "./encode-descriptors";
import { Problems } from "./problems";
import { ProtoSource } from "./proto-source";
import { allEnums, allMessages, TypeNames } from "./type-names";

export interface BuildOptions {
  /** Whose the files of other contracts are, by their paths. */
  readonly imported?: ReadonlyMap<string, ImportedProtos>;
  /** Told what may be as it is, but probably should not. */
  readonly warn?: (warning: Diagnostic) => void;
}

/**
 * Makes the contract model from descriptors.
 *
 * @param set descriptors of the files and of all that they import, imports first
 * @param filesToGenerate paths of the files to make the model of, as protobuf knows them
 * @throws ContractError with all problems of all files
 */
export function buildContract(
  set: FileDescriptorSet,
  filesToGenerate: readonly string[],
  { imported = new Map(), warn = () => {} }: BuildOptions = {},
): Contract {
  const wanted = new Set(filesToGenerate);
  const problems = new Problems();
  const context: Context = {
    typeNames: new TypeNames(wanted, imported),
    exports: new WasmNames(),
    imports: new WasmNames(),
    problems,
  };
  const sources = [...createFileRegistry(set).files]
    .filter((file) => wanted.has(file.proto.name))
    .map((file) => new ProtoSource(file));
  const files = sources
    .filter((source) => checkSupported(source, wanted, problems))
    .map((source) => buildFile(source, context));
  checkAnnotated(sources, problems);
  checkImports(sources, imported, problems);
  problems.throwIfAny();
  problems.warnings.forEach(warn);
  return { files, descriptors: encodeDescriptors(set, wanted) };
}

function buildFile(source: ProtoSource, context: Context): ContractFile {
  const { typeNames } = context;
  const { file } = source;
  const { proto } = file;
  return {
    path: proto.name,
    stem: file.name,
    package: proto.package,
    comment: readFileComment(source, file),
    publicImports: proto.publicDependency.flatMap(
      (index) => typeNames.ofFile(proto.dependency[index] ?? "") ?? [],
    ),
    messages: allMessages(file).map((message) => buildMessage(source, message, typeNames)),
    enums: allEnums(file).map((desc) => buildEnum(source, desc, typeNames)),
    ...buildServices(source, context),
  };
}
