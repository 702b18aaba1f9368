import type { HostFunction } from "../descriptors/host-function.js";
import { functionsOf } from "../descriptors/host-library.js";
import type { HandshakeService, MethodDescriptor } from "../descriptors/service-descriptor.js";
import {
  HostFunctionError,
  PluginAbortedError,
  PluginLoadError,
  PluginRetiredError,
  PluginTimeoutError,
} from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import { timeoutError } from "../instance/call-limits.js";
import { DecodeBudget, type DecodedKind } from "../instance/decode-budget.js";
import type { StartReport } from "../instance/start-report.js";
import { decodeRange } from "../messages/wire/decode.js";
import { encodeMessage } from "../messages/wire/encode.js";
import type { MessageInit, MessageType } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { toMessage } from "../messages/wire/to-message.js";
import { WireError } from "../messages/wire/wire-error.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { LoadOptions } from "../options/load-options.js";
import { encodeToSend } from "../worker/encode-to-send.js";
import { failureOf, type LetterWithBytes } from "../worker/host-answers.js";
import type { HostQuestion, WorkerMessage } from "../worker/protocol.js";
import { Clocks } from "./clocks.js";
import { receivedError } from "./received-error.js";
import { SandboxThread } from "./sandbox-thread.js";
import { TurnRunner } from "./turn-runner.js";
import type { Frame } from "./turns.js";

/**
 * Where a plugin in a worker is in its life:
 *
 *     starting ──> started ──> ended
 *         └─────────────────────┘
 *
 * While it is started it is idle or busy, which the pending calls tell.
 */
type WorkerState =
  /** The thread comes up, then the plugin's start runs. */
  | {
      readonly kind: "starting";
      /** Called when the thread runs: from then on it is the plugin that takes time. */
      readonly threadRuns: () => void;
      readonly started: (report: StartReport) => void;
    }
  | { readonly kind: "started"; readonly report: StartReport }
  | {
      readonly kind: "ended";
      /** undefined: it was disposed. */
      readonly error: Error | undefined;
      /** The thread is ending until then. */
      readonly terminated: Promise<void>;
    };

/** What becomes of a start. One of the two is called, once. */
interface StartEvents {
  readonly started: () => void;
  readonly failed: (error: Error) => void;
  /** Ends the start when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

interface PendingCall {
  resolve(answer: Uint8Array): void;
  reject(error: Error): void;
}

/** An instance in a thread of its own. */
export class WorkerRunner extends TurnRunner {
  private state: WorkerState;
  private readonly thread: SandboxThread;
  private readonly functions: readonly HostFunction[];
  private readonly clocks = new Clocks();
  private readonly decodeBudget: DecodeBudget;
  private readonly timeLimit: number | undefined;
  private readonly calls = new Map<number, PendingCall>();
  /** By name of the wasm export. */
  private readonly methodNumbers: ReadonlyMap<string, number>;
  private nextId = 1;
  /** What a host function threw: only its text comes back from the worker. */
  private hostFailure: unknown;
  memoryBytes = 0;
  hostCalls = 0;
  fuel = 0;

  /**
   * Starts a plugin in a new thread.
   *
   * @param signal ends the start when it is aborted
   * @throws PluginLoadError, PluginTimeoutError
   */
  static async start(
    module: PluginModule,
    service: HandshakeService,
    options: LoadOptions,
    signal?: AbortSignal,
  ): Promise<WorkerRunner> {
    const { program } = await import("#worker-program");
    if (signal?.aborted === true) throw disposedAtStart();
    return new Promise((resolve, reject) => {
      const runner: WorkerRunner = new WorkerRunner(module, service, options, program, {
        started: () => resolve(runner),
        failed: reject,
        signal,
      });
    });
  }

  private constructor(
    module: PluginModule,
    service: HandshakeService,
    options: LoadOptions,
    program: string,
    events: StartEvents,
  ) {
    super(module, options.limits?.depth);
    this.methodNumbers = new Map(
      Object.values(service.methods).map(({ wasmName }, number) => [wasmName, number]),
    );
    this.functions = functionsOf(options);
    this.timeLimit = options.limits?.time;
    this.decodeBudget = new DecodeBudget(options.limits?.decoded, () => this.lookAtTime());
    this.thread = new SandboxThread(module, options, program, {
      message: (message) => this.receive(message),
      failed: (error) => this.abandon(error),
    });
    this.state = this.starting(events);
    this.postStart(service);
  }

  /** The start takes a turn like a call, so that host functions know what they are called by. */
  private starting(events: StartEvents): WorkerState {
    const { signal } = events;
    let stopClock = (): void => {};
    const onAbort = (): void => this.abandon(disposedAtStart());
    const settle = (): void => {
      stopClock();
      signal?.removeEventListener("abort", onAbort);
    };
    const frame = this.turns.enter({
      run: () => {},
      fail: (error) => {
        settle();
        events.failed(error);
      },
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    return {
      kind: "starting",
      threadRuns: () => {
        stopClock = this.startClock("starting the plugin");
      },
      started: (report) => {
        settle();
        this.state = { kind: "started", report };
        this.turns.leave(frame);
        events.started();
      },
    };
  }

  private postStart({ typeName, apiVersionExport, methods }: HandshakeService): void {
    this.thread.start({
      kind: "start",
      ...this.thread.request(),
      service: {
        typeName,
        apiVersionExport,
        methods: Object.fromEntries(
          Object.entries(methods).map(([name, { wasmName }]) => [name, { wasmName }]),
        ),
      },
      functions: this.functions.map(({ module, name }) => ({ module, name })),
    });
  }

  get report(): StartReport {
    if (this.state.kind !== "started") throw new WplugError("the plugin is not started");
    return this.state.report;
  }

  get retired(): boolean {
    return this.state.kind === "ended";
  }

  protected async run<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): Promise<O> {
    if (this.state.kind === "ended") throw retiredError(method.name, this.state.error);
    const { name, input, output } = method;
    const bytes = encodeToSend(input, toMessage(input, request));
    const stopClock = this.startClock(name);
    try {
      const answer = await this.ask(method, bytes);
      return this.decode(output, answer, name, "answer");
    } finally {
      stopClock();
    }
  }

  /** Reads a message of the plugin, whose memory can't be trusted if it is not valid. */
  private decode<T extends Message>(
    type: MessageType<T>,
    bytes: Uint8Array,
    name: string,
    kind: DecodedKind,
  ): T {
    try {
      const { length } = bytes;
      return decodeRange(type, bytes, 0, length, this.decodeBudget.of(name, kind, length));
    } catch (error) {
      if (kind === "answer" || !(error instanceof WireError)) {
        this.abandon(error instanceof Error ? error : new WplugError(reasonOf(error)));
      }
      throw error;
    }
  }

  /** Ends a plugin whose messages take longer to read than the call may. */
  private lookAtTime(): void {
    this.clocks.look();
    const { state } = this;
    if (state.kind === "ended" && state.error !== undefined) throw state.error;
  }

  callSync<I extends Message, O extends Message>(method: MethodDescriptor<I, O>): O {
    throw new WplugError(
      `sync.${method.name}: the plugin runs in a worker, which can't answer at once: use the method that returns a Promise` +
        ' (plugins are in a worker if the options say isolation: "worker" or limits.time, or if a host function is async on an engine that can\'t suspend wasm)',
    );
  }

  /** Ends the plugin if the action takes longer than it may. Returns what stops the clock. */
  private startClock(action: string): () => void {
    const { timeLimit } = this;
    return this.clocks.start(timeLimit, () =>
      this.abandon(timeoutError(action, timeLimit ?? 0, this.thread.stderrLines())),
    );
  }

  dispose(): Promise<void> {
    return this.end(undefined);
  }

  protected abandon(error: Error): void {
    void this.end(error);
  }

  /**
   * The one place where the plugin ends. Only the first reason counts.
   *
   * @param error undefined: it was disposed
   */
  private end(error: Error | undefined): Promise<void> {
    const { state } = this;
    if (state.kind === "ended") return state.terminated;
    // Nothing of the application's runs before the thread is ended and the calls are told.
    const terminated = this.thread.terminate();
    this.state = { kind: "ended", error, terminated };
    this.memoryBytes = 0;
    this.calls.clear();
    this.clocks.stopAll();
    this.turns.endAll(this.callError(error, state));
    this.thread.close();
    return terminated;
  }

  private ask(method: MethodDescriptor, request: Uint8Array): Promise<Uint8Array> {
    const { wasmName } = method;
    const number = this.methodNumbers.get(wasmName);
    if (number === undefined) throw new WplugError(`${wasmName} is no method of the service`);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject });
      // Inside of another call the worker waits for a host function.
      if (this.turns.depth > 1)
        this.thread.send({ head: { kind: "call", id, method: number }, bytes: request });
      else this.thread.post([id, number, request], [request.buffer as ArrayBuffer]);
    });
  }

  private receive(message: WorkerMessage): void {
    const { state } = this;
    if (!("kind" in message)) {
      const [id, answer, memory, fuel = 0] = message;
      this.memoryBytes = memory;
      this.fuel = fuel;
      this.settle(id)?.resolve(answer);
      return;
    }
    switch (message.kind) {
      case "starting":
        if (state.kind === "starting") state.threadRuns();
        break;
      case "started":
        this.memoryBytes = message.memory;
        this.fuel = message.fuel;
        this.thread.idle();
        if (state.kind === "starting") state.started(message.report);
        break;
      case "failed":
        this.abandon(this.withCause(receivedError(message.error, this.module)));
        break;
      case "error": {
        this.fuel = message.fuel;
        const error = this.withCause(receivedError(message.error, this.module));
        this.settle(message.id)?.reject(error);
        if (message.retired) this.abandon(error);
        break;
      }
      case "question":
        if (message.question.of === "host") void this.answerHost(message.question, message.bytes);
        break;
    }
  }

  private settle(id: number): PendingCall | undefined {
    const call = this.calls.get(id);
    this.calls.delete(id);
    if (this.calls.size === 0) this.thread.idle();
    return call;
  }

  /** The worker waits: for a host function. */
  private async answerHost({ index }: HostQuestion, bytes: Uint8Array): Promise<void> {
    const frame = this.turns.top;
    if (frame === undefined) return;
    this.turns.suspend(frame);
    let letter: LetterWithBytes;
    try {
      letter = { head: { kind: "answer" }, bytes: await this.callHost(index, bytes, frame) };
    } catch (error) {
      this.hostFailure ??= error;
      letter = { head: failureOf(error) };
    }
    await this.turns.resume(frame);
    if (!this.retired) this.thread.answer(letter);
  }

  private async callHost(index: number, bytes: Uint8Array, frame: Frame): Promise<Uint8Array> {
    const { [index]: hostFunction } = this.functions;
    if (hostFunction === undefined) throw new Error("there is no such host function");
    const { input, output, module, name } = hostFunction;
    this.hostCalls++;
    const request = this.decode(input, bytes, `${module}.${name}`, "request");
    const response = await this.turns.runHostFunction(() =>
      hostFunction.call(request, this.turns.scopeOf(frame)),
    );
    return encodeMessage(output, toMessage(output, response));
  }

  /** A HostFunctionError with what the host function threw, instead of its text alone. */
  private withCause(error: Error): Error {
    if (!(error instanceof HostFunctionError) || this.hostFailure === undefined) return error;
    return new HostFunctionError(error.message, { cause: this.hostFailure });
  }

  /** What the calls that run fail with. */
  private callError(error: Error | undefined, state: WorkerState): Error {
    if (error === undefined) {
      return new PluginRetiredError("the plugin was disposed during the call");
    }
    return state.kind === "starting" ? this.loadError(error) : error;
  }

  private loadError(error: Error): Error {
    const isClear = [
      PluginLoadError,
      PluginAbortedError,
      PluginTimeoutError,
      PluginRetiredError,
    ].some((type) => error instanceof type);
    if (isClear) return error;
    return new PluginLoadError(`${this.module.name} can't be started: ${error.message}`, {
      cause: error,
    });
  }
}

function disposedAtStart(): PluginRetiredError {
  return new PluginRetiredError("the plugin was disposed while it was started");
}

/** @param cause undefined: it was disposed */
function retiredError(action: string, cause: Error | undefined): PluginRetiredError {
  const reason =
    cause === undefined
      ? "it was disposed"
      : `an earlier call failed: ${cause.message.split("\n", 1)[0] ?? ""}`;
  return new PluginRetiredError(
    `${action}: the plugin is not usable any more, because ${reason}. Load it again.`,
    { cause },
  );
}
