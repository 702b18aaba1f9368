import { PluginLoadError } from "../errors/plugin-errors.js";
import { Reader } from "../wire/reader.js";

const PAGE = 65536;
/** An entry of a table takes a pointer in the engine's memory, whatever it holds. */
const TABLE_ENTRY = 8;

const TABLE_SECTION = 4;
const MEMORY_SECTION = 5;

const HAS_MAXIMUM = 1;
const IS_64_BIT = 4;

/**
 * A copy of a module whose memory can't grow beyond `limit` bytes, nor its tables beyond as much of the engine's memory.
 * The engine enforces it: `memory.grow` answers -1.
 *
 * https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @throws PluginLoadError if it needs more to begin with
 */
export function limitMemory(name: string, module: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [module.subarray(0, 8)];
  const reader = new Reader();
  reader.begin(module, 8, module.length);
  while (reader.pos < module.length) {
    const start = reader.pos;
    const id = module[reader.pos++];
    const size = reader.uint32();
    const content = reader.pos;
    const end = content + size;
    if (id === MEMORY_SECTION || id === TABLE_SECTION) {
      const unit = id === MEMORY_SECTION ? PAGE : TABLE_ENTRY;
      const patched = patchSection(id, reader, Math.floor(limit / unit), (needed) =>
        tooSmall(name, id, needed * unit, limit),
      );
      parts.push(Uint8Array.of(id, ...varint(patched.length), ...patched));
    } else {
      parts.push(module.subarray(start, end));
    }
    reader.pos = end;
  }
  return concat(parts);
}

/** The content of a memory or table section, with maxima of at most `most`. */
function patchSection(
  id: number,
  reader: Reader,
  most: number,
  tooMuch: (needed: number) => PluginLoadError,
): number[] {
  const count = reader.uint32();
  const bytes = varint(count);
  for (let i = 0; i < count; i++) {
    // The type of a table's entries. Types of more than one byte begin with 0x63 or 0x64, and tables with an initial
    // expression with 0x40: compilers for plugins make none of them.
    if (id === TABLE_SECTION) {
      const type = reader.uint32();
      if (type !== 0x70 && type !== 0x6f) {
        throw new PluginLoadError("limits.memory: the plugin has a table of an unknown kind");
      }
      bytes.push(type);
    }
    const flags = reader.uint32();
    const minimum = reader.uint64();
    const maximum = (flags & HAS_MAXIMUM) === 0 ? BigInt(most) : reader.uint64();
    if (minimum > BigInt(most)) throw tooMuch(Number(minimum));
    const patched = maximum < BigInt(most) ? maximum : BigInt(most);
    bytes.push(flags | HAS_MAXIMUM, ...varint(minimum), ...varint(patched));
    if ((flags & IS_64_BIT) !== 0) {
      throw new PluginLoadError("the plugin has a 64-bit memory: wplug and go-plugin use 32 bits");
    }
  }
  return bytes;
}

function tooSmall(name: string, id: number, needed: number, limit: number): PluginLoadError {
  const what = id === MEMORY_SECTION ? "memory" : "a table";
  return new PluginLoadError(
    `${name} needs ${needed} bytes for ${what} to begin with, but limits.memory is ${limit}`,
  );
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
