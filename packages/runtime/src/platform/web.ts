import { PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import type { CallContext } from "./call-context.js";
import { lineWriter } from "./line-writer.js";
import type { OutputTarget } from "./output-target.js";
import { strictDecoder } from "./strict-decoder.js";
import type { SpawnedWorker, WorkerEvents } from "./spawned-worker.js";

export { base64Decode, base64Encode } from "./web-base64.js";

const encoder = new TextEncoder();

/** Writes `text` as UTF-8 at `position`; the caller made room. Returns the number of bytes. */
export function utf8Write(target: Uint8Array, text: string, position: number): number {
  return encoder.encodeInto(text, target.subarray(position)).written;
}

/** The text of the UTF-8 bytes from `start` to `end`; undefined if they are no UTF-8. */
export function utf8Read(bytes: Uint8Array, start: number, end: number): string | undefined {
  return strictDecoder(bytes.subarray(start, end));
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

/** Tells whoever runs the program of something that does not stop it. */
export function warn(message: string): void {
  console.warn(message);
}

/** The engine, if it does not end a thread while wasm runs in it. Browsers do. */
export const lastingThreads: string | undefined = undefined;

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
