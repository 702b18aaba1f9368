import type { HostCallOptions } from "../descriptors/host-call-options.js";
import type { HostFunction } from "../descriptors/host-function.js";
import { HostFunctionError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { decodeRange } from "../messages/wire/decode.js";
import type { Message } from "../messages/wire/message.js";
import { encodeToScratch, releaseScratch, scratch } from "../messages/wire/encode.js";
import { toMessage } from "../messages/wire/to-message.js";
import { WireError } from "../messages/wire/wire-error.js";
import { HIGH, LOW, halves, signed64 } from "../messages/wire/words.js";
import type { DecodeBudget } from "./decode-budget.js";
import { isPromise } from "./is-promise.js";
import { canSuspend, suspendingImport } from "./suspending.js";

/** What a host function needs of the instance that calls it. */
export interface HostCaller {
  readonly memory: GuestMemory;
  /**
   * Told before a host function is called.
   *
   * @throws PluginLimitError if the request is too long
   */
  calling(name: string, size: number): void;
  /**
   * Told when a host function has returned, or its Promise is settled, and its answer is encoded.
   *
   * @param name of the host function
   * @throws what ends the call, as that took too long or ended the plugin
   */
  returned(name: string): void;
  /** Bounds what a request makes when it is read. */
  readonly decodeBudget: DecodeBudget;
  /** Copies `size` bytes at `start` into new memory of the plugin. */
  copyIn(source: Uint8Array, start: number, size: number): number;
  /** Told what the import throws: wasm may catch it. */
  failed(error: unknown): void;
  /** Told about memory that holds an answer: some plugins leave it to the host to free it. */
  answered(pointer: number): void;
  /** What host functions are told of the innermost call that runs. */
  readonly callOptions: HostCallOptions;
  /** Milliseconds that the call may still take; undefined: there is no limit. */
  readonly timeLeft: number | undefined;
  /** How a host function may answer with a Promise; undefined if this call can't wait. */
  readonly suspender: Suspender | undefined;
}

/** Lets a call wait. */
export interface Suspender {
  /** Runs a host function's code, so that calls of the plugin which it makes are known to be its own. */
  run<R>(code: () => R): R;
  /**
   * Suspends the call until the answer is there.
   *
   * @param timeLeft milliseconds after which the plugin is ended; undefined: none
   */
  wait<R>(answer: PromiseLike<R>, timeLeft: number | undefined): Promise<R>;
}

export type HostImport = (pointer: number, size: number) => bigint;

/**
 * The wasm import for a host function: takes a request by pointer and size, answers `pointer << 32 | size` of memory
 * that it gets from the plugin's `malloc`. The ABI has no error here: a failure ends the plugin's call.
 */
export function hostImport(hostFunction: HostFunction, caller: HostCaller): HostImport {
  const { module, name, input, output } = hostFunction;
  const fullName = `${module}.${name}`;
  const failed = (error: unknown): HostFunctionError =>
    new HostFunctionError(`host function ${fullName} failed: ${reasonOf(error)}`, {
      cause: error,
    });

  function read(pointer: number, size: number): Message {
    const { memory, decodeBudget } = caller;
    if (!memory.has(pointer, size)) throw new Error("the request is not in the plugin's memory");
    const budget = decodeBudget.of(fullName, "request", size);
    return decodeRange(input, memory.bytes, pointer, pointer + size, budget);
  }

  function invoke(request: Message): object {
    const { suspender, callOptions } = caller;
    const response =
      suspender === undefined
        ? hostFunction.call(request, callOptions)
        : suspender.run(() => hostFunction.call(request, callOptions));
    return response;
  }

  function answer(response: object): bigint {
    let start: number;
    try {
      start = encodeToScratch(output, toMessage(output, response));
    } catch (error) {
      throw failed(error);
    }
    try {
      // Not before: to encode an answer may run code of the application, too.
      caller.returned(fullName);
      return copyAnswer(caller, start);
    } finally {
      releaseScratch(start);
    }
  }

  function begin(pointer: number, size: number): object {
    pointer >>>= 0;
    size >>>= 0;
    caller.calling(fullName, size);
    let request: Message;
    try {
      request = read(pointer, size);
    } catch (error) {
      throw isOfLimits(error) ? error : failed(error);
    }
    try {
      return invoke(request);
    } catch (error) {
      throw failed(error);
    }
  }

  /** To look for a `then` may run code of the application. */
  function isPending(response: object): response is PromiseLike<unknown> & object {
    try {
      return isPromise(response);
    } catch (error) {
      throw failed(error);
    }
  }

  function answerAtOnce(pointer: number, size: number): bigint {
    const response = begin(pointer, size);
    if (!isPending(response)) return answer(response);
    ignoreRejection(response);
    throw failed(
      new Error("it returned a Promise, but is not an async function: declare it async"),
    );
  }

  function beginToSuspend(pointer: number, size: number): bigint | PromiseLike<unknown> {
    const response = begin(pointer, size);
    if (!isPending(response)) return answer(response);
    if (caller.suspender !== undefined) return response;
    ignoreRejection(response);
    throw failed(
      new Error(
        "it returned a Promise, for which a call of `sync` can't wait: use the method that returns a Promise",
      ),
    );
  }

  async function endSuspended(promise: PromiseLike<unknown>): Promise<bigint> {
    const { suspender } = caller;
    if (suspender === undefined) throw new Error("the call can't be suspended");
    let response: unknown;
    try {
      response = await suspender.wait(promise, caller.timeLeft);
    } catch (error) {
      throw failed(error);
    }
    return answer(response as object);
  }

  /** Tells the instance of what is thrown: wasm may catch it. */
  function telling<T>(
    code: (pointer: number, size: number) => T,
  ): (pointer: number, size: number) => T {
    return (pointer, size) => {
      try {
        return code(pointer, size);
      } catch (error) {
        caller.failed(error);
        throw error;
      }
    };
  }

  if (!canSuspend()) return telling(answerAtOnce);
  return suspendingImport({
    begin: telling(beginToSuspend),
    end: (promise) =>
      endSuspended(promise).catch((error: unknown) => {
        caller.failed(error);
        throw error;
      }),
  });
}

/** Whether the request was not read to its end because of a limit of the plugin. */
function isOfLimits(error: unknown): boolean {
  return error instanceof WplugError && !(error instanceof WireError);
}

/** The call has failed for a better reason already. */
function ignoreRejection(promise: PromiseLike<unknown>): void {
  promise.then(undefined, () => {});
}

function copyAnswer(caller: HostCaller, start: number): bigint {
  const size = scratch.position - start;
  if (size === 0) return 0n;
  const target = caller.copyIn(scratch.buffer, start, size);
  caller.answered(target);
  halves[HIGH] = target;
  halves[LOW] = size;
  return signed64[0] ?? 0n;
}
