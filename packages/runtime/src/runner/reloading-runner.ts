import { watchFile, type FileWatch } from "#platform";
import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions, SyncCallOptions } from "../options/call-options.js";
import type { ReloadListener } from "../options/reload-listener.js";
import { supervisedOf, type PluginRunner, type Supervised } from "./plugin-runner.js";

/** Starts the plugin as it is in its file now, until the signal is aborted. */
export type StartPlugin = (signal?: AbortSignal) => Promise<PluginRunner>;

/**
 * A plugin as it was in its file at one time:
 *
 *     current ──> former ──> ended
 *
 * A former one takes no more calls. It ends with the last call that it has.
 */
interface Generation {
  readonly runner: PluginRunner;
  state: "current" | "former" | "ended";
  /** Calls that have not ended. */
  calls: number;
}

/** Where the reading of the file is. */
type ReloadState =
  | { readonly kind: "watching" }
  /** Starts the new version; `again`: the file has changed since. */
  | { readonly kind: "starting"; again: boolean; readonly abort: AbortController }
  | { readonly kind: "disposed" };

/**
 * A plugin whose file is watched. A new version takes the calls that are made from then on; the former one ends those that
 * it has, so that none is lost.
 */
export class ReloadingRunner implements PluginRunner {
  private current: Generation;
  private state: ReloadState = { kind: "watching" };
  private readonly former = new Set<Generation>();
  private readonly start: StartPlugin;
  private readonly listener: ReloadListener;
  private readonly watch: FileWatch;
  private formerHostCalls = 0;
  private formerFuel = 0;
  private formerRestarts = 0;

  private constructor(
    source: string | URL,
    first: PluginRunner,
    start: StartPlugin,
    listener: ReloadListener,
  ) {
    this.current = { runner: first, state: "current", calls: 0 };
    this.start = start;
    this.listener = listener;
    this.watch = watchFile(source, () => this.fileChanged());
  }

  /**
   * @throws PluginLoadError if the file can't be watched, or `start` does
   */
  static async open(
    source: string | URL,
    start: StartPlugin,
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
    let bytes = this.current.runner.memoryBytes;
    for (const { runner } of this.former) bytes += runner.memoryBytes;
    return bytes;
  }

  get fuel(): number {
    let units = this.formerFuel + this.current.runner.fuel;
    for (const { runner } of this.former) units += runner.fuel;
    return units;
  }

  get hostCalls(): number {
    let calls = this.formerHostCalls + this.current.runner.hostCalls;
    for (const { runner } of this.former) calls += runner.hostCalls;
    return calls;
  }

  get supervised(): Supervised {
    let instances = 0;
    let waiting = 0;
    let restarts = this.formerRestarts;
    for (const { runner } of [this.current, ...this.former]) {
      const supervised = supervisedOf(runner);
      instances += supervised.instances;
      waiting += supervised.waiting;
      restarts += supervised.restarts;
    }
    return { instances, waiting, restarts };
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
      this.endIfUnused(generation);
    }
  }

  callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: SyncCallOptions,
  ): O {
    return this.current.runner.callSync(method, request, options);
  }

  async dispose(): Promise<void> {
    const { state } = this;
    this.state = { kind: "disposed" };
    this.watch.close();
    if (state.kind === "starting") state.abort.abort();
    const generations = [this.current, ...this.former];
    await Promise.all(generations.map(({ runner }) => runner.dispose()));
  }

  private fileChanged(): void {
    const { state } = this;
    if (state.kind === "watching") void this.reload();
    else if (state.kind === "starting") state.again = true;
  }

  /** Takes the newest version, and reports. Never rejects. */
  private async reload(): Promise<void> {
    const abort = new AbortController();
    let starting = { kind: "starting" as const, again: false, abort };
    do {
      starting = { kind: "starting", again: false, abort };
      this.state = starting;
      let error: unknown;
      try {
        this.replace(await this.start(abort.signal));
      } catch (reason) {
        error = reason;
      }
      if (this.isDisposed()) return;
      this.tell(error);
    } while (starting.again && !this.isDisposed());
    if (!this.isDisposed()) this.state = { kind: "watching" };
  }

  private isDisposed(): boolean {
    return this.state.kind === "disposed";
  }

  private replace(runner: PluginRunner): void {
    const next: Generation = { runner, state: "current", calls: 0 };
    if (this.isDisposed()) {
      this.end(next);
      return;
    }
    const { current } = this;
    this.current = next;
    current.state = "former";
    this.former.add(current);
    this.endIfUnused(current);
  }

  private tell(error: unknown): void {
    try {
      this.listener(error);
    } catch {
      // What the listener throws is the application's own: the plugin goes on, and there is nobody else to tell.
    }
  }

  private endIfUnused(generation: Generation): void {
    if (generation.state === "former" && generation.calls === 0) this.end(generation);
  }

  /** Lets go of a generation that is not, or will not be, the current one. */
  private end(generation: Generation): void {
    generation.state = "ended";
    this.former.delete(generation);
    this.formerHostCalls += generation.runner.hostCalls;
    this.formerFuel += generation.runner.fuel;
    this.formerRestarts += supervisedOf(generation.runner).restarts;
    // Nobody uses it any more: there is nobody to tell.
    generation.runner.dispose().catch(() => {});
  }
}
