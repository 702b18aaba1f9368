import { createFileRegistry, type DescMethod, type DescService } from "@bufbuild/protobuf";
import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import { type Annotation, isAnnotation, parseAnnotation } from "../contract/model/annotation";
import { readComment } from "../contract/model/comments";
import { goName, wasmName } from "../contract/model/names";
import { ProtoSource } from "../contract/model/proto-source";

/** A service of the contract that a plugin describes. */
export interface DescribedService {
  readonly typeName: string;
  /** Who implements it. */
  readonly type: "plugin" | "host";
  /** Of the plugin's services. */
  readonly version?: number;
  /** Lines. */
  readonly comment: readonly string[];
  readonly methods: readonly DescribedMethod[];
}

export interface DescribedMethod {
  readonly name: string;
  /** The export, `greeter_say_hello`, or the import with its module, `env.http_get`. */
  readonly wasmName: string;
  /** Full names of the messages. */
  readonly input: string;
  readonly output: string;
  readonly comment: readonly string[];
}

/** The annotated services in descriptors, of whatever files. What is wrong with one was said when it was built: it is left out. */
export function describedServices(set: FileDescriptorSet): DescribedService[] {
  return [...createFileRegistry(set).files].flatMap((file) => {
    const source = new ProtoSource(file);
    return file.services.flatMap((service) => describeService(source, service) ?? []);
  });
}

function describeService(source: ProtoSource, service: DescService): DescribedService | undefined {
  const annotation = annotationOf(source, service);
  if (annotation === undefined) return undefined;
  const { type } = annotation;
  const exported = (method: DescMethod): string => {
    const name = goName(method.name);
    return type === "plugin"
      ? wasmName(goName(service.name) + name)
      : `${annotation.module}.${wasmName(name)}`;
  };
  return {
    typeName: service.typeName,
    type,
    ...(type === "plugin" && { version: annotation.version }),
    comment: readComment(source, service).lines,
    methods: service.methods.map((method) => ({
      name: method.name,
      wasmName: exported(method),
      input: method.input.typeName,
      output: method.output.typeName,
      comment: readComment(source, method).lines,
    })),
  };
}

function annotationOf(source: ProtoSource, service: DescService): Annotation | undefined {
  const lines = source.comments(service).leading.split("\n").filter(isAnnotation);
  if (lines.length === 0) return undefined;
  try {
    return parseAnnotation(lines, () => {});
  } catch {
    return undefined;
  }
}
