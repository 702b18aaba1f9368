import {
  createFileRegistry,
  type DescMessage,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import {
  uResponseUnsupportedMediaType,
  type UniversalHandler,
  type UniversalHandlerOptions,
} from "@connectrpc/connect/protocol";

import type { MethodDescriptor, ServiceDescriptor } from "../descriptors/service-descriptor.js";
import { WplugError } from "../errors/wplug-error.js";
import { decodeMessage } from "../messages/wire/decode.js";
import { encodeMessage } from "../messages/wire/encode.js";
import type { Message } from "../messages/wire/message.js";
import { toMessage } from "../messages/wire/to-message.js";
import { WireError } from "../messages/wire/wire-error.js";
import type { CallOptions } from "../options/call-options.js";
import { rawService, rpcName } from "../remote/raw-descriptors.js";
import { bytesOfMessage, messageOfBytes, type UnknownMessage } from "../remote/unknown-fields.js";
import { connectErrorOf } from "./connect-error-of.js";
import { readDescriptors } from "./contract-descriptors.js";

/** Most bytes of a request, unless the options say otherwise: as in gRPC. */
const READ_MAX_BYTES = 4 << 20;

/** What is needed of a generated loader: `GreeterPlugin`. */
export interface ServedService {
  readonly service: ServiceDescriptor;
}

/** How a plugin is served: what Connect can be told of a route, and what host functions are. */
export interface ConnectRoutesOptions extends Partial<UniversalHandlerOptions> {
  /**
   * What the host functions of the plugin get as `context`, or a promise of it; the HandlerContext of Connect unless given, which has the
   * headers. It may refuse the call: by a ConnectError. Anything else that it throws is the `cause` of an `internal` error.
   */
  readonly context?: ((context: HandlerContext) => unknown) | undefined;
  /** What the SDK of the contract exports as `descriptors`: with it, requests may be in JSON as well. Without it, they are refused. */
  readonly descriptors?: string | undefined;
}

type Method = (request: Message, options: CallOptions) => Promise<Message>;

/** Answers a request with the bytes of a message. */
type Answer = (bytes: Uint8Array, context: HandlerContext) => Promise<Uint8Array>;

/**
 * Serves a plugin to other machines: `routes: connectRoutes(GreeterPlugin, greeter)`, for the adapters of Connect. Connect, gRPC and gRPC-Web
 * are spoken, with messages in the binary format and, if there are descriptors, in JSON.
 *
 * @param loader whose service is served
 * @param plugin what answers: a plugin, or any implementation of the service
 * @throws WplugError if the descriptors are those of another contract
 */
export function connectRoutes<Service extends object>(
  loader: ServedService,
  plugin: Service,
  options: ConnectRoutesOptions = {},
): (router: ConnectRouter) => ConnectRouter {
  const { context: contextOf = (context) => context, descriptors, ...given } = options;
  const handlerOptions = { readMaxBytes: READ_MAX_BYTES, ...given };
  const methods = plugin as Readonly<Record<string, unknown>>;
  const answers: Answers = Object.fromEntries(
    Object.values(loader.service.methods).map((method) => [
      rpcName(method),
      (bytes, context) => answer(method, methods, bytes, context, contextOf),
    ]),
  );
  const inJson = descriptors === undefined ? undefined : jsonRoutes(loader, descriptors, answers);
  return (router) => {
    const first = router.handlers.length;
    router.service(rawService(loader.service) as never, binary(loader, answers), handlerOptions);
    const own = router.handlers.splice(first);
    inJson?.(router, handlerOptions);
    const json = router.handlers.splice(first);
    for (const handler of own) {
      const other = json.find(({ requestPath }) => requestPath === handler.requestPath);
      router.handlers.push(byContentType(handler, other));
    }
    return router;
  };
}

/** By the names of rpcs in the proto file: `SayHello`. */
type Answers = Readonly<Record<string, Answer>>;

/** Messages are passed on as unknown fields: the generated classes are the only codec. */
function binary({ service }: ServedService, answers: Answers): never {
  return Object.fromEntries(
    Object.values(service.methods).flatMap((method) => {
      const of = answers[rpcName(method)];
      if (of === undefined) return [];
      const serve = async (request: UnknownMessage, context: HandlerContext) =>
        messageOfBytes(method.output.typeName, await of(bytesOfMessage(request), context));
      return [[method.name, serve]];
    }),
  ) as never;
}

/** Messages are read and written by `@bufbuild/protobuf`, which knows their fields by the descriptors. */
function jsonRoutes(
  { service: { typeName } }: ServedService,
  descriptors: string,
  answers: Answers,
): (router: ConnectRouter, options: Partial<UniversalHandlerOptions>) => void {
  const registry = createFileRegistry(readDescriptors(descriptors));
  const service = registry.getService(typeName);
  if (service === undefined) {
    throw new WplugError(
      `descriptors: they have no service ${typeName}: hand in those of the contract that the loader is of`,
    );
  }
  return (router, options) => {
    // For `google.protobuf.Any`.
    const jsonOptions = { registry, ...options.jsonOptions };
    router.service(service, described(service, answers), { ...options, jsonOptions });
  };
}

function described(service: DescService, answers: Answers): never {
  return Object.fromEntries(
    service.methods.flatMap(({ name, localName, input, output }) => {
      const of = answers[name];
      if (of === undefined) return [];
      const serve = async (request: MessageShape<DescMessage>, context: HandlerContext) =>
        fromBinary(output, await of(toBinary(input, request), context));
      return [[localName, serve]];
    }),
  ) as never;
}

async function answer(
  method: MethodDescriptor,
  plugin: Readonly<Record<string, unknown>>,
  bytes: Uint8Array,
  context: HandlerContext,
  contextOf: (context: HandlerContext) => unknown,
): Promise<Uint8Array> {
  const { name, output } = method;
  const { signal } = context;
  const request = readRequest(method, bytes);
  const options = { signal, context: await callerOf(name, context, contextOf) };
  try {
    const response = await (plugin[name] as Method).call(plugin, request, options);
    return encodeMessage(output, toMessage(output, response));
  } catch (error) {
    throw connectErrorOf(error, name, signal);
  }
}

async function callerOf(
  method: string,
  context: HandlerContext,
  contextOf: (context: HandlerContext) => unknown,
): Promise<unknown> {
  try {
    return await contextOf(context);
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    const text = `the host can't tell who calls ${method}`;
    throw new ConnectError(text, Code.Internal, undefined, undefined, error);
  }
}

function readRequest({ name, input }: MethodDescriptor, bytes: Uint8Array): Message {
  try {
    return decodeMessage(input, bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const text = `the request of ${name} is no ${input.typeName}: ${error.message}`;
    throw new ConnectError(text, Code.InvalidArgument, undefined, undefined, error);
  }
}

/** One handler of two: what is in JSON is for the other one. Without it, such requests are refused, as for a server that knows no JSON. */
function byContentType(
  handler: UniversalHandler,
  json: UniversalHandler | undefined,
): UniversalHandler {
  const isJson = (contentType: string | null): boolean =>
    /^application\/(?:[a-z-]+\+)?json\b/i.test(contentType ?? "");
  const serve: UniversalHandler = Object.assign(
    (async (request) => {
      if (!isJson(request.header.get("Content-Type"))) return handler(request);
      return json === undefined ? uResponseUnsupportedMediaType : json(request);
    }) as UniversalHandler,
    handler,
  );
  const { supportedContentType } = handler;
  serve.supportedContentType = Object.assign(
    (contentType: string | null) =>
      isJson(contentType)
        ? json?.supportedContentType(contentType) === true
        : supportedContentType(contentType),
    { supported: supportedContentType.supported },
  );
  return serve;
}
