import type { DescFile, DescService } from "@bufbuild/protobuf";

import type { ContractFile } from "../../../contract/contract";
import { part, type Position, type ProtoSource } from "../../../contract/model/proto-source";

/** A file of a contract that Go code is generated for. */
export interface GoSource {
  readonly source: ProtoSource;
  readonly file: ContractFile;
  /** Files that its messages and services need. */
  readonly imports: readonly string[];
}

export interface AnnotatedService {
  readonly desc: DescService;
  readonly kind: "plugin" | "host";
}

/** go-plugin does nothing with services that are not annotated. */
export function servicesOf(
  { pluginServices, hostService }: ContractFile,
  { services }: DescFile,
): AnnotatedService[] {
  const plugins = new Set(pluginServices.map(({ typeName }) => typeName));
  return services.flatMap((desc): AnnotatedService[] => {
    if (plugins.has(desc.typeName)) return [{ desc, kind: "plugin" }];
    return desc.typeName === hostService?.typeName ? [{ desc, kind: "host" }] : [];
  });
}

/** Where a file imports another; the file itself where it does so through a public import. */
export function importPosition(source: ProtoSource, path: string): Position {
  const index = source.file.proto.dependency.indexOf(path);
  return source.position(source.file, ...(index < 0 ? [] : [part.fileDependency, index]));
}
