import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import { PluginLimitError, PluginRetiredError } from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions } from "../options/call-options.js";
import type { PoolOptions } from "../options/pool-options.js";
import { abortedError, checkSignal } from "./check-signal.js";
import type { InstanceRunner, PluginRunner } from "./plugin-runner.js";
import { knowsCaller } from "./turns.js";

interface Member {
  readonly runner: InstanceRunner;
  calls: number;
}

interface Waiting {
  resolve(member: Member): void;
  reject(error: unknown): void;
}

/** Instances of one plugin, of which each makes one call at a time. Those that fail are replaced. */
export class PluginPool implements PluginRunner {
  readonly module: PluginModule;
  private readonly startInstance: () => Promise<InstanceRunner>;
  private readonly options: PoolOptions;
  private readonly members = new Set<Member>();
  private readonly idle: Member[] = [];
  private readonly waiting: Waiting[] = [];
  /** Instances that are being started. */
  private starting = 0;
  private disposal: Promise<void> | undefined;
  private onEmpty: (() => void) | undefined;
  private formerHostCalls = 0;

  private constructor(
    module: PluginModule,
    startInstance: () => Promise<InstanceRunner>,
    options: PoolOptions,
  ) {
    this.module = module;
    this.startInstance = startInstance;
    this.options = options;
  }

  /** A pool with one instance: a plugin that does not start is better known now. */
  static async open(
    module: PluginModule,
    startInstance: () => Promise<InstanceRunner>,
    options: PoolOptions = {},
  ): Promise<PluginPool> {
    const pool = new PluginPool(module, startInstance, options);
    pool.give(await pool.start());
    return pool;
  }

  get retired(): boolean {
    return this.disposal !== undefined;
  }

  get memoryBytes(): number {
    let bytes = 0;
    for (const { runner } of this.members) bytes += runner.memoryBytes;
    return bytes;
  }

  get hostCalls(): number {
    let calls = this.formerHostCalls;
    for (const { runner } of this.members) calls += runner.hostCalls;
    return calls;
  }

  async call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    checkSignal(method.name, options);
    // A host function that calls the plugin: the instance that waits for it, which keeps what it knows.
    const caller = this.caller();
    if (caller !== undefined) return caller.runner.call(method, request, options);
    if (this.disposal !== undefined) throw disposedError(method.name);
    const member = await this.take(method.name, options?.signal);
    member.calls++;
    try {
      return await member.runner.call(method, request, options);
    } finally {
      this.give(member);
    }
  }

  callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): O {
    const caller = this.caller();
    if (caller !== undefined) return caller.runner.callSync(method, request);
    if (this.disposal !== undefined) throw disposedError(method.name);
    const member = this.idle.pop();
    if (member === undefined) {
      throw new WplugError(
        `sync.${method.name}: no instance of the pool is idle: use the method that returns a Promise`,
      );
    }
    member.calls++;
    try {
      return member.runner.callSync(method, request);
    } finally {
      this.give(member);
    }
  }

  /** Waits for the calls that were made before, then lets go of all instances. */
  dispose(): Promise<void> {
    this.disposal ??= this.drain();
    return this.disposal;
  }

  private async drain(): Promise<void> {
    if (this.idle.length < this.members.size || this.starting > 0) {
      await new Promise<void>((resolve) => {
        this.onEmpty = resolve;
      });
    }
    await Promise.all(Array.from(this.members, ({ runner }) => runner.dispose()));
    this.members.clear();
  }

  private caller(): Member | undefined {
    const isFull = this.idle.length === 0 && this.size === this.members.size;
    if (!knowsCaller && !isFull) return undefined;
    for (const member of this.members) if (member.runner.calledHost) return member;
    return undefined;
  }

  private get size(): number {
    return Math.max(1, this.options.size ?? 1);
  }

  private async start(): Promise<Member> {
    this.starting++;
    try {
      const member = { runner: await this.startInstance(), calls: 0 };
      this.members.add(member);
      return member;
    } finally {
      this.starting--;
    }
  }

  /** An instance for one call. */
  private async take(name: string, signal: AbortSignal | undefined): Promise<Member> {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.members.size + this.starting < this.size) {
      try {
        return await this.start();
      } catch (error) {
        this.replace();
        throw error;
      }
    }
    const { queue = Infinity } = this.options;
    if (this.waiting.length >= queue) {
      throw new PluginLimitError(
        `${name}: ${this.waiting.length} calls wait for an instance already (pool.queue)`,
      );
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        if (signal !== undefined) reject(abortedError(name, signal));
      };
      const stop = (): void => signal?.removeEventListener("abort", onAbort);
      const waiting: Waiting = {
        resolve(member) {
          stop();
          resolve(member);
        },
        reject(error) {
          stop();
          reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.waiting.push(waiting);
    });
  }

  /** Takes an instance back after a call. */
  private give(member: Member): void {
    const { maxCalls = Infinity, maxMemory = Infinity } = this.options;
    const { runner, calls } = member;
    if (runner.retired || calls >= maxCalls || runner.memoryBytes > maxMemory) {
      this.members.delete(member);
      this.formerHostCalls += runner.hostCalls;
      // It failed already, or has nothing left to do: there is nobody to tell.
      runner.dispose().catch(() => {});
      this.replace();
    } else {
      const next = this.waiting.shift();
      if (next === undefined) this.idle.push(member);
      else next.resolve(member);
    }
    if (this.idle.length === this.members.size && this.starting === 0) this.onEmpty?.();
  }

  /** Starts an instance for the call that has waited longest. */
  private replace(): void {
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.start().then(next.resolve, (error: unknown) => {
      next.reject(error);
      this.replace();
    });
  }
}

function disposedError(name: string): PluginRetiredError {
  return new PluginRetiredError(
    `${name}: the plugin is not usable any more, because it was disposed. Load it again.`,
  );
}
