import { PluginLoadError } from "../errors/plugin-errors.js";
import { readUint32, type Reader } from "../messages/wire/reader.js";
import {
  MEMORY_SECTION,
  readLimits,
  sectionReader,
  sectionsOf,
  TABLE_SECTION,
} from "./sections.js";

/** Size of a page of memory in bytes. */
export const PAGE = 65536;
/** An entry of a table takes a pointer in the engine's memory, whatever it holds. */
const TABLE_ENTRY = 8;

const HAS_MAXIMUM = 1;
const IS_64_BIT = 4;

const FUNCREF = 0x70;
const EXTERNREF = 0x6f;

/**
 * A copy of a module whose memory can't grow beyond `limit` bytes, nor its tables beyond as much of the engine's memory.
 * The engine enforces it: `memory.grow` answers -1.
 *
 * @param module that the engine has accepted
 * @throws PluginLoadError if it needs more to begin with
 */
export function limitMemory(name: string, module: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [module.subarray(0, 8)];
  for (const section of sectionsOf(module)) {
    const { id, start, end } = section;
    if (id === MEMORY_SECTION || id === TABLE_SECTION) {
      const what = id === MEMORY_SECTION ? "memory" : "a table";
      const unit = id === MEMORY_SECTION ? PAGE : TABLE_ENTRY;
      const tooMuch = (needed: bigint): PluginLoadError =>
        new PluginLoadError(
          `${name} needs ${Number(needed) * unit} bytes for ${what} to begin with, but limits.memory is ${limit}`,
        );
      const reader = sectionReader(module, section);
      const patched = patchSection(id, reader, BigInt(Math.floor(limit / unit)), tooMuch);
      parts.push(Uint8Array.of(id, ...varint(patched.length), ...patched));
    } else {
      parts.push(module.subarray(start, end));
    }
  }
  return concat(parts);
}

/** The content of a memory or table section, with maxima of at most `most`. */
function patchSection(
  id: number,
  reader: Reader,
  most: bigint,
  tooMuch: (needed: bigint) => PluginLoadError,
): number[] {
  const count = readUint32(reader);
  const bytes = varint(count);
  for (let i = 0; i < count; i++) {
    if (id === TABLE_SECTION) {
      const type = readUint32(reader);
      // Other types, and tables with an expression for their first entries, take more bytes than this one.
      if (type !== FUNCREF && type !== EXTERNREF) {
        throw new PluginLoadError(
          "limits.memory: the plugin has a table of a kind that no compiler for plugins makes",
        );
      }
      bytes.push(type);
    }
    const { flags, minimum, maximum = most } = readLimits(reader);
    if ((flags & IS_64_BIT) !== 0) {
      throw new PluginLoadError("the plugin has a 64-bit memory: wplug and go-plugin use 32 bits");
    }
    if (minimum > most) throw tooMuch(minimum);
    bytes.push(flags | HAS_MAXIMUM, ...varint(minimum), ...varint(maximum < most ? maximum : most));
  }
  return bytes;
}

/** LEB128, as Protocol Buffers have it too. */
function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}
