import { watchFile, type FileWatch } from "#platform";
import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions } from "../options/call-options.js";
import type { ReloadListener } from "../options/reload-listener.js";
import type { PluginRunner } from "./plugin-runner.js";

/** A plugin as it was in its file at one time. */
interface Generation {
  readonly runner: PluginRunner;
  /** Calls that have not ended. */
  calls: number;
}

/**
 * A plugin whose file is watched. A new version takes the calls that are made from then on; the former one ends those that
 * it has, so that none is lost.
 */
export class ReloadingRunner implements PluginRunner {
  private current: Generation;
  private readonly start: () => Promise<PluginRunner>;
  private readonly listener: ReloadListener;
  private readonly watch: FileWatch;
  private reloading: Promise<void> = Promise.resolve();
  private reloadsWaiting = 0;
  private disposed = false;
  private formerHostCalls = 0;

  private constructor(
    source: string | URL,
    first: PluginRunner,
    start: () => Promise<PluginRunner>,
    listener: ReloadListener,
  ) {
    this.current = { runner: first, calls: 0 };
    this.start = start;
    this.listener = listener;
    this.watch = watchFile(source, () => this.reload());
  }

  /**
   * @throws PluginLoadError if the file can't be watched, or `start` does
   */
  static async open(
    source: string | URL,
    start: () => Promise<PluginRunner>,
    listener: ReloadListener,
  ): Promise<ReloadingRunner> {
    const first = await start();
    try {
      return new ReloadingRunner(source, first, start, listener);
    } catch (error) {
      await first.dispose();
      throw error;
    }
  }

  get module(): PluginModule {
    return this.current.runner.module;
  }

  get retired(): boolean {
    return this.current.runner.retired;
  }

  get memoryBytes(): number {
    return this.current.runner.memoryBytes;
  }

  get hostCalls(): number {
    return this.formerHostCalls + this.current.runner.hostCalls;
  }

  async call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    const generation = this.current;
    generation.calls++;
    try {
      return await generation.runner.call(method, request, options);
    } finally {
      generation.calls--;
      this.release(generation);
    }
  }

  callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): O {
    return this.current.runner.callSync(method, request);
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.watch.close();
    await this.reloading;
    await this.current.runner.dispose();
  }

  private reload(): void {
    // One that waits will see the newest file.
    if (this.reloadsWaiting > 0) return;
    this.reloadsWaiting++;
    this.reloading = this.reloading.then(async () => {
      this.reloadsWaiting--;
      if (!this.disposed) await this.replace();
    });
  }

  private async replace(): Promise<void> {
    let error: unknown;
    try {
      const runner = await this.start();
      const former = this.current;
      this.current = { runner, calls: 0 };
      this.release(former);
    } catch (reason) {
      error = reason;
    }
    this.listener(error);
  }

  /** Lets go of a generation that is not the current one once its last call has ended. */
  private release(generation: Generation): void {
    if (generation === this.current || generation.calls > 0) return;
    this.formerHostCalls += generation.runner.hostCalls;
    // Nobody uses it any more: there is nobody to tell.
    generation.runner.dispose().catch(() => {});
  }
}
