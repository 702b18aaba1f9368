import { PluginLoadError } from "../errors/plugin-errors.js";
import { lineWriter } from "./line-writer.js";
import type { OutputTarget } from "./output-target.js";
import { strictDecoder } from "./strict-decoder.js";

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
export const stdout: OutputTarget = lineWriter((line) => console.log(line));
export const stderr: OutputTarget = lineWriter((line) => console.error(line));

/** `getRandomValues` refuses more bytes at once. */
const RANDOM_MAX = 65536;

export function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  for (let start = 0; start < bytes.length; start += RANDOM_MAX) {
    crypto.getRandomValues(bytes.subarray(start, start + RANDOM_MAX));
  }
}
