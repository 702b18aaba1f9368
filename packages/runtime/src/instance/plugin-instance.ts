import { fillRandom, stderr as standardError, stdout as standardOutput } from "#platform";
import type { HostFunction } from "../descriptors/host-function.js";
import { functionsOf } from "../descriptors/host-library.js";
import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import {
  PluginError,
  PluginLimitError,
  PluginLoadError,
  PluginRetiredError,
  PluginTrapError,
} from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import { GuestMemory } from "../memory/guest-memory.js";
import { decodeRange } from "../messages/wire/decode.js";
import { encodeToScratch, releaseScratch, scratch } from "../messages/wire/encode.js";
import { toMessage, type MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { HIGH, LOW, halves, signed64 } from "../messages/wire/words.js";
import type { PluginModule } from "../module/plugin-module.js";
import { wasmApi } from "../module/wasm-api.js";
import type { Limits } from "../options/limits.js";
import type { LoadOptions } from "../options/load-options.js";
import { firstDescriptors, type Descriptors } from "../wasi/descriptors.js";
import { ExitSignal } from "../wasi/exit-signal.js";
import { OutputBudget } from "../wasi/output-budget.js";
import { OutputTail } from "../wasi/output-tail.js";
import { createOutput, type Output } from "../wasi/output.js";
import { systemClock } from "../wasi/system-clock.js";
import { DEFAULT_DEPTH, tooDeep } from "./depth.js";
import { abiExports, functionExport, memoryExport, type AbiExports } from "./exports.js";
import type { HostCaller, Suspender } from "./host-import.js";
import { createImports, unknownImportProblem, unknownImports } from "./imports.js";
import { trapError } from "./trap.js";

type Exports = Readonly<Record<string, unknown>>;
/** Pointer and size of the request; answers `pointer << 32 | size`. */
type RpcExport = (pointer: number, size: number) => unknown;

type SuspendingRpc = (pointer: number, size: number) => Promise<unknown>;

/** Bit 31 of the size: the answer is an error text. */
const ERROR_BIT = 0x80000000;
/** Up to this many bytes a loop beats `set`, which wants a subarray. */
const SHORT_COPY = 48;

const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * A running plugin with its memory. Calls are synchronous and one at a time; only a host function may call the
 * plugin again while a call runs.
 *
 * After any failure but an error that the plugin answers, its memory can't be trusted: the instance is retired
 * and answers every call with the reason.
 */
export class PluginInstance {
  readonly module: PluginModule;
  private readonly memory = new GuestMemory();
  private readonly budget: OutputBudget;
  private descriptors: Descriptors | undefined;
  private readonly stdout: Output;
  private readonly stderr: OutputTail;
  private readonly limits: Limits;
  private readonly messageLimit: number;
  private readonly depthLimit: number;
  private readonly suspender: Suspender | undefined;
  private readonly freesAnswers: boolean;
  private readonly rpcs = new Map<object, RpcExport>();
  private readonly suspendingRpcs = new Map<object, SuspendingRpc>();
  private exports: Exports = {};
  private abi: AbiExports | undefined;
  private retirement: string | undefined;
  private retirementCause: unknown;
  /** Number of calls that run, one inside the other. */
  private depth = 0;
  /** How many of them can't be suspended. While there is one, it is the innermost that runs. */
  private syncDepth = 0;
  private hostCallCount = 0;
  /** Answers of host functions that the plugin leaves to the host to free. */
  private hostAnswers: number[] = [];

  private constructor(module: PluginModule, options: LoadOptions, suspender?: Suspender) {
    const { limits = {} } = options;
    const budget = new OutputBudget(limits.output);
    this.module = module;
    this.suspender = suspender;
    this.budget = budget;
    this.stdout = budget.limit(createOutput("stdout", options.stdout, standardOutput));
    this.stderr = new OutputTail(
      budget.limit(createOutput("stderr", options.stderr, standardError)),
    );
    this.limits = limits;
    this.messageLimit = limits.message ?? Infinity;
    this.depthLimit = limits.depth ?? DEFAULT_DEPTH;
    // Memory that Go's collector owns is not for free(). Of TinyGo plugins the same holds for the old ones, which
    // know no _initialize.
    const { toolchain } = module;
    this.freesAnswers =
      toolchain !== "go" && (toolchain !== "tinygo" || module.exports.has("_initialize"));
  }

  /**
   * Instantiates and starts a plugin: `_initialize`, or `_start` where there is none.
   *
   * @param suspender lets host functions answer with promises, on engines that can suspend wasm
   * @throws PluginLoadError if an import is not provided, an export of the ABI is missing, or the start fails.
   */
  static async create(
    module: PluginModule,
    options: LoadOptions = {},
    suspender?: Suspender,
  ): Promise<PluginInstance> {
    const functions = functionsOf(options);
    const unknown = unknownImports(module, functions);
    if (unknown.length > 0) {
      const problems = unknown.map(unknownImportProblem).join(", ");
      throw new PluginLoadError(`${problems} (${module.name})`);
    }
    const instance = new PluginInstance(module, options, suspender);
    await instance.start(options, functions);
    return instance;
  }

  private async start(options: LoadOptions, functions: readonly HostFunction[]): Promise<void> {
    const { module, memory, stdout, stderr } = this;
    this.descriptors = firstDescriptors(stdout, stderr, options.files ?? {});
    const wasi = {
      memory,
      descriptors: this.descriptors,
      args: options.args ?? [],
      env: options.env ?? {},
      clock: options.clock ?? systemClock,
      fillRandom: options.random ?? fillRandom,
    };
    const imports = createImports(module, wasi, functions, this.hostCaller());
    this.syncDepth++;
    try {
      const { exports } = await wasmApi().instantiate(module.module, imports);
      this.exports = exports;
      this.memory.attach(memoryExport(exports));
      this.abi = abiExports(exports);
      this.runStart();
    } catch (error) {
      const failure = this.retire(error, "starting the plugin");
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

  private hostCaller(): HostCaller {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getter below has a `this` of its own
    const instance = this;
    return {
      memory: this.memory,
      calling: (name, size) => {
        this.hostCallCount++;
        if (size > this.messageLimit) {
          throw new PluginLimitError(
            `the plugin sent ${size} bytes to ${name}; the limit is ${this.messageLimit} (limits.message)`,
          );
        }
      },
      copyIn: (source, start, size) => this.copyIn(source, start, size),
      answered: (pointer) => void this.hostAnswers.push(pointer),
      get suspender() {
        return instance.syncDepth > 0 ? undefined : instance.suspender;
      },
    };
  }

  private runStart(): void {
    if ("_initialize" in this.exports) {
      functionExport(this.exports, "_initialize", 0)();
      return;
    }
    if (!("_start" in this.exports)) return;
    try {
      functionExport(this.exports, "_start", 0)();
    } catch (error) {
      // A command that is done. Old TinyGo plugins are used like this.
      if (!(error instanceof ExitSignal && error.code === 0)) throw error;
    }
  }

  /** Whether a call runs: true only for code that the plugin called. */
  get busy(): boolean {
    return this.depth > 0;
  }

  /** Whether the instance answers no more calls, after `dispose` or a failure. */
  get retired(): boolean {
    return this.retirement !== undefined;
  }

  /**
   * Calls an rpc.
   *
   * @throws PluginError with the plugin's text if it answers with an error; WireError if the request can't be
   * encoded. Both leave the instance usable. PluginTrapError, PluginExitError, PluginLimitError, HostFunctionError
   * and WireError of the answer retire it; PluginRetiredError afterwards.
   */
  call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): O {
    const abi = this.usableAbi(method.name);
    const rpc = this.rpcs.get(method) ?? this.findRpc(method);
    const start = encodeToScratch(method.input, toMessage(method.input, request));
    let answer: O | string;
    this.depth++;
    this.syncDepth++;
    try {
      const size = scratch.position - start;
      const pointer = this.copyIn(scratch.buffer, start, size);
      releaseScratch(start);
      answer = this.finish(method, rpc(pointer, size), pointer, abi);
    } catch (error) {
      releaseScratch(start);
      throw this.retire(error, method.name);
    } finally {
      this.depth--;
      this.syncDepth--;
    }
    if (typeof answer === "string") throw new PluginError(answer);
    return answer;
  }

  /** As `call`, with a request that is encoded already. */
  callEncoded<O extends Message>(
    method: Pick<MethodDescriptor<Message, O>, "name" | "wasmName" | "output">,
    request: Uint8Array,
  ): O {
    const abi = this.usableAbi(method.name);
    const rpc = this.rpcs.get(method) ?? this.findRpc(method);
    let answer: O | string;
    this.depth++;
    this.syncDepth++;
    try {
      const size = request.length;
      const pointer = this.copyIn(request, 0, size);
      answer = this.finish(method, rpc(pointer, size), pointer, abi);
    } catch (error) {
      throw this.retire(error, method.name);
    } finally {
      this.depth--;
      this.syncDepth--;
    }
    if (typeof answer === "string") throw new PluginError(answer);
    return answer;
  }

  /**
   * As `call`, but host functions may answer with promises. Other calls may only be made while it waits for one, and
   * must end before it goes on.
   */
  async callSuspending<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): Promise<O> {
    const abi = this.usableAbi(method.name);
    const rpc = this.suspendingRpcs.get(method) ?? this.findSuspendingRpc(method);
    const start = encodeToScratch(method.input, toMessage(method.input, request));
    let answer: O | string;
    this.depth++;
    try {
      const size = scratch.position - start;
      const pointer = this.copyIn(scratch.buffer, start, size);
      releaseScratch(start);
      const result = await rpc(pointer, size);
      if (this.retirement !== undefined) throw this.retiredError(method.name);
      answer = this.finish(method, result, pointer, abi);
    } catch (error) {
      releaseScratch(start);
      throw this.retire(error, method.name);
    } finally {
      this.depth--;
    }
    if (typeof answer === "string") throw new PluginError(answer);
    return answer;
  }

  private usableAbi(action: string): AbiExports {
    const { abi } = this;
    if (abi === undefined || this.retirement !== undefined) throw this.retiredError(action);
    if (this.depth >= this.depthLimit) throw tooDeep(action, this.depthLimit);
    return abi;
  }

  private finish<O extends Message>(
    method: Pick<MethodDescriptor<Message, O>, "name" | "output">,
    result: unknown,
    request: number,
    abi: AbiExports,
  ): O | string {
    if (typeof result !== "bigint") throw this.invalid(method.name, "it returns no i64");
    const answer = this.takeAnswer(method, result, abi);
    if (request !== 0) abi.free(request);
    if (this.depth === 1) {
      if (this.hostAnswers.length > 0) this.freeHostAnswers(abi);
      this.budget.refill();
    }
    return answer;
  }

  /**
   * Calls an export without parameters that returns an i64: a service's version.
   *
   * @throws PluginLoadError, in go-plugin's words, if there is no such export.
   */
  callVersion(name: string): bigint {
    if (this.retirement !== undefined) throw this.retiredError(name);
    const version = functionExport(this.exports, name, 0);
    let result: unknown;
    this.depth++;
    this.syncDepth++;
    try {
      result = version();
    } catch (error) {
      throw this.retire(error, name);
    } finally {
      this.depth--;
      this.syncDepth--;
    }
    if (typeof result !== "bigint") throw new PluginLoadError(`invalid ${name} signature`);
    return result;
  }

  /** Whether an export takes a request and can be called as rpc. */
  hasRpc(wasmName: string): boolean {
    const rpc = this.exports[wasmName];
    return typeof rpc === "function" && rpc.length === 2;
  }

  /** Number of host functions that the plugin called since it was started. */
  get hostCalls(): number {
    return this.hostCallCount;
  }

  /** Size of the plugin's memory in bytes; 0 if it is retired. */
  get memoryBytes(): number {
    return this.memory.bytes.length;
  }

  /** Lets go of the plugin's memory. Calls fail afterwards. Disposing twice is harmless. */
  dispose(): void {
    if (this.retirement === undefined) this.end("it was disposed");
  }

  /** Ends the instance because of something outside of it. Calls fail afterwards, with the reason. */
  abandon(error: WplugError): void {
    this.retire(error, "");
  }

  /** The answer as a message, or as text if it is an error. The plugin's memory is not referred to afterwards. */
  private takeAnswer<O extends Message>(
    method: Pick<MethodDescriptor<Message, O>, "name" | "output">,
    result: bigint,
    abi: AbiExports,
  ): O | string {
    signed64[0] = result;
    const pointer = halves[HIGH] ?? 0;
    const low = halves[LOW] ?? 0;
    const isError = low >= ERROR_BIT;
    const size = isError ? low - ERROR_BIT : low;
    if (size > this.messageLimit) {
      throw new PluginLimitError(
        `${method.name} answered with ${size} bytes; the limit is ${this.messageLimit} (limits.message)`,
      );
    }
    if (!this.memory.has(pointer, size)) {
      throw this.invalid(
        method.name,
        `its answer, ${size} bytes at ${pointer}, is not in the plugin's memory`,
      );
    }
    const { bytes } = this.memory;
    const answer = isError
      ? textDecoder.decode(bytes.subarray(pointer, pointer + size))
      : decodeRange(method.output, bytes, pointer, pointer + size);
    if (pointer !== 0 && this.freesAnswers) abi.free(pointer);
    return answer;
  }

  /** Copies `size` bytes at `start` into new memory of the plugin. */
  private copyIn(source: Uint8Array, start: number, size: number): number {
    if (size === 0) return 0;
    const pointer = this.allocate(size);
    const { bytes } = this.memory;
    if (pointer === 0 || pointer + size > bytes.length) {
      throw this.invalid("malloc", `it answered ${pointer} when asked for ${size} bytes`);
    }
    if (size <= SHORT_COPY) {
      for (let i = 0; i < size; i++) bytes[pointer + i] = source[start + i] ?? 0;
    } else {
      bytes.set(source.subarray(start, start + size), pointer);
    }
    return pointer;
  }

  private allocate(size: number): number {
    const { memory } = this.limits;
    let pointer = 0;
    let cause: unknown;
    try {
      pointer = this.abi?.malloc(size) ?? 0;
    } catch (error) {
      // Plugins in AssemblyScript trap when there is no room, others answer 0.
      if (memory === undefined || error instanceof ExitSignal) throw error;
      cause = error;
    }
    if (pointer === 0 && memory !== undefined) {
      throw new PluginLimitError(
        `the plugin has no room for a message of ${size} bytes: its memory may have ${memory} bytes (limits.memory)`,
        { cause },
      );
    }
    return pointer;
  }

  /** Only now: the plugin may use the answer of a host function until its own call ends. */
  private freeHostAnswers(abi: AbiExports): void {
    const pointers = this.hostAnswers;
    this.hostAnswers = [];
    const { toolchain } = this.module;
    // Plugins of Go forget them; others free them themselves, as the ABI says.
    if (toolchain === "go" || toolchain === "tinygo")
      pointers.forEach((pointer) => abi.free(pointer));
  }

  private findRpc(method: Pick<MethodDescriptor, "wasmName">): RpcExport {
    const rpc = functionExport(this.exports, method.wasmName, 2);
    this.rpcs.set(method, rpc);
    return rpc;
  }

  private findSuspendingRpc(method: MethodDescriptor): SuspendingRpc {
    const { promising } = wasmApi();
    if (promising === undefined) throw new WplugError("the engine can't suspend wasm");
    const rpc = promising(functionExport(this.exports, method.wasmName, 2));
    this.suspendingRpcs.set(method, rpc);
    return rpc;
  }

  private invalid(name: string, problem: string): PluginTrapError {
    return new PluginTrapError(`${name}: ${problem}`, { stderr: this.stderr.lines() });
  }

  private retire(thrown: unknown, action: string): WplugError {
    const error = trapError(thrown, {
      action,
      exports: this.exports,
      memory: this.memory,
      memoryLimit: this.limits.memory,
      stderr: this.stderr.lines(),
    });
    if (this.retirement === undefined) {
      // The rest of the message is in the cause.
      this.end(`an earlier call failed: ${error.message.split("\n", 1)[0] ?? ""}`);
      this.retirementCause = error;
    }
    return error;
  }

  private end(reason: string): void {
    this.retirement = reason;
    this.exports = {};
    this.abi = undefined;
    this.rpcs.clear();
    this.suspendingRpcs.clear();
    this.memory.detach();
    this.descriptors?.closeAll();
    this.stdout.end();
    this.stderr.end();
  }

  private retiredError(action: string): PluginRetiredError {
    return new PluginRetiredError(
      `${action}: the plugin is not usable any more, because ${this.retirement ?? "it did not start"}. Load it again.`,
      { cause: this.retirementCause },
    );
  }
}
