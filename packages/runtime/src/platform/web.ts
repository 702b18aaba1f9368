import { PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import type { CallContext } from "./call-context.js";
import { lineWriter } from "./line-writer.js";
import type { OutputTarget } from "./output-target.js";
import { strictDecoder } from "./strict-decoder.js";
import type { SpawnedWorker, WorkerEvents } from "./spawned-worker.js";

const encoder = new TextEncoder();

/** Writes `text` as UTF-8 at `position`; the caller made room. Returns the number of bytes. */
export function utf8Write(target: Uint8Array, text: string, position: number): number {
  return encoder.encodeInto(text, target.subarray(position)).written;
}

/** The text of the UTF-8 bytes from `start` to `end`; undefined if they are no UTF-8. */
export function utf8Read(bytes: Uint8Array, start: number, end: number): string | undefined {
  return strictDecoder(bytes.subarray(start, end));
}

/** Bytes that become text at once: a multiple of three, and fewer than a function can have arguments. */
const CHUNK = 0x6000;

/** Standard base64 with padding. */
export function base64Encode(bytes: Uint8Array): string {
  // Part of ES2026.
  const { toBase64 } = Uint8Array.prototype as { toBase64?: (this: Uint8Array) => string };
  if (toBase64 !== undefined) return toBase64.call(bytes);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + CHUNK))));
  }
  return parts.join("");
}

/** Values of the digits in both alphabets, -1 for all other characters. */
const digitValues = /* @__PURE__ */ (() => {
  const table = new Int8Array(128).fill(-1);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  [...`${alphabet}+/`, ..."-_"].forEach((digit, i) => {
    table[digit.charCodeAt(0)] = i < 64 ? i : i - 2;
  });
  return table;
})();

/**
 * The bytes of the first `count` characters of a text, which are base64 digits in either alphabet; undefined if something else is
 * among them. Behind them is nothing but padding.
 */
export function base64Decode(text: string, count: number): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((count * 3) / 4));
  let bits = 0;
  let room = 0;
  let position = 0;
  for (let i = 0; i < count; i++) {
    const value = digitValues[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    bits = (bits << 6) | value;
    room += 6;
    if (room >= 8) {
      room -= 8;
      bytes[position++] = bits >> room;
    }
  }
  return bytes;
}

/** Every engine that runs ES2022 modules will do. */
export function checkEngine(): void {}

/** The bytes behind a URL; a relative one is resolved against the page. */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  const response = await fetch(path);
  if (!response.ok) throw new PluginLoadError(`${String(path)}: HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Where a plugin's output goes unless the load options say otherwise: the console, line by line. */
export interface FileWatch {
  close(): void;
}

export function watchFile(source: string | URL, _onChange: () => void): FileWatch {
  throw new PluginLoadError(`watch: ${String(source)} is not a file: only Node can watch one`);
}

export const stdout: OutputTarget = /* @__PURE__ */ lineWriter((line) => console.log(line));
export const stderr: OutputTarget = /* @__PURE__ */ lineWriter((line) => console.error(line));

/** `getRandomValues` refuses more bytes at once. */
const RANDOM_MAX = 65536;

export function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  for (let start = 0; start < bytes.length; start += RANDOM_MAX) {
    crypto.getRandomValues(bytes.subarray(start, start + RANDOM_MAX));
  }
}

/** Browsers can't tell which call some code belongs to. */
export function createCallContext<T extends object>(): CallContext<T> | undefined {
  return undefined;
}

/** The part of the DOM's `Worker` that is used; its types come only with the whole DOM. */
interface WebWorker {
  onmessage: (event: { readonly data: unknown }) => void;
  onerror: (event: { readonly message?: string; preventDefault(): void }) => void;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}
declare const Worker: new (url: string) => WebWorker;

/** Starts a thread with the given program. */
export function spawnWorker(program: string, events: WorkerEvents): SpawnedWorker {
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  let worker: WebWorker;
  try {
    worker = new Worker(url);
  } catch (error) {
    throw new PluginLoadError(
      `can't start a worker: ${reasonOf(error)} (the page's Content-Security-Policy must allow worker-src blob:)`,
      { cause: error },
    );
  }
  worker.onmessage = ({ data }) => events.message(data);
  worker.onerror = (event) => {
    event.preventDefault();
    events.error(new Error(event.message ?? "the worker failed"));
  };
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    idle: () => {},
    busy: () => {},
    terminate: async () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** Lets the event loop run once: timers, input, other code that waits. Timers would take 4 ms at least. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const turn = (): void => {
      port1.close();
      resolve();
    };
    port1.addEventListener("message", turn, { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
}
