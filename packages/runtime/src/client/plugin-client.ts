import { PluginAbortedError } from "../errors/plugin-errors.js";
import type { PluginInstance } from "../instance/plugin-instance.js";
import type { PluginSource } from "../module/plugin-module.js";
import type { Message, MessageInit } from "../wire/message-type.js";
import { openPlugin } from "./handshake.js";
import type { CallOptions, LoadOptions } from "./load-options.js";
import type { HandshakeService, MethodDescriptor } from "./service-descriptor.js";

/**
 * What generated loaders (`GreeterPlugin`) extend: a plugin instance, called through the methods of one service.
 */
export abstract class PluginClient implements AsyncDisposable {
  /** The running plugin. */
  readonly instance: PluginInstance;

  constructor(instance: PluginInstance) {
    this.instance = instance;
  }

  /** Loads a plugin and checks that it fits the service. For the generated `load`. */
  protected static open(
    source: PluginSource,
    service: HandshakeService,
    options?: LoadOptions,
  ): Promise<PluginInstance> {
    return openPlugin(source, service, options);
  }

  /** For generated methods. The call is made at once, unless the plugin is busy with another. */
  protected async call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    checkSignal(method.name, options);
    // Only a host function, which the plugin called, gets to see a busy plugin. All of the call that runs is on the
    // stack now: when a microtask runs, it has returned.
    while (this.instance.busy) {
      await undefined;
      checkSignal(method.name, options);
    }
    return this.instance.call(method, request);
  }

  /** For the generated methods of `sync`. */
  protected callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): O {
    return this.instance.call(method, request);
  }

  /** Lets go of the plugin and its memory. Calls fail afterwards. Disposing twice is harmless. */
  async dispose(): Promise<void> {
    this.instance.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

function checkSignal(name: string, options: CallOptions | undefined): void {
  const signal = options?.signal;
  if (signal?.aborted !== true) return;
  throw new PluginAbortedError(`${name} was aborted`, { cause: signal.reason });
}
