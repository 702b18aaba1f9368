import { HostFunctionError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { decodeRange } from "../wire/decode.js";
import { encodeToScratch, releaseScratch, scratch } from "../wire/encode.js";
import {
  toMessage,
  type Message,
  type MessageInit,
  type MessageType,
} from "../wire/message-type.js";
import { HIGH, LOW, halves, signed64 } from "../wire/words.js";
import type { GuestMemory } from "./guest-memory.js";

/** A function that the host offers to the plugin. */
export interface HostFunction<I extends Message = Message, O extends Message = Message> {
  /** wasm import module, `env` unless the contract says otherwise. */
  readonly module: string;
  /** wasm import name: `http_get`. */
  readonly name: string;
  readonly input: MessageType<I>;
  readonly output: MessageType<O>;
  /** Must answer at once: the plugin can't wait for a Promise. */
  call(request: I): O | MessageInit<O>;
}

/** What a host function needs of the instance that calls it. */
export interface HostCaller {
  readonly memory: GuestMemory;
  /** Copies the end of the scratch, from `start`, into new memory of the plugin. */
  copyIn(start: number): number;
  /** Told about memory that holds an answer: some plugins leave it to the host to free it. */
  answered(pointer: number): void;
}

/**
 * The wasm import for a host function: takes a request by pointer and size, answers `pointer << 32 | size` of memory
 * that it gets from the plugin's `malloc`. The ABI has no error here: a failure ends the plugin's call.
 */
export function hostImport(
  hostFunction: HostFunction,
  caller: HostCaller,
): (pointer: number, size: number) => bigint {
  const { module, name, input, output } = hostFunction;

  function answer(pointer: number, size: number): number {
    pointer >>>= 0;
    size >>>= 0;
    if (!caller.memory.has(pointer, size))
      throw new Error("the request is not in the plugin's memory");
    const request = decodeRange(input, caller.memory.bytes, pointer, pointer + size);
    // Whoever has no compiler to insist on an answer gets an empty one.
    const response: object = hostFunction.call(request) ?? {};
    if ("then" in response && typeof response.then === "function") {
      throw new Error(
        "it returned a Promise, but the plugin can't wait: only synchronous functions work",
      );
    }
    return encodeToScratch(output, toMessage(output, response));
  }

  return (pointer, size) => {
    let start: number;
    try {
      start = answer(pointer, size);
    } catch (error) {
      throw new HostFunctionError(`host function ${module}.${name} failed: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    try {
      return copyAnswer(caller, start);
    } finally {
      releaseScratch(start);
    }
  };
}

function copyAnswer(caller: HostCaller, start: number): bigint {
  const size = scratch.position - start;
  if (size === 0) return 0n;
  const target = caller.copyIn(start);
  caller.answered(target);
  halves[HIGH] = target;
  halves[LOW] = size;
  return signed64[0] ?? 0n;
}
