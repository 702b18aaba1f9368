import { AsyncLocalStorage } from "node:async_hooks";
import { promises, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { Worker } from "node:worker_threads";
import { PluginLoadError } from "../errors/plugin-errors.js";
import type { CallContext } from "./call-context.js";
import type { OutputTarget } from "./output-target.js";
import { strictDecoder } from "./strict-decoder.js";
import type { SpawnedWorker, WorkerEvents } from "./spawned-worker.js";

/**
 * Node's own UTF-8 functions, which work on every Uint8Array: 60 to 80 ns cheaper a call than the Encoding API,
 * which wants a subarray. They are documented parts of no API, hence missing from the types.
 */
interface NativeText {
  utf8Write(this: Uint8Array, text: string, position: number, length: number): number;
  utf8Slice(this: Uint8Array, start: number, end: number): string;
}
const native: NativeText = Buffer.prototype as Buffer & NativeText;

/** Writes `text` as UTF-8 at `position`; the caller made room. Returns the number of bytes. */
export function utf8Write(target: Uint8Array, text: string, position: number): number {
  return native.utf8Write.call(target, text, position, target.length - position);
}

/** The text of the UTF-8 bytes from `start` to `end`; undefined if they are no UTF-8. */
export function utf8Read(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = native.utf8Slice.call(bytes, start, end);
  // The native function puts U+FFFD where bytes are invalid. A real U+FFFD is rare: ask the strict decoder then.
  if (!text.includes("\ufffd")) return text;
  return strictDecoder(bytes.subarray(start, end));
}

/** Standard base64 with padding. */
export function base64Encode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** From this many characters on, Node makes memory of their own for the bytes of a text. */
const OWN_MEMORY = 1 << 16;

/** Engines that keep a text in bytes where they can know without a look at its characters that there is none of these. */
const BEYOND_BYTES = /[\u0100-\uffff]/;

/** In this many characters of a text, a digit of the URL-safe alphabet is there by all odds, if the text is in that. */
const SAMPLE = 4096;

/**
 * The bytes of the first `count` characters of a text, which are base64 digits in either alphabet; undefined if something else is
 * among them. Behind them is nothing but padding.
 */
export function base64Decode(text: string, count: number): Uint8Array | undefined {
  const size = Math.floor((count * 3) / 4);
  // Node takes the low byte of such a character.
  if (BEYOND_BYTES.test(text)) return undefined;
  let bytes: Uint8Array;
  let written: number;
  if (text.length < OWN_MEMORY) {
    bytes = new Uint8Array(size);
    written = Buffer.from(bytes.buffer).write(text, "base64");
  } else {
    // Both take both alphabets, but are several times as fast with their own.
    const encoding = /[-_]/.test(text.slice(0, SAMPLE)) ? "base64url" : "base64";
    // Without zeros first.
    const { buffer, byteOffset, length } = Buffer.from(text, encoding);
    bytes = new Uint8Array(buffer, byteOffset, length);
    written = length;
  }
  // It skips what is no digit, which leaves too few bytes.
  return written === size ? bytes : undefined;
}

const SUPPORTED = [20, 19] as const;

/**
 * @throws PluginLoadError on a Node that lacks what the runtime needs.
 */
export function checkEngine(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > SUPPORTED[0] || (major === SUPPORTED[0] && minor >= SUPPORTED[1])) return;
  throw new PluginLoadError(
    `wplug needs Node ${SUPPORTED.join(".")} or newer, but this is Node ${version}: install a newer Node`,
  );
}

/** The bytes of a file, given by path or `file:` URL. */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  return promises.readFile(path);
}

/** Something that is told when a file changes, until it is closed. */
export interface FileWatch {
  close(): void;
}

/** A file is written in several steps: that long after the last one it is looked at, in milliseconds. */
const SETTLED = 50;

/**
 * Watches a file, also one that is replaced by another of its name. Does not keep the program from ending.
 *
 * @throws PluginLoadError if it is no file
 */
export function watchFile(source: string | URL, onChange: () => void): FileWatch {
  const name = String(source);
  if (/^https?:/i.test(name)) throw new PluginLoadError(`watch: ${name} is not a file`);
  const path = resolve(/^file:/i.test(name) ? fileURLToPath(name) : name);
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(path), { persistent: false }, (_event, file) => {
    if (file !== null && file !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLED).unref();
  });
  // A folder that was removed: there is nothing to see any more.
  watcher.on("error", () => watcher.close());
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** Where a plugin's output goes unless the load options say otherwise. */
export const stdout: OutputTarget = { write: (chunk) => void process.stdout.write(chunk) };
export const stderr: OutputTarget = { write: (chunk) => void process.stderr.write(chunk) };

/** Tells whoever runs the program of something that does not stop it. */
export function warn(message: string): void {
  process.emitWarning(message, "WplugWarning");
}

/** Asks for the module when it is needed: a thread takes more than a millisecond to load it, and few plugins need it. */
export function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  process.getBuiltinModule("node:crypto").randomFillSync(bytes);
}

export function createCallContext<T extends object>(): CallContext<T> | undefined {
  const storage = new AsyncLocalStorage<T>();
  return {
    run: (call, code) => storage.run(call, code),
    current: () => storage.getStore(),
  };
}

/** What a thread is told to run. */
interface CompiledProgram {
  /** An expression: a function that takes `require`. */
  readonly source: string;
  readonly cachedData: Uint8Array;
}

/**
 * What a thread is started with: it is short, since Node compiles that text from nothing, and looks at it for more than that. The
 * program itself comes compiled, which makes the start of a thread a tenth shorter or more.
 */
const BOOT = `
  const { Script } = require("node:vm");
  const { source, cachedData } = require("node:worker_threads").workerData;
  new Script(source, { filename: "wplug-worker.js", cachedData }).runInThisContext()(require);`;

/** The programs of this process, of which there is one, by their texts. */
const compiledPrograms = new Map<string, CompiledProgram>();

function compiled(program: string): CompiledProgram {
  let known = compiledPrograms.get(program);
  if (known === undefined) {
    const source = `(function (require) {${program}\n})`;
    const cachedData = new Script(source, { filename: "wplug-worker.js" }).createCachedData();
    known = { source, cachedData };
    compiledPrograms.set(program, known);
  }
  return known;
}

/** Starts a thread with the given program. */
export function spawnWorker(program: string, events: WorkerEvents): SpawnedWorker {
  const workerData = compiled(program);
  const worker = new Worker(BOOT, { eval: true, stdin: false, env: {}, execArgv: [], workerData });
  worker.on("message", events.message);
  worker.on("error", events.error);
  worker.on("exit", (code) => events.error(new Error(`the worker ended with exit code ${code}`)));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    // A plugin that nobody calls does not keep the program from ending.
    idle: () => worker.unref(),
    busy: () => worker.ref(),
    terminate: async () => void (await worker.terminate()),
  };
}

/**
 * The engine, if it does not end a thread while wasm runs in it, whatever is asked of it: a plugin that computes for ever goes on there.
 * Bun is such a one, up to the version that its suite runs on.
 */
export const lastingThreads: string | undefined =
  process.versions["bun"] === undefined ? undefined : "Bun";

/** Lets the event loop run once: timers, input, other code that waits. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
