import { PluginLoadError } from "../errors/plugin-errors.js";
import { concat } from "../messages/wire/concat.js";
import { addedTo, EXPORTS, type Added } from "./added.js";
import { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { PLACE, SECTION, type Layout, type SectionRange } from "./layout.js";
import { OffsetMap } from "./offset-map.js";
import { outlineOf } from "./outline.js";
import { placeChecks } from "./placement.js";
import { readLayout } from "./read-layout.js";
import { Refusal } from "./refusal.js";
import { BodyRewriter } from "./rewrite-body.js";

const HEADER_SIZE = 8;
/** The most that engines take: https://webassembly.github.io/spec/js-api/#limits */
const MOST_BODY_BYTES = 7_654_321;

const utf8 = new TextDecoder();

/**
 * A copy of a module that can be stopped by the thread that runs it. It takes what it costs from a global, `EXPORTS.fuel`, at
 * the beginning of functions and in each turn of a loop, and when that is below 0 asks the functions in the table
 * `EXPORTS.check`. If they give nothing it traps, which nothing in the module can catch. As long as the host has not set them
 * it traps when it asks.
 *
 * Indices, and so names, are those of the original; instructions are at other offsets: `meteredOffsets`. What the
 * start section names does not run by itself: the host calls `EXPORTS.start`. Nothing of the original can use what is put in.
 *
 * @param name what errors call the plugin
 * @throws PluginLoadError if that is not possible, as there is an instruction that is not known, or one that waits. Also of a
 * module that no engine accepts: compile the original to hear from the engine why.
 */
export function meterModule(name: string, module: Uint8Array): Uint8Array {
  return rewrite(name, module, undefined);
}

/** Where instructions of a metered module were in the original. Made anew: errors are rare and the map is large. */
export function meteredOffsets(name: string, module: Uint8Array): OffsetMap {
  const points: number[] = [];
  rewrite(name, module, points);
  return new OffsetMap(points);
}

function rewrite(name: string, module: Uint8Array, points: number[] | undefined): Uint8Array {
  try {
    const layout = readLayout(module);
    checkExports(layout);
    return concat(writeSections(layout, points));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new PluginLoadError(
      `${name} can't be stopped in the host's thread (limits.time, limits.fuel): it has ${error.problem}, at byte ${error.offset}`,
      { cause: error },
    );
  }
}

function checkExports(layout: Layout): void {
  for (const name of Object.values(EXPORTS)) {
    if (layout.exportNames.has(name)) {
      throw new Refusal(`an export ${name}, a name that the host gives`, 0);
    }
  }
}

function writeSections(layout: Layout, points: number[] | undefined): Uint8Array[] {
  const { bytes, sections } = layout;
  const added = addedTo(layout);
  const parts = [bytes.subarray(0, HEADER_SIZE)];
  let size = HEADER_SIZE;
  const push = (part: Uint8Array): void => {
    parts.push(part);
    size += part.length;
  };
  /** Ids of the sections to which something is added, those that come first last. */
  const missing = [...added.entries.keys()].sort((a, b) => PLACE[b]! - PLACE[a]!);
  const addMissing = (before: number): void => {
    for (let id; (id = missing.at(-1)) !== undefined && PLACE[id]! < before; missing.pop()) {
      push(extended(id, new Uint8Array(), 0, added.entries.get(id)!));
    }
  };
  for (const section of sections) {
    const { id } = section;
    if (id === SECTION.CUSTOM) {
      if (keeps(layout, section)) push(whole(layout, section));
      continue;
    }
    addMissing(PLACE[id]!);
    if (id === SECTION.START) continue;
    const entries = added.entries.get(id);
    if (entries === undefined) {
      push(whole(layout, section));
      continue;
    }
    missing.pop();
    if (id === SECTION.CODE) {
      const code = rewriteCode(layout, section, added, points);
      const part = extended(id, code, layout.functionTypes.length, entries);
      if (points !== undefined) {
        const moved = size + (part.length - code.length - entries.reduce(sumOfSizes, 0));
        for (let i = 1; i < points.length; i += 2) points[i]! += moved;
      }
      push(part);
    } else {
      const reader = new ByteReader(bytes, section.start, section.end);
      const count = reader.u32();
      push(extended(id, bytes.subarray(reader.pos, section.end), count, entries));
    }
  }
  addMissing(Infinity);
  return parts;
}

function sumOfSizes(sum: number, entry: readonly number[]): number {
  return sum + entry.length;
}

/**
 * What is a comment stays, also the names of functions. What tells of places in the code would lie: branch hints,
 * relocations, debug information.
 *
 * https://github.com/WebAssembly/tool-conventions
 */
function keeps({ bytes }: Layout, { start, end }: SectionRange): boolean {
  const reader = new ByteReader(bytes, start, end);
  const size = reader.u32();
  const at = reader.pos;
  reader.skip(size);
  const name = utf8.decode(bytes.subarray(at, reader.pos));
  return !/^(metadata\.code\.|reloc\.|linking$|\.debug_|sourceMappingURL$|external_debug_info$)/.test(
    name,
  );
}

function whole({ bytes }: Layout, { id, start, end }: SectionRange): Uint8Array {
  const out = new ByteWriter(end - start + 6);
  out.copy(bytes, start, end);
  out.insertSize(0);
  return withId(id, out);
}

/** A section with more entries. */
function extended(
  id: number,
  content: Uint8Array,
  count: number,
  entries: readonly (readonly number[])[],
): Uint8Array {
  const out = new ByteWriter(content.length + 512);
  out.u32(count + entries.length);
  out.copy(content, 0, content.length);
  for (const entry of entries) out.bytes(entry);
  out.insertSize(0);
  return withId(id, out);
}

function withId(id: number, out: ByteWriter): Uint8Array {
  const content = out.written();
  const section = new Uint8Array(1 + content.length);
  section[0] = id;
  section.set(content, 1);
  return section;
}

/** The functions, without their number. */
function rewriteCode(
  layout: Layout,
  section: SectionRange,
  added: Added,
  points: number[] | undefined,
): Uint8Array {
  const outline = outlineOf(layout, section);
  const placement = placeChecks(outline, layout.importedFunctions);
  const out = new ByteWriter((section.end - section.start) * 1.25 + 512);
  const rewriter = new BodyRewriter(layout, outline, placement, added, out, points);
  for (let index = 0; index < outline.bodies.length; index++) {
    const start = out.size;
    rewriter.write(index);
    if (out.size - start > MOST_BODY_BYTES) {
      throw new Refusal("a function that is too long with checks in it", outline.bodies[index]!);
    }
  }
  return out.written();
}
