import { functionsOf, type HostLibrary } from "../descriptors/host-library.js";
import type {
  HandshakeService,
  MethodDescriptor,
  ServiceDescriptor,
} from "../descriptors/service-descriptor.js";
import { PluginLoadError } from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import { importWithRpc, unknownImports } from "../instance/imports.js";
import { isPromise } from "../instance/is-promise.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { toMessage } from "../messages/wire/to-message.js";
import { decodeMessage } from "../messages/wire/decode.js";
import { encodeMessage } from "../messages/wire/encode.js";
import type { PluginModule, PluginSource } from "../module/plugin-module.js";
import { isUrl } from "../module/plugin-source.js";
import type { CallOptions, SyncCallOptions } from "../options/call-options.js";
import type { PluginHooks } from "../options/hooks.js";
import type { LoadOptions } from "../options/load-options.js";
import type { ConnectOptions, ConnectTransport } from "../remote/connect-transport.js";
import { supervisedOf, type PluginRunner } from "../runner/plugin-runner.js";
import { ReloadingRunner } from "../runner/reloading-runner.js";
import { compilePlugin, openPlugin } from "./handshake.js";
import type { LoadedPlugin } from "./loaded-plugin.js";
import { ObservedCall } from "./observed-call.js";
import type { PluginVersions } from "./plugin-versions.js";
import { Durations, type PluginStats } from "./stats.js";
import { ObservedContext, tracedLibrary } from "./traced-library.js";

/** A plugin that fits a service. */
export interface OpenedPlugin {
  readonly runner: PluginRunner;
  readonly service: HandshakeService;
  readonly hooks: PluginHooks | undefined;
  /** What traces call it, if it has no module here. */
  readonly name?: string;
}

/**
 * What generated loaders (`GreeterPlugin`) extend: a plugin, called through the methods of one service.
 */
export abstract class PluginClient implements LoadedPlugin, AsyncDisposable {
  private readonly opened: OpenedPlugin;
  private readonly durations = new Durations();
  private calls = 0;
  private errors = 0;

  constructor(opened: OpenedPlugin) {
    this.opened = opened;
  }

  /**
   * Loads a plugin and checks that it fits the service. For the generated `load`.
   *
   * @param provide makes the option `host` into host functions, where the contract has a host service
   * @throws PluginLoadError if the plugin calls functions that it is not given, or is no plugin of the service
   */
  protected static async open<Host extends object>(
    source: PluginSource,
    service: HandshakeService,
    options: LoadOptions & { readonly host?: Host | undefined } = {},
    provide?: (host: Host) => HostLibrary,
  ): Promise<OpenedPlugin> {
    let { libraries = [] } = options;
    const { host, hooks } = options;
    if (provide !== undefined && host !== undefined) libraries = [provide(host), ...libraries];
    // The call is active in its host functions, also if these are not told of.
    if (hooks !== undefined) libraries = libraries.map((it) => tracedLibrary(it, hooks));
    const start = async (signal?: AbortSignal): Promise<PluginRunner> => {
      const module = await compilePlugin(source, options);
      if (provide !== undefined && host === undefined) checkHostless(module, service, libraries);
      return openPlugin(module, service, { ...options, libraries }, signal);
    };
    const { watch } = options;
    const runner =
      watch === undefined
        ? await start()
        : await ReloadingRunner.open(watchable(source), start, watch);
    return { runner, service, hooks };
  }

  /** Loads a plugin with what the host has for its version. For the generated `loadAny`. */
  protected static async openAny<Service, Client extends LoadedPlugin>(
    source: PluginSource,
    service: ServiceDescriptor,
    versions: PluginVersions<Service, Client>,
    options: LoadOptions = {},
  ): Promise<OpenedPlugin> {
    // An adapter brings along what is needed: hosts without any don't have it.
    const adapter = Object.values(versions).find((served) => "upgrade" in served);
    const own = versions[service.version];
    let loaded: LoadedPlugin | PluginRunner;
    if (adapter !== undefined) {
      loaded = await adapter.openAny(source, service, versions as never, options);
    } else if (own !== undefined && "load" in own) {
      loaded = await own.load(source, options);
    } else {
      throw new WplugError(
        `loadAny is given nothing for version ${service.version} of ${service.typeName}, and no adapter for another`,
      );
    }
    if (loaded instanceof PluginClient) return loaded.opened;
    // Hooks are told by the client of the old version.
    return { runner: loaded as PluginRunner, service, hooks: undefined };
  }

  /** A plugin that a server of Connect or gRPC has. For the generated `connect`. */
  protected static async openRemote(
    transport: ConnectTransport,
    service: ServiceDescriptor,
    options: ConnectOptions = {},
  ): Promise<OpenedPlugin> {
    const { RemoteRunner } = await import("../remote/remote-runner.js");
    const runner = new RemoteRunner(service, transport, options, {
      encode: (type, message) => encodeMessage(type, toMessage(type, message)),
      decode: decodeMessage,
    });
    return { runner, service, hooks: options.hooks, name: service.typeName };
  }

  /** The compiled plugin. */
  get module(): PluginModule {
    return this.opened.runner.module;
  }

  /** Whether the plugin answers no more calls: it was disposed, or it failed and is not replaced. */
  get retired(): boolean {
    return this.opened.runner.retired;
  }

  /** What the plugin did since it was loaded. */
  stats(): PluginStats {
    const { memoryBytes, hostCalls, fuel } = this.opened.runner;
    const { instances, waiting, restarts } = supervisedOf(this.opened.runner);
    const { calls, errors, durations } = this;
    const p50 = durations.percentile(0.5);
    const p99 = durations.percentile(0.99);
    return { calls, errors, hostCalls, memoryBytes, fuel, instances, restarts, waiting, p50, p99 };
  }

  /** For generated methods. The call is made at once, unless the plugin is busy with another. */
  protected call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    const { runner, hooks } = this.opened;
    const weight = this.durations.next();
    const start = weight === 0 ? 0 : performance.now();
    let observed: ObservedCall | undefined;
    let answer: O | Promise<O>;
    this.calls++;
    try {
      if (hooks?.call !== undefined) {
        const call = (observed = this.begin(hooks, method));
        const given = this.observedOptions(options, call);
        answer = call.run(() => runner.call(method, request, given));
      } else {
        answer = runner.call(method, request, options);
      }
    } catch (error) {
      answer = Promise.reject(error as Error);
    }
    if (isPromise(answer) || observed !== undefined)
      return this.settle(answer, start, weight, observed);
    if (weight > 0) this.durations.add(performance.now() - start, weight);
    // This function is not async: most answers are there at once, and to await them takes as long as some calls.
    return Promise.resolve(answer);
  }

  private async settle<O>(
    answer: O | PromiseLike<O>,
    start: number,
    weight: number,
    observed: ObservedCall | undefined,
  ): Promise<O> {
    let settled: O;
    try {
      settled = await answer;
    } catch (error) {
      this.errors++;
      observed?.end(error);
      throw error;
    } finally {
      this.durations.add(performance.now() - start, weight);
    }
    observed?.end();
    return settled;
  }

  /** For the generated methods of `sync`. */
  protected callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: SyncCallOptions,
  ): O {
    const { runner, hooks } = this.opened;
    this.calls++;
    if (hooks?.call === undefined) {
      try {
        return runner.callSync(method, request, options);
      } catch (error) {
        this.errors++;
        throw error;
      }
    }
    const observed = this.begin(hooks, method);
    const given = this.observedOptions(options, observed);
    let answer: O;
    try {
      answer = observed.run(() => runner.callSync(method, request, given));
    } catch (error) {
      this.errors++;
      observed.end(error);
      throw error;
    }
    observed.end();
    return answer;
  }

  /**
   * Lets go of the plugin and its memory. Calls fail afterwards. A plugin in a pool or a worker ends the calls that were
   * made before. Disposing twice is harmless.
   */
  dispose(): Promise<void> {
    return this.opened.runner.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  private begin(hooks: PluginHooks, { name, rpc }: MethodDescriptor): ObservedCall {
    const { service, runner } = this.opened;
    const method = rpc ?? name.charAt(0).toUpperCase() + name.slice(1);
    return ObservedCall.begin(hooks, "call", {
      name: `${service.typeName}/${method}`,
      attributes: {
        "rpc.system": "wplug",
        "rpc.service": service.typeName,
        "rpc.method": method,
        "wplug.plugin": this.opened.name ?? runner.module.name,
      },
    });
  }

  /** Options that bring the call to its host functions; of a plugin elsewhere, which has none here, those that were given. */
  private observedOptions(options: CallOptions | undefined, call: ObservedCall): CallOptions {
    if (this.opened.name !== undefined) return options ?? {};
    return { context: new ObservedContext(options?.context, call), signal: options?.signal };
  }
}

/** A plugin that calls no function of the contract's host needs none, as in go-plugin. */
function checkHostless(
  module: PluginModule,
  { typeName, hostFunctions }: HandshakeService,
  libraries: readonly HostLibrary[],
): void {
  const known = hostFunctions.map(({ module, name }) => `${module}.${name}`);
  const called = unknownImports(module, functionsOf({ libraries })).filter((it) =>
    known.includes(it),
  );
  if (called.length === 0) return;
  const named = called.map((name) => importWithRpc(name, hostFunctions));
  throw new PluginLoadError(
    `plugin imports ${named.join(", ")}: load it with the option host, an implementation of the host's functions, ` +
      `or with the library that has them (${module.name}, loaded as ${typeName})`,
  );
}

function watchable(source: PluginSource): string | URL {
  if (typeof source === "string" || isUrl(source)) return source;
  throw new PluginLoadError("watch: only a plugin that is loaded from a path can be watched");
}
