import { createFileRegistry } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";

import { part, ProtoSource } from "../../../contract/model/proto-source";
import type { Protos } from "../../../contract/read-contract";
import type { Diagnostic } from "../../../errors/contract-error";
import { goDescriptors } from "../go-descriptors";
import { goProtos } from "../go-protos";
import { findCycles, findIgnoredFile, findSameFiles } from "./file-gaps";
import type { GoSource } from "./go-source";
import { findSameFields, findSameNames, findTakenNames } from "./name-gaps";

/**
 * What go-plugin's generator refuses, or makes code of that does not compile in a plugin, in a contract that wplug itself
 * can take. Each was seen with go-plugin 0.9.0.
 */
export function findGaps(protos: Protos): Diagnostic[] {
  const { descriptors, paths, files: contractFiles } = goProtos(protos);
  const { files, filesToGenerate } = goDescriptors(descriptors, paths);
  const registry = createFileRegistry(descriptors);
  const sources = filesToGenerate.flatMap((path): GoSource[] => {
    const desc = registry.getFile(path);
    const file = contractFiles.find((it) => it.path === path);
    if (desc === undefined || file === undefined) return [];
    const imports = files.find(({ name }) => name === path)?.dependency ?? [];
    return [{ source: new ProtoSource(desc), file, imports }];
  });
  return [
    ...sources.flatMap(findEdition),
    ...sources.flatMap(findTakenNames),
    ...sources.flatMap(findSameFields),
    ...sources.flatMap(findIgnoredFile),
    ...findSameFiles(sources),
    ...findSameNames(sources),
    ...findCycles(sources),
  ];
}

function findEdition({ source }: GoSource): Diagnostic[] {
  if (source.file.edition === Edition.EDITION_PROTO3) return [];
  const message = 'go-plugin does not know editions: write syntax = "proto3"; instead';
  return [{ ...source.position(source.file, part.fileEdition), message }];
}
