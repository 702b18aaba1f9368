import type { DescMethod, DescService } from "@bufbuild/protobuf";

import type { Comment, HostService, Method, PluginService, TypeName } from "../contract";
import { AnnotationError, isAnnotation, parseAnnotation, type Annotation } from "./annotation";
import { readComment } from "./comments";
import { claimName, goName, methodName, wasmName } from "./names";
import type { Problems } from "./problems";
import type { Position, ProtoSource } from "./proto-source";
import { reservedMethodNames, reservedTypeNames } from "./reserved-names";
import type { TypeNames } from "./type-names";

/** What plugins import from the system. */
const WASI_MODULE = "wasi_snapshot_preview1";

export interface Services {
  readonly pluginServices: readonly PluginService[];
  readonly hostService: HostService | undefined;
}

/** What the services of a contract share. */
export interface Context {
  readonly typeNames: TypeNames;
  /** Names of the exports of a plugin, which may implement the services of all files. */
  readonly exports: WasmNames;
  /** Names of the imports of a plugin, with their modules. */
  readonly imports: WasmNames;
  readonly problems: Problems;
}

/** Names of wasm exports or imports, and whose they are. */
export class WasmNames {
  private readonly owners = new Map<string, { owner: string; position: Position }>();

  claim(name: string, owner: string, position: Position, problems: Problems): void {
    const other = this.owners.get(name);
    if (other === undefined) {
      this.owners.set(name, { owner, position });
      return;
    }
    problems.add(
      position,
      `${owner} and ${other.owner} have the same name in wasm, ${name}: rename one`,
      other.position,
    );
  }
}

/** The annotated services of a file. Others are none of our business, as in go-plugin. */
export function buildServices(source: ProtoSource, context: Context): Services {
  const pluginServices: PluginService[] = [];
  let hostService: HostService | undefined;
  let hostPosition: Position | undefined;
  for (const service of source.file.services) {
    const annotation = readAnnotation(source, service, context.problems);
    if (annotation?.type === "plugin") {
      pluginServices.push(buildPluginService(source, service, annotation.version, context));
    } else if (annotation?.type === "host") {
      if (hostService !== undefined) {
        context.problems.add(
          source.position(service),
          `${service.typeName} is the second host service of this file after ${hostService.typeName}: ` +
            "a file can have one, so move the rpcs into one service or one service into another file",
          hostPosition,
        );
      }
      if (annotation.module === WASI_MODULE) {
        context.problems.add(
          source.position(service),
          `${service.typeName} can't be in the module ${WASI_MODULE}, which is the system's: name another one`,
        );
      }
      hostService ??= buildHostService(source, service, annotation.module, context);
      hostPosition ??= source.position(service);
    }
  }
  return { pluginServices, hostService };
}

function buildPluginService(
  source: ProtoSource,
  service: DescService,
  version: number,
  context: Context,
): PluginService {
  const name = goName(service.name);
  const apiVersionExport = `${wasmName(name)}_api_version`;
  context.exports.claim(
    apiVersionExport,
    `the version of ${service.typeName}`,
    source.position(service),
    context.problems,
  );
  return {
    ...serviceBase(source, service),
    version,
    apiVersionExport,
    methods: service.methods.map((method) => {
      const exportName = wasmName(name + goName(method.name));
      return buildMethod(source, method, exportName, context, context.exports, exportName);
    }),
  };
}

function buildHostService(
  source: ProtoSource,
  service: DescService,
  module: string,
  context: Context,
): HostService {
  return {
    ...serviceBase(source, service),
    module,
    methods: service.methods.map((method) => {
      const name = wasmName(goName(method.name));
      return buildMethod(source, method, name, context, context.imports, `${module}.${name}`);
    }),
  };
}

function serviceBase(source: ProtoSource, service: DescService): TypeName & { comment: Comment } {
  return {
    file: source.file.proto.name,
    name: claimName(service.name, new Set(reservedTypeNames)),
    typeName: service.typeName,
    comment: readComment(source, service),
  };
}

function buildMethod(
  source: ProtoSource,
  method: DescMethod,
  nameInWasm: string,
  { typeNames, problems }: Context,
  wasmNames: WasmNames,
  claimed: string,
): Method {
  const position = source.position(method);
  const owner = `${method.parent.typeName}.${method.name}`;
  if (method.methodKind !== "unary") {
    problems.add(
      position,
      `${owner} is a streaming rpc, which the plugin ABI can't do: ` +
        "remove `stream`, for example by a repeated field in the message",
    );
  }
  wasmNames.claim(claimed, owner, position, problems);
  const name = methodName(method.name);
  const namesake = method.parent.methods.find((other) => methodName(other.name) === name);
  if (namesake !== undefined && namesake !== method) {
    problems.add(
      position,
      `${owner} and ${namesake.parent.typeName}.${namesake.name} have the same name in generated code, ${name}: rename one`,
      source.position(namesake),
    );
  }
  return {
    name: claimName(name, new Set(reservedMethodNames)),
    protoName: method.name,
    wasmName: nameInWasm,
    input: typeNames.of(method.input),
    output: typeNames.of(method.output),
    comment: readComment(source, method),
  };
}

/** Finds the annotation of a service in the comment directly above it. */
function readAnnotation(
  source: ProtoSource,
  service: DescService,
  problems: Problems,
): Annotation | undefined {
  const comment = source.comments(service).leading.replace(/\n$/, "").split("\n");
  const lines = comment.flatMap((text, index) => {
    const position = linesAbove(source.position(service), comment.length - index);
    return isAnnotation(text) ? [{ text, position }] : [];
  });
  if (lines.length === 0) return undefined;
  const place = (line: number) => lines[line]?.position ?? source.position(service);
  const about = (message: string) => `annotation of ${service.typeName}: ${message}`;
  try {
    return parseAnnotation(
      lines.map(({ text }) => text),
      ({ message, line }) => problems.warn(place(line), about(message)),
    );
  } catch (error) {
    if (!(error instanceof AnnotationError)) throw error;
    problems.add(place(error.line), about(error.message));
    return undefined;
  }
}

// Descriptors have no positions of comments, but a leading comment ends on the line above its element.
function linesAbove(position: Position, lines: number): Position {
  return { ...position, line: Math.max(1, position.line - lines) };
}
