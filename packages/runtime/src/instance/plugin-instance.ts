import type { HostFunction } from "../descriptors/host-function.js";
import { functionsOf } from "../descriptors/host-library.js";
import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import {
  PluginError,
  PluginLoadError,
  PluginRetiredError,
  PluginTimeoutError,
} from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import { encodeToScratch, releaseScratch, scratch } from "../messages/wire/encode.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { toMessage } from "../messages/wire/to-message.js";
import type { PluginModule } from "../module/plugin-module.js";
import { wasmApi } from "../module/wasm-api.js";
import type { CallOptions } from "../options/call-options.js";
import type { LoadOptions } from "../options/load-options.js";
import { ExitSignal } from "../wasi/exit-signal.js";
import { Sandbox } from "../wasi/sandbox.js";
import { CallLimits } from "./call-limits.js";
import { CallScope } from "./call-scope.js";
import { DecodeBudget } from "./decode-budget.js";
import { DEFAULT_DEPTH, tooDeep } from "./depth.js";
import {
  abiExports,
  functionExport,
  growingExports,
  memoryExport,
  sizeOf,
  type AbiExports,
} from "./exports.js";
import type { HostCaller, Suspender } from "./host-import.js";
import { checkImports, createImports } from "./imports.js";
import { MessageTransfer } from "./message-transfer.js";
import { correctStack } from "./original-stack.js";
import { trapError } from "./trap.js";

/** What errors call the start, the question for the version included. */
const START = "starting the plugin";

type Exports = Readonly<Record<string, unknown>>;
/** Pointer and size of the request; answers `pointer << 32 | size`. */
type RpcExport = (pointer: number, size: number) => unknown;
type SuspendingRpc = (pointer: number, size: number) => Promise<unknown>;

/** What an rpc is called by. */
type RawMethod<O extends Message> = Pick<
  MethodDescriptor<Message, O>,
  "name" | "wasmName" | "output"
>;

/** The code of a plugin that can be called. */
interface PluginCode {
  readonly exports: Exports;
  readonly abi: AbiExports;
}

/**
 * Where an instance is in its life:
 *
 *     starting ──> ready ──> ended
 *         └───────────────────┘
 *
 * While it is ready it is idle or busy, which the depth of calls tells.
 */
type InstanceState =
  /** Code is there once wasm is instantiated; its start runs then. */
  | { readonly kind: "starting"; readonly code: PluginCode | undefined }
  | { readonly kind: "ready"; readonly code: PluginCode }
  /** Disposed or failed: it answers every call with the reason. */
  | { readonly kind: "ended"; readonly reason: string; readonly cause: unknown };

/**
 * A running plugin with its memory. Calls are synchronous and one at a time; only a host function may call the
 * plugin again while a call runs.
 *
 * After any failure but an error that the plugin answers, its memory can't be trusted: the instance is retired
 * and answers every call with the reason.
 */
export class PluginInstance {
  readonly module: PluginModule;
  private state: InstanceState = { kind: "starting", code: undefined };
  private readonly sandbox: Sandbox;
  /** Beside its memory. */
  private otherGrowing: ReturnType<typeof growingExports> = [];
  private readonly decodeBudget: DecodeBudget;
  private readonly transfer: MessageTransfer;
  private readonly memoryLimit: number | undefined;
  private readonly depthLimit: number;
  private readonly suspender: Suspender | undefined;
  /** undefined if the module is not metered. */
  private readonly limits: CallLimits | undefined;
  private readonly rpcs = new Map<object, RpcExport>();
  private readonly suspendingRpcs = new Map<object, SuspendingRpc>();
  /** Number of calls that run, one inside the other. */
  private depth = 0;
  /** How many of them can't be suspended. While there is one, it is the innermost that runs. */
  private syncDepth = 0;
  /** Of the innermost call that runs. */
  private callOptions: CallOptions | undefined;
  /** What that is for the host functions it calls; undefined until it calls one. */
  private scope: CallScope | undefined;
  /** That of the innermost call that has one: the first of a list. */
  private innermost: CallScope | undefined;
  private hostCallCount = 0;
  /** The first failure that an import ended the plugin's code with. wasm can catch it: it counts all the same. */
  private importFailure: { readonly error: unknown } | undefined;

  private constructor(module: PluginModule, options: LoadOptions, suspender?: Suspender) {
    const { limits = {} } = options;
    // TinyGo's runtime prints panics where it prints everything.
    const sandbox = new Sandbox(options, module.toolchain === "tinygo" ? "stdout" : "stderr");
    const stderrLines = (): readonly string[] => sandbox.stderrLines();
    this.module = module;
    this.suspender = suspender;
    this.sandbox = sandbox;
    this.memoryLimit = limits.memory;
    this.depthLimit = limits.depth ?? DEFAULT_DEPTH;
    this.limits = module.isMetered
      ? new CallLimits(limits, {
          stderrLines,
          canSuspend: () => this.syncDepth === 0 && this.suspender !== undefined,
        })
      : undefined;
    this.decodeBudget = new DecodeBudget(limits.decoded, () => this.limits?.hostAnswered());
    this.transfer = new MessageTransfer(
      module,
      sandbox.memory,
      limits,
      this.decodeBudget,
      stderrLines,
    );
  }

  /**
   * Instantiates and starts a plugin: `_initialize`, or `_start` where there is none.
   *
   * @param suspender lets host functions answer with promises, on engines that can suspend wasm
   * @throws PluginLoadError if an import is not provided, an export of the ABI is missing, or the start fails;
   * PluginTimeoutError
   */
  static async create(
    module: PluginModule,
    options: LoadOptions = {},
    suspender?: Suspender,
  ): Promise<PluginInstance> {
    const functions = functionsOf(options);
    checkImports(module, functions);
    const instance = new PluginInstance(module, options, suspender);
    await instance.start(options, functions);
    return instance;
  }

  private async start(options: LoadOptions, functions: readonly HostFunction[]): Promise<void> {
    const { module, sandbox, limits } = this;
    const imports = createImports(module, sandbox.context(limits), functions, this.hostCaller());
    this.syncDepth++;
    try {
      const { exports } = await wasmApi().instantiate(module.module, imports);
      const memory = memoryExport(exports);
      sandbox.memory.attach(memory);
      this.otherGrowing = growingExports(exports).filter((it) => it !== memory);
      const abi = abiExports(exports);
      const code = { exports, abi: options.limits?.slice === undefined ? abi : this.inOneGo(abi) };
      this.state = { kind: "starting", code };
      const metered = limits?.connect(exports);
      limits?.enter(START);
      metered?.start?.();
      this.runStart(exports);
      this.checkFailures();
      limits?.leave();
      this.leaveScope(undefined, undefined);
      this.sandbox.refillOutput();
      this.state = { kind: "ready", code };
    } catch (error) {
      const failure = this.retire(error, START);
      if (failure instanceof PluginTimeoutError) throw failure;
      if (failure instanceof PluginLoadError) {
        throw new PluginLoadError(`${failure.message} (${module.name})`);
      }
      throw new PluginLoadError(`${module.name} can't be started: ${failure.message}`, {
        cause: failure,
      });
    } finally {
      this.syncDepth--;
    }
  }

  /** These are called from JavaScript, which can't be suspended, also during calls that can. */
  private inOneGo({ memory, malloc, free }: AbiExports): AbiExports {
    const inOneGo =
      <T>(code: (value: number) => T) =>
      (value: number): T => {
        this.syncDepth++;
        try {
          return code(value);
        } finally {
          this.syncDepth--;
        }
      };
    return { memory, malloc: inOneGo(malloc), free: inOneGo(free) };
  }

  private hostCaller(): HostCaller {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getter below has a `this` of its own
    const instance = this;
    return {
      memory: this.sandbox.memory,
      decodeBudget: this.decodeBudget,
      calling: (name, size) => {
        this.hostCallCount++;
        this.limits?.hostCalled();
        this.transfer.checkHostRequest(name, size);
      },
      copyIn: (source, start, size) => this.transfer.copyIn(this.code?.abi, source, start, size),
      returned: (name) => {
        this.limits?.hostAnswered();
        if (this.state.kind === "ended") throw this.retiredError(name);
      },
      answered: (pointer) => this.transfer.hostAnswered(pointer),
      failed: (error) => {
        this.importFailure ??= { error };
      },
      get callOptions() {
        return instance.currentScope();
      },
      get timeLeft() {
        return instance.limits?.timeLeft;
      },
      get suspender() {
        return instance.syncDepth > 0 ? undefined : instance.suspender;
      },
    };
  }

  private currentScope(): CallScope {
    if (this.scope === undefined) {
      this.scope = new CallScope(this.callOptions, this.innermost);
      this.innermost = this.scope;
    }
    return this.scope;
  }

  /** The innermost call has ended. If it failed, its scope has been told so when the instance ended. */
  private leaveScope(outerOptions: CallOptions | undefined, outer: CallScope | undefined): void {
    if (this.scope !== undefined) {
      this.scope.end();
      this.innermost = this.scope.outer;
    }
    this.callOptions = outerOptions;
    this.scope = outer;
  }

  private runStart(exports: Exports): void {
    if ("_initialize" in exports) {
      functionExport(exports, "_initialize", 0)();
      return;
    }
    if (!("_start" in exports)) return;
    try {
      functionExport(exports, "_start", 0)();
    } catch (error) {
      // A command that is done. Old TinyGo plugins are used like this.
      if (!(error instanceof ExitSignal && error.code === 0)) throw error;
      this.importFailure = undefined;
    }
  }

  /** Whether a call runs: true only for code that the plugin called. */
  get busy(): boolean {
    return this.depth > 0;
  }

  /** Whether the instance answers no more calls, after `dispose` or a failure. */
  get retired(): boolean {
    return this.state.kind === "ended";
  }

  /** Number of host functions that the plugin called since it was started. */
  get hostCalls(): number {
    return this.hostCallCount;
  }

  /** Units of fuel that the plugin used; 0 if it is not metered. */
  get fuel(): number {
    return this.limits?.used ?? 0;
  }

  /** Size of the memories and tables that are exported, in bytes; 0 if the plugin is retired. */
  get memoryBytes(): number {
    let bytes = this.sandbox.memory.bytes.length;
    for (const growing of this.otherGrowing) bytes += sizeOf(growing);
    return bytes;
  }

  /** Whether an export takes a request and can be called as rpc. */
  hasRpc(wasmName: string): boolean {
    const rpc = this.exports[wasmName];
    return typeof rpc === "function" && rpc.length === 2;
  }

  /**
   * Calls an rpc.
   *
   * @throws PluginError with the plugin's text if it answers with an error; WireError if the request can't be
   * encoded. Both leave the instance usable. PluginTrapError, PluginExitError, PluginLimitError, PluginTimeoutError,
   * PluginAbortedError, HostFunctionError and WireError of the answer retire it; PluginRetiredError afterwards.
   *
   * @param options `signal` ends the call of a plugin that is metered
   */
  call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): O {
    const code = this.usableCode(method.name);
    const start = encodeToScratch(method.input, toMessage(method.input, request));
    try {
      this.checkEncoded(method.name);
      return this.callRange(code, method, scratch.buffer, start, scratch.position - start, options);
    } finally {
      releaseScratch(start);
    }
  }

  /** As `call`, with a request that is encoded already. */
  callEncoded<O extends Message>(method: RawMethod<O>, request: Uint8Array): O {
    const code = this.usableCode(method.name);
    return this.callRange(code, method, request, 0, request.length);
  }

  /**
   * As `call`, but host functions may answer with promises. Other calls may only be made while it waits for one, and
   * must end before it goes on.
   */
  async callSuspending<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    const { abi, exports } = this.usableCode(method.name);
    const rpc = this.suspendingRpcs.get(method) ?? this.findSuspendingRpc(exports, method);
    const start = encodeToScratch(method.input, toMessage(method.input, request));
    const { callOptions: outerOptions, scope: outerScope } = this;
    let answer: O | string;
    this.depth++;
    this.callOptions = options;
    this.scope = undefined;
    this.limits?.enter(method.name);
    try {
      let result: Promise<unknown>;
      let pointer: number;
      try {
        this.checkEncoded(method.name);
        const size = scratch.position - start;
        pointer = this.transfer.copyIn(abi, scratch.buffer, start, size);
        // Up to where it waits for the first time; others use the scratch then.
        result = rpc(pointer, size);
      } finally {
        releaseScratch(start);
      }
      answer = this.finish(method, await result, pointer, abi);
    } catch (error) {
      throw this.retire(error, method.name);
    } finally {
      this.depth--;
      this.leaveScope(outerOptions, outerScope);
      this.limits?.leave();
    }
    if (typeof answer === "string") throw new PluginError(answer);
    return answer;
  }

  /**
   * Calls an export without parameters that returns an i64: a service's version.
   *
   * @throws PluginLoadError, in go-plugin's words, if there is no such export.
   */
  callVersion(name: string): bigint {
    const { exports } = this.usableCode(name);
    const version = functionExport(exports, name, 0);
    let result: unknown;
    this.depth++;
    this.syncDepth++;
    this.limits?.enter(START);
    try {
      result = version();
      this.checkFailures();
    } catch (error) {
      throw this.retire(error, name);
    } finally {
      this.depth--;
      this.syncDepth--;
      this.limits?.leave();
    }
    if (typeof result !== "bigint") throw new PluginLoadError(`invalid ${name} signature`);
    return result;
  }

  /** Lets go of the plugin's memory. Calls fail afterwards, also those that run. Disposing twice is harmless. */
  dispose(): void {
    this.end("it was disposed", undefined);
  }

  /** What a call fails with whose time is over while it waits. */
  expire(): WplugError {
    return this.limits?.expire() ?? new WplugError("the plugin has no limit of time");
  }

  /** Ends the instance because of something outside of it. Calls fail afterwards, with the reason. */
  abandon(error: WplugError): void {
    this.retire(error, "");
  }

  private get code(): PluginCode | undefined {
    return this.state.kind === "ended" ? undefined : this.state.code;
  }

  private get exports(): Exports {
    return this.code?.exports ?? {};
  }

  private usableCode(action: string): PluginCode {
    const { state } = this;
    if (state.kind !== "ready") throw this.retiredError(action);
    if (this.depth >= this.depthLimit) throw tooDeep(action, this.depthLimit);
    if (this.limits?.paused === true) {
      throw new WplugError(
        `${action}: the plugin is in the middle of another call, which lets the event loop run (limits.slice): use the method that returns a Promise`,
      );
    }
    return state.code;
  }

  /** To encode a request may run code of the application, which may have disposed the plugin. */
  private checkEncoded(action: string): void {
    if (this.state.kind === "ended") throw this.retiredError(action);
  }

  private callRange<O extends Message>(
    { exports, abi }: PluginCode,
    method: RawMethod<O>,
    source: Uint8Array,
    start: number,
    size: number,
    options?: CallOptions,
  ): O {
    const rpc = this.rpcs.get(method) ?? this.findRpc(exports, method);
    const { callOptions: outerOptions, scope: outerScope } = this;
    const signal = options?.signal;
    let answer: O | string;
    this.depth++;
    this.syncDepth++;
    this.callOptions = options;
    this.scope = undefined;
    this.limits?.enter(method.name, signal);
    try {
      const pointer = this.transfer.copyIn(abi, source, start, size);
      answer = this.finish(method, rpc(pointer, size), pointer, abi);
    } catch (error) {
      throw this.retire(error, method.name);
    } finally {
      this.depth--;
      this.syncDepth--;
      this.leaveScope(outerOptions, outerScope);
      this.limits?.leave(signal);
    }
    if (typeof answer === "string") throw new PluginError(answer);
    return answer;
  }

  /** Takes the answer of a call that has returned, and cleans up behind it. */
  private finish<O extends Message>(
    method: RawMethod<O>,
    result: unknown,
    request: number,
    abi: AbiExports,
  ): O | string {
    this.checkFailures();
    if (this.state.kind === "ended") throw this.retiredError(method.name);
    const answer = this.transfer.takeAnswer(method, result, abi);
    if (request !== 0) abi.free(request);
    if (this.depth === 1) {
      this.transfer.freeHostAnswers(abi);
      this.sandbox.refillOutput();
    }
    return answer;
  }

  /** @throws what an import or a limit ended the plugin's code with, if the plugin went on all the same */
  private checkFailures(): void {
    if (this.limits?.over !== undefined) throw this.limits.over;
    if (this.importFailure !== undefined) throw this.importFailure.error;
  }

  private findRpc(exports: Exports, method: Pick<MethodDescriptor, "wasmName">): RpcExport {
    const rpc = functionExport(exports, method.wasmName, 2);
    this.rpcs.set(method, rpc);
    return rpc;
  }

  private findSuspendingRpc(exports: Exports, method: MethodDescriptor): SuspendingRpc {
    const { promising } = wasmApi();
    if (promising === undefined) throw new WplugError("the engine can't suspend wasm");
    const rpc = promising(functionExport(exports, method.wasmName, 2));
    this.suspendingRpcs.set(method, rpc);
    return rpc;
  }

  /** Ends the instance because of a failure. Returns what the call fails with. */
  private retire(thrown: unknown, action: string): WplugError {
    const { limits, importFailure } = this;
    const failure = limits?.over ?? (importFailure === undefined ? thrown : importFailure.error);
    // What it does after its end is of no interest, but for the reason of a host function that failed then.
    if (
      this.state.kind === "ended" &&
      limits?.over === undefined &&
      !(thrown instanceof WplugError)
    ) {
      return this.retiredError(action);
    }
    if (!(failure instanceof WplugError)) {
      limits?.allowLastWords();
      correctStack(failure, this.module);
    }
    const error = trapError(failure, {
      action,
      exports: this.exports,
      memory: this.sandbox.memory,
      memoryLimit: this.memoryLimit,
      stderr: this.sandbox.stderrLines(),
      reports: this.sandbox.reportLines(),
    });
    // The rest of the message is in the cause.
    this.end(`an earlier call failed: ${error.message.split("\n", 1)[0] ?? ""}`, error);
    return error;
  }

  /** The one place where it ends. Only the first reason counts. */
  private end(reason: string, cause: unknown): void {
    if (this.state.kind === "ended") return;
    this.state = { kind: "ended", reason, cause };
    this.limits?.close();
    this.otherGrowing = [];
    this.rpcs.clear();
    this.suspendingRpcs.clear();
    this.sandbox.close();
    const error = cause ?? new PluginRetiredError("the plugin was disposed during the call");
    for (let call = this.innermost; call !== undefined; call = call.outer) call.abort(error);
  }

  private retiredError(action: string): PluginRetiredError {
    const { state } = this;
    const [reason, cause] =
      state.kind === "ended" ? [state.reason, state.cause] : ["it is not started", undefined];
    return new PluginRetiredError(
      `${action}: the plugin is not usable any more, because ${reason}. Load it again.`,
      { cause },
    );
  }
}
