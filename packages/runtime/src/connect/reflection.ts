import {
  create,
  type DescExtension,
  type DescFile,
  type DescMethod,
  type FileRegistry,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectRouter } from "@connectrpc/connect";

import { mergeDescriptors, readDescriptors } from "./contract-descriptors.js";
import { grpcProtos, reflectionServices } from "./grpc-protos.js";

/** A `ServerReflectionRequest`. */
interface ReflectionRequest {
  readonly host: string;
  readonly messageRequest:
    | { readonly case: undefined }
    | {
        readonly case:
          | "fileByFilename"
          | "fileContainingSymbol"
          | "allExtensionNumbersOfType"
          | "listServices";
        readonly value: string;
      }
    | {
        readonly case: "fileContainingExtension";
        readonly value: { readonly containingType: string; readonly extensionNumber: number };
      };
}

/** The oneof of a `ServerReflectionResponse`. */
interface ReflectionAnswer {
  readonly case:
    | "fileDescriptorResponse"
    | "allExtensionNumbersResponse"
    | "listServicesResponse"
    | "errorResponse";
  readonly value: object;
}

/**
 * The reflection service of gRPC, by which `grpcurl`, `buf curl` and others learn what a server answers to: of all services of the router
 * that the descriptors have. Versions v1 and v1alpha.
 *
 * @param descriptors `descriptors` of the SDKs of the contracts
 * @throws WplugError if it is something else, or if two contracts have different files of the same name
 * @see https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 */
export function serverReflection(
  ...descriptors: readonly string[]
): (router: ConnectRouter) => ConnectRouter {
  const registry = mergeDescriptors([grpcProtos, ...descriptors.map(readDescriptors)]);
  return (router) => {
    const services = (): string[] => {
      const names = new Set(router.handlers.map(({ service }) => service.typeName));
      return [...names].filter((name) => registry.getService(name) !== undefined).sort();
    };
    for (const method of reflectionServices.flatMap((it) => it.methods)) {
      router.rpc(method as DescMethod & { methodKind: "bidi_streaming" }, (requests) =>
        answerAll(requests as AsyncIterable<unknown>, method, registry, services),
      );
    }
    return router;
  };
}

async function* answerAll(
  requests: AsyncIterable<unknown>,
  { output }: DescMethod,
  registry: FileRegistry,
  services: () => string[],
) {
  const sent = new Set<DescFile>();
  for await (const request of requests as AsyncIterable<ReflectionRequest>) {
    yield create(output, {
      validHost: request.host,
      originalRequest: request,
      messageResponse: answer(request, registry, services, sent),
    } as never);
  }
}

function answer(
  { messageRequest: asked }: ReflectionRequest,
  registry: FileRegistry,
  services: () => string[],
  sent: Set<DescFile>,
): ReflectionAnswer {
  switch (asked.case) {
    case "listServices":
      return {
        case: "listServicesResponse",
        value: { service: services().map((name) => ({ name })) },
      };
    case "fileByFilename":
      return answerFile(registry.getFile(asked.value), `file ${asked.value}`, sent);
    case "fileContainingSymbol":
      return answerFile(fileOfSymbol(registry, asked.value), `symbol ${asked.value}`, sent);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      const extension = extensionsOf(registry, containingType).find(
        ({ number }) => number === extensionNumber,
      );
      const what = `extension ${extensionNumber} of ${containingType}`;
      return answerFile(extension?.file, what, sent);
    }
    case "allExtensionNumbersOfType": {
      if (registry.getMessage(asked.value) === undefined) {
        return failure(Code.NotFound, `there is no message ${asked.value}`);
      }
      const extensionNumber = extensionsOf(registry, asked.value).map(({ number }) => number);
      return {
        case: "allExtensionNumbersResponse",
        value: { baseTypeName: asked.value, extensionNumber },
      };
    }
    default:
      return failure(Code.InvalidArgument, "the request asks for nothing");
  }
}

function failure(errorCode: Code, errorMessage: string): ReflectionAnswer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}

/** The file and what it imports, but for what this stream has been sent before. */
function answerFile(
  file: DescFile | undefined,
  what: string,
  sent: Set<DescFile>,
): ReflectionAnswer {
  if (file === undefined) return failure(Code.NotFound, `there is no ${what}`);
  // The file itself comes in any case: it was asked for.
  sent.delete(file);
  const files: DescFile[] = [];
  const add = (it: DescFile): void => {
    if (sent.has(it)) return;
    sent.add(it);
    files.push(it);
    it.dependencies.forEach(add);
  };
  add(file);
  const fileDescriptorProto = files.map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

/** Where a type, a service, or something in one is declared: `greeter.v1.Greeter.SayHello`. */
function fileOfSymbol(registry: FileRegistry, symbol: string): DescFile | undefined {
  const name = symbol.replace(/^\./, "");
  const type = registry.get(name);
  if (type !== undefined) return type.file;
  const dot = name.lastIndexOf(".");
  const [outer, member] = [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
  const container = registry.get(outer);
  if (container?.kind === "service") {
    return container.methods.some((it) => it.name === member) ? container.file : undefined;
  }
  if (container?.kind === "message") {
    const { fields, oneofs, nestedEnums, file } = container;
    const names = [...fields, ...oneofs, ...nestedEnums.flatMap(({ values }) => values)];
    return names.some((it) => it.name === member) ? file : undefined;
  }
  // Values of an enum belong to the package that it is in.
  for (const file of registry.files) {
    if (file.proto.package !== outer) continue;
    const values = file.enums.flatMap((it) => it.values);
    if (values.some((it) => it.name === member)) return file;
  }
  return undefined;
}

function extensionsOf(registry: FileRegistry, typeName: string): DescExtension[] {
  return [...registry].filter(
    (it): it is DescExtension => it.kind === "extension" && it.extendee.typeName === typeName,
  );
}
