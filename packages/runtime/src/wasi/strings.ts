import type { GuestMemory } from "../memory/guest-memory.js";
import { ERRNO } from "./errno.js";

const encoder = new TextEncoder();

/** Writes the number of strings and their size in bytes, each with a NUL at its end. */
export function writeSizes(
  memory: GuestMemory,
  strings: readonly string[],
  count: number,
  size: number,
): number {
  let total = 0;
  for (const text of strings) total += encoder.encode(text).length + 1;
  memory.setUint32(count, strings.length);
  memory.setUint32(size, total);
  return ERRNO.SUCCESS;
}

/** Writes strings with a NUL at the end of each to `text`, and pointers to them to `pointers`. */
export function writeStrings(
  memory: GuestMemory,
  strings: readonly string[],
  pointers: number,
  text: number,
): number {
  for (const string of strings) {
    const bytes = encoder.encode(`${string}\0`);
    memory.setUint32(pointers, text);
    memory.slice(text, bytes.length).set(bytes);
    pointers += 4;
    text += bytes.length;
  }
  return ERRNO.SUCCESS;
}
