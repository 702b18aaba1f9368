import {
  fillRandom,
  spawnWorker,
  stderr as standardError,
  stdout as standardOutput,
} from "#platform";
import type { HostFunction } from "../descriptors/host-function.js";
import { functionsOf } from "../descriptors/host-library.js";
import type { HandshakeService, MethodDescriptor } from "../descriptors/service-descriptor.js";
import { fromErrorRecord } from "../errors/error-record.js";
import {
  HostFunctionError,
  PluginAbortedError,
  PluginLoadError,
  PluginRetiredError,
  PluginTimeoutError,
  PluginTrapError,
} from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import type { StartReport } from "../instance/start-report.js";
import { decodeMessage } from "../messages/wire/decode.js";
import { encodeMessage } from "../messages/wire/encode.js";
import { toMessage, type MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import { WASI_MODULE } from "../module/wasi-module.js";
import type { Clock } from "../options/clock.js";
import type { LoadOptions } from "../options/load-options.js";
import type { SpawnedWorker } from "../platform/spawned-worker.js";
import { OutputTail } from "../wasi/output-tail.js";
import { createOutput, type Output } from "../wasi/output.js";
import { systemClock } from "../wasi/system-clock.js";
import { encodeToSend } from "../worker/encode-to-send.js";
import { Mailbox, writeLetter } from "../worker/mailbox.js";
import type {
  HostQuestion,
  Letter,
  Question,
  WorkerMessage,
  WorkerRequest,
} from "../worker/protocol.js";
import { SharedFiles } from "../worker/remote-files.js";
import { TurnRunner } from "./turn-runner.js";

const NO_BYTES: Uint8Array = new Uint8Array(0);

interface PendingCall {
  resolve(answer: Uint8Array): void;
  reject(error: Error): void;
}

/** An instance in a thread of its own. */
export class WorkerRunner extends TurnRunner {
  private readonly worker: SpawnedWorker;
  private readonly functions: readonly HostFunction[];
  private readonly mailbox: Mailbox | undefined;
  private readonly files: SharedFiles;
  private readonly clock: Clock;
  private readonly fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void;
  private readonly stdout: Output;
  private readonly stderr: OutputTail;
  private readonly timeLimit: number | undefined;
  private readonly calls = new Map<number, PendingCall>();
  /** By name of the wasm export. */
  private readonly methodNumbers: ReadonlyMap<string, number>;
  private readonly clocks = new Set<ReturnType<typeof setTimeout>>();
  private nextId = 1;
  private startReport: StartReport | undefined;
  private onStarting: (() => void) | undefined;
  private onStart: ((report: StartReport) => void) | undefined;
  private retirement: { readonly error: Error | undefined } | undefined;
  /** What a host function threw: only its text comes back from the worker. */
  private hostFailure: unknown;
  memoryBytes = 0;
  hostCalls = 0;

  private constructor(
    module: PluginModule,
    service: HandshakeService,
    options: LoadOptions,
    program: string,
  ) {
    super(module, options.limits?.depth);
    this.methodNumbers = new Map(
      Object.values(service.methods).map(({ wasmName }, number) => [wasmName, number]),
    );
    this.functions = functionsOf(options);
    this.stdout = createOutput("stdout", options.stdout, standardOutput);
    this.stderr = new OutputTail(createOutput("stderr", options.stderr, standardError));
    this.files = new SharedFiles(options.files ?? {});
    this.clock = options.clock ?? systemClock;
    this.fillRandom = options.random ?? fillRandom;
    this.timeLimit = options.limits?.time;
    const asks =
      module.imports.some((needed) => needed.module !== WASI_MODULE) ||
      (options.files ?? options.clock ?? options.random) !== undefined;
    if (typeof SharedArrayBuffer === "function") this.mailbox = new Mailbox();
    else if (asks) throw noSharedMemory(module.name);
    this.worker = spawnWorker(program, {
      message: (message) => this.receive(message as WorkerMessage),
      error: (error) => {
        const reason = `the worker of ${module.name} failed: ${reasonOf(error)}`;
        this.abandon(new PluginTrapError(reason, { stderr: this.stderr.lines(), cause: error }));
      },
    });
  }

  static async start(
    module: PluginModule,
    service: HandshakeService,
    options: LoadOptions,
  ): Promise<WorkerRunner> {
    const { program } = await import("#worker-program");
    const runner = new WorkerRunner(module, service, options, program);
    await runner.begin(service, options);
    return runner;
  }

  private begin(service: HandshakeService, options: LoadOptions): Promise<void> {
    const { typeName, apiVersionExport, methods } = service;
    const { args = [], env = {}, limits = {}, files = {}, clock, random } = options;
    return new Promise((resolve, reject) => {
      const frame = this.turns.push(this.turns.origin(), reject);
      let stopClock = (): void => {};
      this.onStarting = () => {
        stopClock = this.startClock("starting the plugin");
      };
      this.onStart = (report) => {
        this.startReport = report;
        stopClock();
        this.turns.pop(frame);
        resolve();
      };
      this.post({
        kind: "start",
        name: this.module.name,
        module: this.module.module,
        service: {
          typeName,
          apiVersionExport,
          methods: Object.fromEntries(
            Object.entries(methods).map(([name, { wasmName }]) => [name, { wasmName }]),
          ),
        },
        functions: this.functions.map(({ module, name }) => ({ module, name })),
        args: [...args],
        env: { ...env },
        limits: { ...limits },
        files: Object.entries(files).map(([mount, { writable }]) => ({ mount, writable })),
        asksClock: clock !== undefined,
        asksRandom: random !== undefined,
        mailbox: this.mailbox?.buffer,
      });
    });
  }

  get report(): StartReport {
    if (this.startReport === undefined) throw new WplugError("the plugin is not started");
    return this.startReport;
  }

  get retired(): boolean {
    return this.retirement !== undefined;
  }

  protected async run<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): Promise<O> {
    if (this.retirement !== undefined) throw this.retiredError(method.name);
    const { name, input, output } = method;
    const bytes = encodeToSend(input, toMessage(input, request));
    const stopClock = this.startClock(name);
    let answer: Uint8Array;
    try {
      answer = await this.ask(method, bytes);
    } finally {
      stopClock();
    }
    try {
      return decodeMessage(output, answer);
    } catch (error) {
      // Its memory can't be trusted.
      this.abandon(error instanceof Error ? error : new WplugError(reasonOf(error)));
      throw error;
    }
  }

  callSync<I extends Message, O extends Message>(method: MethodDescriptor<I, O>): O {
    throw new WplugError(
      `sync.${method.name}: the plugin runs in a worker, which can't answer at once: use the method that returns a Promise` +
        ' (plugins are in a worker if the options say isolation: "worker" or limits.time, or if a host function is async on an engine that can\'t suspend wasm)',
    );
  }

  async dispose(): Promise<void> {
    if (this.retirement !== undefined) return;
    await this.end(undefined);
  }

  protected abandon(error: Error): void {
    void this.end(error);
  }

  private ask(method: MethodDescriptor, request: Uint8Array): Promise<Uint8Array> {
    const { wasmName } = method;
    const number = this.methodNumbers.get(wasmName);
    if (number === undefined) throw new WplugError(`${wasmName} is no method of the service`);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject });
      // Inside of another call the worker waits for a host function.
      if (this.turns.depth > 1) this.send({ kind: "call", id, method: number }, request);
      else this.post([id, number, request], [request.buffer as ArrayBuffer]);
    });
  }

  private post(request: WorkerRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.worker.busy();
    this.worker.post(request, transfer);
  }

  private send(head: Letter, bytes = NO_BYTES): void {
    this.mailbox?.send(writeLetter(head, bytes));
  }

  private receive(message: WorkerMessage): void {
    if (this.retirement !== undefined) return;
    if (!("kind" in message)) {
      const [id, answer, memory] = message;
      this.memoryBytes = memory;
      this.settle(id)?.resolve(answer);
      return;
    }
    switch (message.kind) {
      case "starting":
        this.onStarting?.();
        break;
      case "started":
        this.memoryBytes = message.memory;
        this.worker.idle();
        this.onStart?.(message.report);
        break;
      case "failed":
        this.abandon(this.withCause(fromErrorRecord(message.error)));
        break;
      case "error": {
        const error = this.withCause(fromErrorRecord(message.error));
        this.settle(message.id)?.reject(error);
        if (message.retired) this.abandon(error);
        break;
      }
      case "output":
        this.write(message.stream === "stdout" ? this.stdout : this.stderr, message.bytes);
        break;
      case "question":
        if (message.question.of === "host") {
          void this.answerHost(message.question, message.bytes);
        } else {
          this.answer(message.question, message.bytes);
        }
        break;
      case "more":
        this.mailbox?.sendPart();
        break;
    }
  }

  private settle(id: number): PendingCall | undefined {
    const call = this.calls.get(id);
    this.calls.delete(id);
    if (this.calls.size === 0) this.worker.idle();
    return call;
  }

  private write(output: Output, bytes: Uint8Array): void {
    try {
      output.write(bytes);
    } catch (error) {
      this.abandon(error instanceof Error ? error : new WplugError(reasonOf(error)));
    }
  }

  /** The worker waits: for what WASI needs of this thread. */
  private answer(question: Exclude<Question, HostQuestion>, bytes: Uint8Array): void {
    try {
      switch (question.of) {
        case "files": {
          const answer = this.files.answer(question, bytes);
          this.send({ kind: "answer", value: answer.value }, answer.bytes);
          break;
        }
        case "clock":
          this.send({ kind: "answer", value: String(this.clock[question.clock]()) });
          break;
        case "random": {
          const random = new Uint8Array(question.length);
          this.fillRandom(random);
          this.send({ kind: "answer" }, random);
          break;
        }
      }
    } catch (error) {
      this.send(failureOf(error));
    }
  }

  /** The worker waits: for a host function. */
  private async answerHost({ index }: HostQuestion, bytes: Uint8Array): Promise<void> {
    const frame = this.turns.top;
    if (frame === undefined) return;
    this.turns.suspend(frame);
    let letter: Letter;
    let body: Uint8Array | undefined;
    try {
      body = await this.callHost(index, bytes);
      letter = { kind: "answer" };
    } catch (error) {
      this.hostFailure = error;
      letter = failureOf(error);
    }
    await this.turns.resume(frame);
    if (this.retirement === undefined) this.send(letter, body);
  }

  private async callHost(index: number, bytes: Uint8Array): Promise<Uint8Array> {
    const { [index]: hostFunction } = this.functions;
    if (hostFunction === undefined) throw new Error("there is no such host function");
    const { input, output } = hostFunction;
    this.hostCalls++;
    const request = decodeMessage(input, bytes);
    const response = await this.turns.runHostFunction(() => hostFunction.call(request));
    return encodeMessage(output, toMessage(output, response));
  }

  /** A HostFunctionError with what the host function threw, instead of its text alone. */
  private withCause(error: Error): Error {
    if (!(error instanceof HostFunctionError) || this.hostFailure === undefined) return error;
    return new HostFunctionError(error.message, { cause: this.hostFailure });
  }

  /** Ends the plugin if it takes longer than it may. Returns what ends the clock. */
  private startClock(action: string): () => void {
    const limit = this.timeLimit;
    if (limit === undefined) return () => {};
    const timer = setTimeout(() => {
      this.abandon(
        new PluginTimeoutError(
          `${action} took longer than ${limit} ms (limits.time)`,
          limit,
          this.stderr.lines(),
        ),
      );
    }, limit);
    this.clocks.add(timer);
    return () => {
      clearTimeout(timer);
      this.clocks.delete(timer);
    };
  }

  /** @param error undefined: it was disposed */
  private async end(error: Error | undefined): Promise<void> {
    if (this.retired) return;
    this.retirement = { error };
    this.memoryBytes = 0;
    this.calls.clear();
    for (const clock of this.clocks) clearTimeout(clock);
    this.stdout.end();
    this.stderr.end();
    this.files.closeAll();
    this.turns.failAll(this.callError(error));
    await this.worker.terminate();
  }

  /** What the calls that run fail with. */
  private callError(error: Error | undefined): Error {
    if (error === undefined) {
      return new PluginRetiredError("the plugin was disposed during the call");
    }
    return this.startReport === undefined ? this.loadError(error) : error;
  }

  private loadError(error: Error): Error {
    if (error instanceof PluginLoadError || error instanceof PluginAbortedError) return error;
    if (error instanceof PluginTimeoutError) return error;
    return new PluginLoadError(`${this.module.name} can't be started: ${error.message}`, {
      cause: error,
    });
  }

  private retiredError(action: string): PluginRetiredError {
    const cause = this.retirement?.error;
    const reason =
      cause === undefined
        ? "it was disposed"
        : `an earlier call failed: ${cause.message.split("\n", 1)[0] ?? ""}`;
    return new PluginRetiredError(
      `${action}: the plugin is not usable any more, because ${reason}. Load it again.`,
      { cause },
    );
  }
}

function failureOf(error: unknown): Letter {
  const hasCode = typeof error === "object" && error !== null && "code" in error;
  const code = hasCode && typeof error.code === "string" ? error.code : undefined;
  return { kind: "failure", reason: reasonOf(error), code };
}

function noSharedMemory(name: string): PluginLoadError {
  return new PluginLoadError(
    `${name} calls host functions or uses files, which needs shared memory to run it in a worker: serve the page with the headers ` +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
  );
}
