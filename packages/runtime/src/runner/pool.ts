import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import {
  HostFunctionError,
  PluginAbortedError,
  PluginError,
  PluginLimitError,
  PluginRetiredError,
} from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import { abortedError } from "../instance/call-limits.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions, SyncCallOptions } from "../options/call-options.js";
import type { InstanceEvent } from "../options/hooks.js";
import type { PoolOptions } from "../options/pool-options.js";
import { checkSignal } from "./check-signal.js";
import type { InstanceRunner, PluginRunner, Supervised } from "./plugin-runner.js";
import { Restarts } from "./restarts.js";
import { knowsCaller } from "./turns.js";

/** Starts an instance for the pool, until the signal is aborted. */
export type StartInstance = (signal?: AbortSignal) => Promise<InstanceRunner>;

/** When instances that failed are replaced, and who is told. */
export interface Supervision {
  readonly restarts: Restarts;
  /** Throws nothing. */
  tell(event: InstanceEvent): void;
}

/** An instance of the pool: idle, or else busy with one call. */
interface Member {
  readonly runner: InstanceRunner;
  readonly era: number;
  /** Calls that it was taken for. */
  calls: number;
}

/** A call that waits for an instance. It is given one, or refused, once. */
interface Request {
  /** Of the method. */
  readonly name: string;
  give(member: Member): void;
  refuse(error: unknown): void;
}

/** An instance that is being started. */
interface Start {
  readonly abort: AbortController;
  /** The call that it is for; none if that has been aborted, and no other waits. */
  request: Request | undefined;
  readonly era: number;
}

/**
 * Where a pool is in its life:
 *
 *     open ──> draining ──> ended
 *
 * While it drains it takes no more calls, and ends those that it has. One that gave up takes none either, and waits to be disposed.
 */
type PoolState =
  | { readonly kind: "open" }
  | { readonly kind: "draining"; readonly ended: Promise<void>; readonly drained: () => void }
  | { readonly kind: "ended"; readonly ended: Promise<void> };

/** Instances of one plugin, of which each makes one call at a time. Those that fail are replaced. */
export class PluginPool implements PluginRunner {
  readonly module: PluginModule;
  private state: PoolState = { kind: "open" };
  private readonly startInstance: StartInstance;
  private readonly options: PoolOptions;
  private readonly size: number;
  private readonly members = new Set<Member>();
  /** The one that ended a call last comes first: its memory is in the processor's caches. */
  private readonly idle: Member[] = [];
  /** Those for whom no instance is being started, in the order in which they came. */
  private readonly requests: Request[] = [];
  private readonly starting = new Set<Start>();
  private formerHostCalls = 0;
  private formerFuel = 0;
  private readonly supervision: Supervision;
  /** Why it takes no more calls, once it gave up. */
  private gaveUp: string | undefined;
  /** Instances that failed, and for which no other has been started. */
  private failed = 0;
  private restarted = 0;
  /** Stops the clock of the next start. */
  private stopWaiting: (() => void) | undefined;

  private constructor(
    module: PluginModule,
    startInstance: StartInstance,
    options: PoolOptions,
    supervision: Supervision,
  ) {
    this.supervision = supervision;
    this.module = module;
    this.startInstance = startInstance;
    this.options = options;
    this.size = Math.max(1, options.size ?? 1);
  }

  /** A pool with one instance: a plugin that does not start is better known now. */
  static async open(
    module: PluginModule,
    startInstance: StartInstance,
    options: PoolOptions = {},
    supervision: Supervision = { restarts: new Restarts(), tell: () => {} },
    signal?: AbortSignal,
  ): Promise<PluginPool> {
    const pool = new PluginPool(module, startInstance, options, supervision);
    const member = pool.add(await startInstance(signal), supervision.restarts.era);
    pool.idle.push(member);
    return pool;
  }

  get retired(): boolean {
    return this.state.kind !== "open" || this.gaveUp !== undefined;
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

  get fuel(): number {
    let units = this.formerFuel;
    for (const { runner } of this.members) units += runner.fuel;
    return units;
  }

  get supervised(): Supervised {
    return {
      instances: this.members.size,
      waiting: this.requests.length,
      restarts: this.restarted,
    };
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
    const member = await this.take(method.name, options?.signal);
    try {
      const answer = await member.runner.call(method, request, options);
      this.supervision.restarts.succeeded();
      this.takeBack(member);
      return answer;
    } catch (error) {
      this.takeBackFailed(member, error);
      throw error;
    }
  }

  callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: SyncCallOptions,
  ): O {
    const caller = this.caller();
    if (caller !== undefined) return caller.runner.callSync(method, request, options);
    if (this.retired) throw this.retiredError(method.name);
    const member = this.idle.pop();
    if (member === undefined) {
      throw new WplugError(
        `sync.${method.name}: no instance of the pool is idle: use the method that returns a Promise`,
      );
    }
    this.occupy(member);
    try {
      const answer = member.runner.callSync(method, request, options);
      this.supervision.restarts.succeeded();
      this.takeBack(member);
      return answer;
    } catch (error) {
      this.takeBackFailed(member, error);
      throw error;
    }
  }

  /**
   * Waits for the calls that were made before, then lets go of all instances. A call that this is done from, by one of its
   * host functions, can't be waited for: it fails. In browsers, which can't tell, such a host function must not wait.
   */
  dispose(): Promise<void> {
    if (this.state.kind === "open") {
      let drained = (): void => {};
      const ended = new Promise<void>((resolve) => {
        drained = resolve;
      }).then(() => this.end());
      this.state = { kind: "draining", ended, drained };
    }
    const { ended } = this.state;
    const callers = knowsCaller ? this.callers() : [];
    for (const { runner } of callers) runner.dispose().catch(() => {});
    this.goOn();
    return ended;
  }

  /** All calls have ended. */
  private async end(): Promise<void> {
    this.idle.length = 0;
    await Promise.all(Array.from(this.members, (member) => this.remove(member)));
  }

  /** Lets go of an instance. What it has done counts on. */
  private remove(member: Member, event: InstanceEvent = { kind: "retired" }): Promise<void> {
    const { runner } = member;
    this.members.delete(member);
    this.formerHostCalls += runner.hostCalls;
    this.formerFuel += runner.fuel;
    this.supervision.tell(event);
    return runner.dispose();
  }

  /** The instance whose call the current code is a part of. */
  private caller(): Member | undefined {
    const isFull = this.idle.length === 0 && this.size === this.members.size;
    if (!knowsCaller && !isFull) return undefined;
    return this.callers()[0];
  }

  private callers(): Member[] {
    return [...this.members].filter(({ runner }) => runner.calledHost);
  }

  /** An instance for one call. */
  private take(name: string, signal: AbortSignal | undefined): Member | Promise<Member> {
    if (this.retired) throw this.retiredError(name);
    const idle = this.idle.pop();
    if (idle !== undefined) return this.occupy(idle);
    const { queue = Infinity } = this.options;
    const waiting = this.requests.length;
    if ((this.isFull || this.mustWait) && waiting >= queue) {
      throw new PluginLimitError(
        `${name}: ${waiting} calls wait for an instance already (pool.queue)`,
      );
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.withdraw(request);
        if (signal !== undefined) reject(abortedError(name, signal));
      };
      const stop = (): void => signal?.removeEventListener("abort", onAbort);
      const request: Request = {
        name,
        give(member) {
          stop();
          resolve(member);
        },
        refuse(error) {
          stop();
          reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.requests.push(request);
      this.goOn();
    });
  }

  /** The call was aborted. An instance that is being started for it is for the next one. */
  private withdraw(request: Request): void {
    const at = this.requests.indexOf(request);
    if (at >= 0) this.requests.splice(at, 1);
    for (const start of this.starting) {
      if (start.request === request) start.request = this.requests.shift();
    }
    this.goOn();
  }

  private get isFull(): boolean {
    return this.members.size + this.starting.size >= this.size;
  }

  /** Whether it is too early to start another. Nobody is kept waiting by that at the end. */
  private get mustWait(): boolean {
    return this.state.kind === "open" && this.supervision.restarts.wait > 0;
  }

  private occupy(member: Member): Member {
    member.calls++;
    return member;
  }

  /** Takes an instance back after a call. */
  private takeBack(member: Member): void {
    const { maxCalls = Infinity, maxMemory = Infinity } = this.options;
    const { runner, calls } = member;
    if (!this.members.has(member)) return;
    if (
      runner.retired ||
      this.gaveUp !== undefined ||
      calls >= maxCalls ||
      runner.memoryBytes > maxMemory
    ) {
      // It failed already, or has nothing left to do: there is nobody to tell.
      this.remove(member).catch(() => {});
    } else {
      this.idle.push(member);
    }
    this.goOn();
  }

  /** Takes an instance back after a call that failed, for whatever reason. */
  private takeBackFailed(member: Member, error: unknown): void {
    if (member.runner.retired && this.members.has(member)) {
      this.remove(member, { kind: "retired", error }).catch(() => {});
      const isOwn = !(error instanceof PluginAbortedError || error instanceof HostFunctionError);
      if (isOwn) this.instanceFailed(member.era, error);
      this.goOn();
      return;
    }
    if (error instanceof PluginError) this.supervision.restarts.succeeded();
    this.takeBack(member);
  }

  /** Says when the next is started; or that none is. */
  private instanceFailed(era: number, error: unknown): void {
    if (this.retired) return;
    const { supervision } = this;
    const { restarts } = supervision;
    this.failed++;
    const verdict = restarts.failed(era);
    if (verdict.kind === "wait") {
      supervision.tell({ kind: "restarting", milliseconds: verdict.milliseconds });
    } else if (verdict.kind === "give up") {
      this.giveUp(
        `it failed ${verdict.failures} times in a row within ${restarts.within} ms (restart.times), at last with: ${reasonOf(error)}`,
      );
      supervision.tell({ kind: "gaveUp", error });
    }
  }

  /** Refuses all calls that have no instance. Those under way end in theirs. */
  private giveUp(reason: string): void {
    this.gaveUp = reason;
    const refuse = (request: Request): void => request.refuse(this.retiredError(request.name));
    for (const request of this.requests.splice(0)) refuse(request);
    for (const start of this.starting) {
      if (start.request !== undefined) refuse(start.request);
      start.request = undefined;
      start.abort.abort();
    }
    for (const member of this.idle.splice(0)) this.remove(member).catch(() => {});
  }

  private retiredError(name: string): PluginRetiredError {
    if (this.gaveUp === undefined) return disposedError(name);
    return new PluginRetiredError(
      `${name}: the plugin is not usable any more, because ${this.gaveUp}. Load it again.`,
    );
  }

  private add(runner: InstanceRunner, era: number): Member {
    const member: Member = { runner, era, calls: 0 };
    this.members.add(member);
    this.supervision.tell({ kind: "started" });
    return member;
  }

  /**
   * The one place that decides what is next, after whatever has changed: gives idle instances to the calls that wait, starts
   * instances for the others, and ends the pool when it has drained.
   */
  private goOn(): void {
    for (let member = this.idle.at(-1); member !== undefined; member = this.idle.at(-1)) {
      const request = this.requests.shift();
      if (request === undefined) break;
      this.idle.pop();
      request.give(this.occupy(member));
    }
    this.stopWaiting?.();
    this.stopWaiting = undefined;
    if (this.requests.length > 0 && !this.isFull && this.mustWait) {
      const { restarts } = this.supervision;
      this.stopWaiting = restarts.clock.after(restarts.wait, () => this.goOn());
    }
    while (!this.isFull && !this.mustWait) {
      const request = this.requests.shift();
      if (request === undefined) break;
      this.start(request);
    }
    if (this.state.kind !== "draining" || this.requests.length > 0) return;
    // Nobody waits for these any more.
    for (const { abort, request } of this.starting) if (request === undefined) abort.abort();
    if (this.starting.size > 0 || this.idle.length < this.members.size) return;
    const { ended, drained } = this.state;
    this.state = { kind: "ended", ended };
    drained();
  }

  /** Starts an instance for a call. If it can't be started, that call fails. */
  private start(request: Request): void {
    const { era } = this.supervision.restarts;
    const start: Start = { abort: new AbortController(), request, era };
    if (this.failed > 0) {
      this.failed--;
      this.restarted++;
    }
    this.starting.add(start);
    this.startInstance(start.abort.signal).then(
      (runner) => {
        this.starting.delete(start);
        const member = this.add(runner, era);
        if (this.gaveUp !== undefined) this.remove(member).catch(() => {});
        else if (start.request === undefined) this.idle.push(member);
        else start.request.give(this.occupy(member));
        this.goOn();
      },
      (error: unknown) => {
        this.starting.delete(start);
        // An aborted start, which nobody waits for, says nothing of the plugin.
        if (!start.abort.signal.aborted) this.instanceFailed(era, error);
        start.request?.refuse(error);
        this.goOn();
      },
    );
  }
}

function disposedError(name: string): PluginRetiredError {
  return new PluginRetiredError(
    `${name}: the plugin is not usable any more, because it was disposed. Load it again.`,
  );
}
