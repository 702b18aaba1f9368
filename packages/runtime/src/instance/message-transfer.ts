import { PluginLimitError, PluginTrapError } from "../errors/plugin-errors.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { decodeRange, SHORT_COPY } from "../messages/wire/decode.js";
import type { MessageType } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { HIGH, LOW, halves, signed64 } from "../messages/wire/words.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { Limits } from "../options/limits.js";
import { ExitSignal } from "../wasi/exit-signal.js";
import type { DecodeBudget } from "./decode-budget.js";
import type { AbiExports } from "./exports.js";

/** Bit 31 of the size: the answer is an error text. */
const ERROR_BIT = 0x80000000;

const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What an rpc answers with, as far as it is needed to read the answer. */
export interface AnswerType<O extends Message> {
  /** For errors: `sayHello`. */
  readonly name: string;
  readonly output: MessageType<O>;
}

/** Takes messages into the memory of a plugin and out of it, as docs/abi.md has it. */
export class MessageTransfer {
  private readonly memory: GuestMemory;
  private readonly messageLimit: number;
  private readonly memoryLimit: number | undefined;
  private readonly budget: DecodeBudget;
  private readonly freesAnswers: boolean;
  private readonly freesHostAnswers: boolean;
  /** The last lines of stderr, for errors. */
  private readonly stderrLines: () => readonly string[];
  /** Answers of host functions that the plugin leaves to the host to free. */
  private hostAnswers: number[] = [];

  constructor(
    module: PluginModule,
    memory: GuestMemory,
    limits: Limits,
    budget: DecodeBudget,
    stderrLines: () => readonly string[],
  ) {
    this.memory = memory;
    this.messageLimit = limits.message ?? Infinity;
    this.memoryLimit = limits.memory;
    this.budget = budget;
    this.stderrLines = stderrLines;
    // Memory that Go's collector owns is not for free(). Of TinyGo plugins the same holds for the old ones, which
    // know no _initialize.
    const { toolchain } = module;
    this.freesAnswers =
      toolchain !== "go" && (toolchain !== "tinygo" || module.exports.has("_initialize"));
    // Plugins of Go forget them; others free them themselves, as the ABI says.
    this.freesHostAnswers = toolchain === "go" || toolchain === "tinygo";
  }

  /**
   * Copies `size` bytes at `start` into new memory of the plugin.
   *
   * @returns their address; 0 for no bytes
   */
  copyIn(abi: AbiExports | undefined, source: Uint8Array, start: number, size: number): number {
    if (size === 0) return 0;
    const pointer = this.allocate(abi, size);
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

  /** The answer as a message, or as text if it is an error. The plugin's memory is not referred to afterwards. */
  takeAnswer<O extends Message>(type: AnswerType<O>, result: unknown, abi: AbiExports): O | string {
    if (typeof result !== "bigint") throw this.invalid(type.name, "it returns no i64");
    signed64[0] = result;
    const pointer = halves[HIGH] ?? 0;
    const low = halves[LOW] ?? 0;
    const isError = low >= ERROR_BIT;
    const size = isError ? low - ERROR_BIT : low;
    if (size > this.messageLimit) {
      throw new PluginLimitError(
        `${type.name} answered with ${size} bytes; the limit is ${this.messageLimit} (limits.message)`,
      );
    }
    if (!this.memory.has(pointer, size)) {
      throw this.invalid(
        type.name,
        `its answer, ${size} bytes at ${pointer}, is not in the plugin's memory`,
      );
    }
    const { bytes } = this.memory;
    const end = pointer + size;
    const answer = isError
      ? textDecoder.decode(bytes.subarray(pointer, end))
      : decodeRange(type.output, bytes, pointer, end, this.budget.of(type.name, "answer", size));
    if (pointer !== 0 && this.freesAnswers) abi.free(pointer);
    return answer;
  }

  /**
   * Told about a request of the plugin for a host function.
   *
   * @throws PluginLimitError if it is too long
   */
  checkHostRequest(name: string, size: number): void {
    if (size <= this.messageLimit) return;
    throw new PluginLimitError(
      `the plugin sent ${size} bytes to ${name}; the limit is ${this.messageLimit} (limits.message)`,
    );
  }

  /** Told about memory that holds the answer of a host function. */
  hostAnswered(pointer: number): void {
    if (this.freesHostAnswers) this.hostAnswers.push(pointer);
  }

  /** Frees the answers of host functions. Only now: the plugin may use them until the call that it is in has ended. */
  freeHostAnswers(abi: AbiExports): void {
    if (this.hostAnswers.length === 0) return;
    const pointers = this.hostAnswers;
    this.hostAnswers = [];
    for (const pointer of pointers) abi.free(pointer);
  }

  private allocate(abi: AbiExports | undefined, size: number): number {
    const { memoryLimit } = this;
    let pointer = 0;
    let cause: unknown;
    try {
      pointer = abi?.malloc(size) ?? 0;
    } catch (error) {
      // Plugins in AssemblyScript trap when there is no room, others answer 0.
      if (memoryLimit === undefined || error instanceof ExitSignal) throw error;
      cause = error;
    }
    if (pointer === 0 && memoryLimit !== undefined) {
      throw new PluginLimitError(
        `the plugin has no room for a message of ${size} bytes: its memory may have ${memoryLimit} bytes (limits.memory)`,
        { cause },
      );
    }
    return pointer;
  }

  private invalid(name: string, problem: string): PluginTrapError {
    return new PluginTrapError(`${name}: ${problem}`, { stderr: this.stderrLines() });
  }
}
