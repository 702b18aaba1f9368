import type { MethodDescriptor, ServiceDescriptor } from "../descriptors/service-descriptor.js";
import { PluginLoadError, PluginRetiredError } from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import type { MessageInit, MessageType } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions } from "../options/call-options.js";
import { checkSignal } from "../runner/check-signal.js";
import type { PluginRunner } from "../runner/plugin-runner.js";
import type { ConnectOptions, ConnectTransport, HeadersInit } from "./connect-transport.js";
import { rawService, type RawService } from "./raw-descriptors.js";
import { receivedError } from "./received-error.js";
import { bytesOfMessage, messageOfBytes, type UnknownMessage } from "./unknown-fields.js";

/** What transports check before they are called with it. */
type Unary = (
  method: object,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  header: HeadersInit | undefined,
  input: object,
) => Promise<{ readonly message: object }>;

/**
 * Writes and reads messages. Clients hand it in: were it imported by what is loaded when it is needed, bundlers would load more than
 * messages need wherever there are any.
 */
export interface Codec {
  encode<T extends Message>(type: MessageType<T>, message: T | MessageInit<T>): Uint8Array;
  decode<T extends Message>(type: MessageType<T>, bytes: Uint8Array): T;
}

/** A plugin that runs on another machine. */
export class RemoteRunner implements PluginRunner {
  readonly memoryBytes = 0;
  readonly hostCalls = 0;
  readonly fuel = 0;
  private disposed = false;
  private readonly raw: RawService;

  /** @throws PluginLoadError if it is given host functions, which a server would have to call here */
  constructor(
    service: ServiceDescriptor,
    private readonly transport: ConnectTransport,
    private readonly options: ConnectOptions,
    private readonly codec: Codec,
  ) {
    for (const option of ["host", "libraries"]) {
      if ((options as Readonly<Record<string, unknown>>)[option] === undefined) continue;
      throw new PluginLoadError(
        `${option}: a plugin on another machine can't call functions of this host: give them to the server, where it is loaded`,
      );
    }
    this.raw = rawService(service);
  }

  get module(): PluginModule {
    throw new WplugError("module: the plugin runs on another machine, where its module is");
  }

  get retired(): boolean {
    return this.disposed;
  }

  async call<I extends Message, O extends Message>(
    { name, input, output }: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    checkSignal(name, options);
    if (this.disposed) {
      throw new PluginRetiredError(`${name}: the client was disposed: connect again`);
    }
    const method = this.raw.method[name];
    if (method === undefined) throw new WplugError(`${name} is no method of the service`);
    const bytes = this.codec.encode(input, request);
    const { limits, headers } = this.options;
    const unary = this.transport.unary.bind(this.transport) as Unary;
    let message: object;
    try {
      ({ message } = await unary(
        method,
        options?.signal,
        limits?.time,
        headers?.(options?.context),
        messageOfBytes(method.input.typeName, bytes),
      ));
    } catch (error) {
      checkSignal(name, options);
      throw receivedError(name, error);
    }
    return this.codec.decode(output, bytesOfMessage(message as UnknownMessage));
  }

  callSync<I extends Message, O extends Message>({ name }: MethodDescriptor<I, O>): O {
    throw new WplugError(
      `sync.${name}: the plugin runs on another machine, which can't answer at once: use the method that returns a Promise`,
    );
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}
