import { PluginAbortedError, PluginLoadError } from "../errors/plugin-errors.js";
import type { HostLibrary } from "../instance/host-library.js";
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

  /**
   * Loads a plugin and checks that it fits the service. For the generated `load`.
   *
   * @param provide makes the option `host` into host functions, where the contract has a host service
   */
  protected static async open<Host extends object>(
    source: PluginSource,
    service: HandshakeService,
    options: LoadOptions & { readonly host?: Host } = {},
    provide?: (host: Host) => HostLibrary,
  ): Promise<PluginInstance> {
    if (provide === undefined) return openPlugin(source, service, options);
    // Whoever has no compiler to insist on it.
    if (options.host === undefined) {
      throw new PluginLoadError(
        `plugins of ${service.typeName} may call the host: load them with the option host, an implementation of its functions`,
      );
    }
    const libraries = [provide(options.host), ...(options.libraries ?? [])];
    return openPlugin(source, service, { ...options, libraries });
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
