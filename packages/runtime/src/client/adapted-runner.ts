import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import { WplugError } from "../errors/wplug-error.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { toMessage } from "../messages/wire/to-message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions } from "../options/call-options.js";
import type { PluginRunner, Supervised } from "../runner/plugin-runner.js";
import type { LoadedPlugin } from "./loaded-plugin.js";

/** Implementations of rpcs by the names of their methods. */
export type Methods = Readonly<Record<string, (request: object, options?: CallOptions) => unknown>>;

/** A plugin of an old version, called through methods that make it into one of a newer version. */
export class AdaptedRunner implements PluginRunner {
  constructor(
    private readonly plugin: LoadedPlugin,
    private readonly methods: Methods,
  ) {}

  get module(): PluginModule {
    return this.plugin.module;
  }

  get retired(): boolean {
    return this.plugin.retired;
  }

  get memoryBytes(): number {
    return this.plugin.stats().memoryBytes;
  }

  get supervised(): Supervised {
    return this.plugin.stats();
  }

  get hostCalls(): number {
    return this.plugin.stats().hostCalls;
  }

  get fuel(): number {
    return this.plugin.stats().fuel;
  }

  async call<I extends Message, O extends Message>(
    { name, input, output }: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options: CallOptions = {},
  ): Promise<O> {
    const message = toMessage(input, request);
    if (typeof this.methods[name] !== "function") {
      throw new WplugError(`${name}: the adapter for plugins of an old version has no such method`);
    }
    return toMessage(output, (await this.methods[name](message, options)) as O | MessageInit<O>);
  }

  callSync<I extends Message, O extends Message>({ name }: MethodDescriptor<I, O>): O {
    throw new WplugError(
      `sync.${name}: the plugin is of an old version, whose adapter answers with promises: use the method that returns a Promise`,
    );
  }

  dispose(): Promise<void> {
    return this.plugin.dispose();
  }
}
