import { PluginLoadError } from "../errors/plugin-errors.js";
import { concat } from "../messages/wire/concat.js";
import { readUint32, type Reader } from "../messages/wire/reader.js";
import {
  EXPORT_SECTION,
  MEMORY_SECTION,
  readLimits,
  sectionReader,
  sectionsOf,
  type Section,
  TABLE_SECTION,
  TYPE_SECTION,
} from "./sections.js";

/** Size of a page of memory in bytes. */
export const PAGE = 65536;
/** An entry of a table takes a pointer in the engine's memory, whatever it holds. */
export const TABLE_ENTRY = 8;

const HAS_MAXIMUM = 1;
const IS_64_BIT = 4;

const FUNCREF = 0x70;
const EXTERNREF = 0x6f;
const FUNCTION_TYPE = 0x60;
const REF_NULL = 0x63;
const REF = 0x64;

/** Most memories, and most tables, of a module: no compiler for plugins makes more than some. */
const MOST = 64;
/** The part of what is left that tables share, if they can grow: few plugins make theirs larger. */
const TABLE_SHARE = 1 / 64;

/** Kinds of exports. */
const TABLE_EXPORT = 1;
const MEMORY_EXPORT = 2;
/** By this name and their number, memories and tables are exported, so that the host knows their size. */
const EXPORTED = "wplug_size_";

/** A memory or a table. */
interface Growing {
  /** The bytes in front of its limits. */
  readonly type: readonly number[];
  readonly flags: number;
  readonly unit: number;
  readonly minimum: number;
  /** As its module says. */
  readonly maximum: number;
}

/**
 * A copy of a module whose memories and tables together can't grow beyond `limit` bytes. The engine enforces it:
 * `memory.grow` answers -1. Memories, and tables that can grow, are exported beside what the module exports.
 *
 * @param module that the engine has accepted
 * @throws PluginLoadError if it needs more to begin with, or has what can't be limited
 */
export function limitMemory(name: string, module: Uint8Array, limit: number): Uint8Array {
  const sections = sectionsOf(module);
  const read = (id: number): Growing[] =>
    sections
      .filter((section) => section.id === id)
      .flatMap((section) => readGrowing(id, sectionReader(module, section)));
  const types = sections.find(({ id }) => id === TYPE_SECTION);
  if (types !== undefined) refuseObjects(name, sectionReader(module, types));
  const memories = read(MEMORY_SECTION);
  const tables = read(TABLE_SECTION);
  if (memories.length > MOST || tables.length > MOST) {
    throw new PluginLoadError(
      `limits.memory: ${name} has ${memories.length} memories and ${tables.length} tables; at most ${MOST} of each can be limited`,
    );
  }
  const needed = sizeOf(memories) + sizeOf(tables);
  if (needed > limit) {
    const what = sizeOf(tables) === 0 ? "memory" : "memory and tables";
    throw new PluginLoadError(
      `${name} needs ${needed} bytes for ${what} to begin with, but limits.memory is ${limit}`,
    );
  }
  const forTables = tables.some(canGrow) ? (limit - needed) * TABLE_SHARE : 0;
  const limited: Record<number, number[]> = {
    [MEMORY_SECTION]: writeGrowing(memories, limit - needed - forTables),
    [TABLE_SECTION]: writeGrowing(tables, forTables),
  };
  const exported = sections.find(({ id }) => id === EXPORT_SECTION);
  if (exported !== undefined) {
    const added = [...exportsOf(MEMORY_EXPORT, memories), ...exportsOf(TABLE_EXPORT, tables)];
    limited[EXPORT_SECTION] = withExports(module, exported, added);
  }
  const parts = sections.map(({ id, start, end }) => {
    const content = limited[id];
    return content === undefined
      ? module.subarray(start, end)
      : Uint8Array.of(id, ...varint(content.length), ...content);
  });
  return concat([module.subarray(0, 8), ...parts]);
}

/** The memories or tables of a section. */
function readGrowing(id: number, reader: Reader): Growing[] {
  return Array.from({ length: readUint32(reader) }, () => {
    const type: number[] = [];
    if (id === TABLE_SECTION) {
      type.push(readUint32(reader));
      // Other types, and tables with an expression for their first entries, take more bytes than this one.
      if (type[0] !== FUNCREF && type[0] !== EXTERNREF) {
        throw new PluginLoadError(
          "limits.memory: the plugin has a table of a kind that no compiler for plugins makes",
        );
      }
    }
    const { flags, minimum, maximum } = readLimits(reader);
    if ((flags & IS_64_BIT) !== 0) {
      throw new PluginLoadError("the plugin has a 64-bit memory: wplug and go-plugin use 32 bits");
    }
    const unit = id === MEMORY_SECTION ? PAGE : TABLE_ENTRY;
    return { type, flags, unit, minimum: Number(minimum), maximum: Number(maximum ?? 2 ** 32) };
  });
}

/** The section again, with maxima that let all of them together grow by `room` bytes. */
function writeGrowing(all: readonly Growing[], room: number): number[] {
  const share = room / Math.max(1, all.filter(canGrow).length);
  const bytes = varint(all.length);
  for (const { type, flags, unit, minimum, maximum } of all) {
    const most = Math.min(maximum, minimum + Math.floor(share / unit));
    bytes.push(...type, flags | HAS_MAXIMUM, ...varint(minimum), ...varint(most));
  }
  return bytes;
}

/** Entries of the section of exports for memories, or tables that can grow: others stay as small as they are. */
function exportsOf(kind: number, all: readonly Growing[]): number[][] {
  return all.flatMap((it, index) => {
    if (kind === TABLE_EXPORT && !canGrow(it)) return [];
    const name = [...new TextEncoder().encode(`${EXPORTED}${kind}_${index}`)];
    return [[...varint(name.length), ...name, kind, ...varint(index)]];
  });
}

function withExports(module: Uint8Array, section: Section, entries: number[][]): number[] {
  const reader = sectionReader(module, section);
  const count = readUint32(reader);
  const content = module.subarray(reader.pos, section.end);
  return [...varint(count + entries.length), ...content, ...entries.flat()];
}

function canGrow({ minimum, maximum }: Growing): boolean {
  return maximum > minimum;
}

function sizeOf(all: readonly Growing[]): number {
  return all.reduce((size, { minimum, unit }) => size + minimum * unit, 0);
}

/**
 * Objects of the engine's garbage collector are in no memory: nothing but the end of the process limits them.
 *
 * @throws PluginLoadError if the module has types other than functions
 */
function refuseObjects(name: string, reader: Reader): void {
  for (let left = readUint32(reader); left > 0; left--) {
    if (readUint32(reader) !== FUNCTION_TYPE) {
      throw new PluginLoadError(
        `limits.memory: ${name} has objects of the engine's garbage collector (WasmGC), which no limit holds for`,
      );
    }
    for (let list = 0; list < 2; list++) {
      for (let values = readUint32(reader); values > 0; values--) {
        const type = readUint32(reader);
        // A reference to a type: its number comes after it.
        if (type === REF || type === REF_NULL) readUint32(reader);
      }
    }
  }
}

/** LEB128, as Protocol Buffers have it too. */
function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}
