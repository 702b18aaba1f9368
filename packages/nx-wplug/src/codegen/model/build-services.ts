import type { DescMethod, DescService } from "@bufbuild/protobuf";

import { AnnotationError, isAnnotation, parseAnnotation, type Annotation } from "./annotation";
import { readComment } from "./comments";
import type { HostService, Method, PluginService } from "../contract";
import { claimName, goName, methodName, wasmName } from "./names";
import type { Problems } from "./problems";
import type { Position, ProtoSource } from "./proto-source";
import { reservedMethodNames, reservedTypeNames } from "./reserved-names";
import type { TypeNames } from "./type-names";

export interface Services {
  readonly pluginServices: readonly PluginService[];
  readonly hostService: HostService | undefined;
}

/** The annotated services of a file. Others are none of our business, as in go-plugin. */
export function buildServices(
  source: ProtoSource,
  typeNames: TypeNames,
  problems: Problems,
): Services {
  const pluginServices: PluginService[] = [];
  let hostService: HostService | undefined;
  const wasmNames = new Map<string, string>();
  for (const service of source.file.services) {
    const annotation = readAnnotation(source, service, problems);
    if (annotation === undefined) continue;
    const base = {
      file: source.file.proto.name,
      name: claimName(service.name, new Set(reservedTypeNames)),
      typeName: service.typeName,
      comment: readComment(source, service),
    };
    if (annotation.type === "plugin") {
      const serviceName = goName(service.name);
      const prefix = (method: DescMethod) => wasmName(serviceName + goName(method.name));
      pluginServices.push({
        ...base,
        version: annotation.version,
        apiVersionExport: `${wasmName(serviceName)}_api_version`,
        methods: buildMethods(source, service, prefix, wasmNames, typeNames, problems),
      });
    } else if (hostService !== undefined) {
      problems.add(
        source.position(service),
        `${service.name} is the second host service of this file after ${hostService.name}: ` +
          "a file can have one, so move the rpcs into one service or one service into another file",
      );
    } else {
      const plain = (method: DescMethod) => wasmName(goName(method.name));
      hostService = {
        ...base,
        module: annotation.module,
        // Imports and exports are apart: the two may have the same name.
        methods: buildMethods(source, service, plain, new Map(), typeNames, problems),
      };
    }
  }
  return { pluginServices, hostService };
}

/** Finds the annotation of a service in the comment directly above it. */
export function readAnnotation(
  source: ProtoSource,
  service: DescService,
  problems?: Problems,
): Annotation | undefined {
  const lines = source.comments(service).leading.replace(/\n$/, "").split("\n");
  let annotation: Annotation | undefined;
  for (const [index, line] of lines.entries()) {
    if (!isAnnotation(line)) continue;
    const position = linesAbove(source.position(service), lines.length - index);
    try {
      const parsed = parseAnnotation(line);
      if (annotation !== undefined) {
        problems?.add(position, `${service.name} has two go:plugin annotations: remove one`);
      }
      annotation = parsed;
    } catch (error) {
      if (!(error instanceof AnnotationError)) throw error;
      problems?.add(position, `annotation of ${service.name}: ${error.message}`);
    }
  }
  return annotation;
}

// Descriptors have no positions of comments, but a leading comment ends on the line above its element.
function linesAbove(position: Position, lines: number): Position {
  return { ...position, line: Math.max(1, position.line - lines) };
}

function buildMethods(
  source: ProtoSource,
  service: DescService,
  nameInWasm: (method: DescMethod) => string,
  wasmNames: Map<string, string>,
  typeNames: TypeNames,
  problems: Problems,
): Method[] {
  const names = new Map<string, string>();
  return service.methods.map((method) => {
    const position = source.position(method);
    const built: Method = {
      name: claimName(methodName(method.name), new Set(reservedMethodNames)),
      protoName: method.name,
      wasmName: nameInWasm(method),
      input: typeNames.of(method.input),
      output: typeNames.of(method.output),
      comment: readComment(source, method),
    };
    if (method.methodKind !== "unary") {
      problems.add(
        position,
        `${service.name}.${method.name} is a streaming rpc, which the plugin ABI can't do: ` +
          "remove `stream`, for example by a repeated field in the message",
      );
    }
    const own = `${service.name}.${method.name}`;
    const other = wasmNames.get(built.wasmName);
    const namesake = names.get(built.name);
    if (other !== undefined) {
      problems.add(
        position,
        `${own} and ${other} have the same name in wasm, ${built.wasmName}: rename one`,
      );
    } else if (namesake !== undefined) {
      problems.add(
        position,
        `${own} and ${namesake} have the same name in generated code, ${built.name}: rename one`,
      );
    }
    wasmNames.set(built.wasmName, own);
    names.set(built.name, own);
    return built;
  });
}
