import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import {
  uResponseUnsupportedMediaType,
  type UniversalHandler,
  type UniversalHandlerOptions,
} from "@connectrpc/connect/protocol";

import type { MethodDescriptor, ServiceDescriptor } from "../descriptors/service-descriptor.js";
import { decodeMessage } from "../messages/wire/decode.js";
import { encodeMessage } from "../messages/wire/encode.js";
import type { Message } from "../messages/wire/message.js";
import { toMessage } from "../messages/wire/to-message.js";
import { WireError } from "../messages/wire/wire-error.js";
import type { CallOptions } from "../options/call-options.js";
import { rawService } from "../remote/raw-descriptors.js";
import { bytesOfMessage, messageOfBytes, type UnknownMessage } from "../remote/unknown-fields.js";
import { connectErrorOf } from "./connect-error-of.js";

/** Most bytes of a request, unless the options say otherwise: as in gRPC. */
const READ_MAX_BYTES = 4 << 20;

/** What is needed of a generated loader: `GreeterPlugin`. */
export interface ServedService {
  readonly service: ServiceDescriptor;
}

/** How a plugin is served: what Connect can be told of a route, and what host functions are. */
export interface ConnectRoutesOptions extends Partial<UniversalHandlerOptions> {
  /**
   * What the host functions of the plugin get as `context`; the HandlerContext of Connect unless given, which has the headers. It may
   * refuse the call: by a ConnectError.
   */
  readonly context?: ((context: HandlerContext) => unknown) | undefined;
}

type Method = (request: Message, options: CallOptions) => Promise<Message>;

/**
 * Serves a plugin to other machines: `routes: connectRoutes(GreeterPlugin, greeter)`, for the adapters of Connect. Connect, gRPC and gRPC-Web
 * are spoken, with messages in the binary format.
 *
 * @param loader whose service is served
 * @param plugin what answers: a plugin, or any implementation of the service
 */
export function connectRoutes<Service extends object>(
  loader: ServedService,
  plugin: Service,
  options: ConnectRoutesOptions = {},
): (router: ConnectRouter) => ConnectRouter {
  const { context: contextOf = (context) => context, ...handlerOptions } = options;
  const methods = plugin as Readonly<Record<string, unknown>>;
  const service = rawService(loader.service);
  const implementation = Object.fromEntries(
    Object.values(loader.service.methods).map((method) => [
      method.name,
      (request: UnknownMessage, context: HandlerContext) =>
        answer(method, methods, request, context, contextOf),
    ]),
  );
  return (router) => {
    const first = router.handlers.length;
    router.service(service as never, implementation as never, {
      readMaxBytes: READ_MAX_BYTES,
      ...handlerOptions,
    });
    for (let index = first; index < router.handlers.length; index++) {
      const handler = router.handlers[index];
      if (handler !== undefined) router.handlers[index] = binaryOnly(handler);
    }
    return router;
  };
}

async function answer(
  method: MethodDescriptor,
  plugin: Readonly<Record<string, unknown>>,
  message: UnknownMessage,
  context: HandlerContext,
  contextOf: (context: HandlerContext) => unknown,
): Promise<UnknownMessage> {
  const { name, output } = method;
  const { signal } = context;
  const request = readRequest(method, bytesOfMessage(message));
  try {
    const options = { signal, context: contextOf(context) };
    const response = await (plugin[name] as Method).call(plugin, request, options);
    return messageOfBytes(output.typeName, encodeMessage(output, toMessage(output, response)));
  } catch (error) {
    throw connectErrorOf(error, name, signal);
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

/** The messages have no fields that JSON could name. */
function binaryOnly(handler: UniversalHandler): UniversalHandler {
  const isBinary = (contentType: string | null): boolean =>
    !/^application\/(?:[a-z-]+\+)?json\b/i.test(contentType ?? "");
  const serve: UniversalHandler = Object.assign(
    (async (request) =>
      isBinary(request.header.get("Content-Type"))
        ? handler(request)
        : uResponseUnsupportedMediaType) as UniversalHandler,
    handler,
  );
  const { supportedContentType } = handler;
  serve.supportedContentType = Object.assign(
    (contentType: string | null) => isBinary(contentType) && supportedContentType(contentType),
    { supported: supportedContentType.supported },
  );
  return serve;
}
