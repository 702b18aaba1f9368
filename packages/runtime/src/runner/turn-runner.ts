import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import { abortedError } from "../instance/call-limits.js";
import { DEFAULT_DEPTH, tooDeep } from "../instance/depth.js";
import type { StartReport } from "../instance/start-report.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions, SyncCallOptions } from "../options/call-options.js";
import { checkSignal } from "./check-signal.js";
import type { InstanceRunner } from "./plugin-runner.js";
import { Turns, type Frame, type FrameEvents } from "./turns.js";

/** An instance whose calls take time: they wait for their turn, and for host functions. */
export abstract class TurnRunner implements InstanceRunner {
  readonly module: PluginModule;
  protected readonly turns: Turns;
  private readonly depthLimit: number;

  constructor(module: PluginModule, depthLimit = DEFAULT_DEPTH, turns = new Turns()) {
    this.module = module;
    this.depthLimit = depthLimit;
    this.turns = turns;
  }

  abstract readonly report: StartReport;
  abstract readonly retired: boolean;
  abstract readonly memoryBytes: number;
  abstract readonly hostCalls: number;
  abstract readonly fuel: number;

  /** Makes a call whose turn it is. */
  protected abstract run<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options: CallOptions | undefined,
  ): Promise<O>;

  /** Ends the plugin. All calls that run fail with the error, later ones with the reason. */
  protected abstract abandon(error: Error): void;

  abstract callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: SyncCallOptions,
  ): O;

  abstract dispose(): Promise<void>;

  get calledHost(): boolean {
    return this.turns.current() !== undefined;
  }

  call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    return new Promise<O>((resolve, reject) => {
      checkSignal(method.name, options);
      new TurnCall(this.turns, options, resolve, reject, {
        run: () => {
          if (this.turns.depth > this.depthLimit) throw tooDeep(method.name, this.depthLimit);
          return this.run(method, request, options);
        },
        abort: (signal, isRunning) => {
          const error = abortedError(method.name, signal);
          if (isRunning) this.abandon(error);
          return error;
        },
      });
    });
  }
}

/** What a call does in its turn, and when its signal is aborted. */
interface TurnAction<O> {
  run(): Promise<O>;
  /** Returns what the call fails with. */
  abort(signal: AbortSignal, isRunning: boolean): Error;
}

/** A call on its way through the turns of an instance. It is settled once, in `end`, whatever comes first. */
class TurnCall<O> implements FrameEvents {
  /** undefined while it is in the first step of its turn. */
  private frame: Frame | undefined;
  private ended = false;

  constructor(
    private readonly turns: Turns,
    private readonly options: CallOptions | undefined,
    private readonly resolve: (answer: O) => void,
    private readonly reject: (error: unknown) => void,
    private readonly action: TurnAction<O>,
  ) {
    options?.signal?.addEventListener("abort", this, { once: true });
    this.frame = turns.enter(this, options);
    // It may have ended before there was a frame to leave.
    if (this.ended) turns.leave(this.frame);
  }

  run(): void {
    try {
      this.action.run().then(
        (answer) => this.end(() => this.resolve(answer)),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.end(() => this.reject(error));
  }

  /** The signal is aborted. */
  handleEvent(): void {
    const signal = this.options?.signal;
    if (this.ended || signal === undefined) return;
    const isRunning = this.frame?.state !== "waiting";
    this.fail(this.action.abort(signal, isRunning));
  }

  private end(settle: () => void): void {
    if (this.ended) return;
    this.ended = true;
    this.options?.signal?.removeEventListener("abort", this);
    settle();
    // Last: it lets the next call run. There is no frame yet if the call failed in its very first step.
    if (this.frame !== undefined) this.turns.leave(this.frame);
  }
}
