import { Reader, readString, readUint32, readUint64 } from "../messages/wire/reader.js";

export interface Section {
  readonly id: number;
  /** Where its id is. */
  readonly start: number;
  /** Where its content begins. */
  readonly content: number;
  readonly end: number;
}

export const TYPE_SECTION = 1;
export const TABLE_SECTION = 4;
export const MEMORY_SECTION = 5;
export const EXPORT_SECTION = 7;

/**
 * The sections of a module that the engine has accepted.
 *
 * https://webassembly.github.io/spec/core/binary/modules.html
 */
export function sectionsOf(module: Uint8Array): Section[] {
  const reader = new Reader();
  reader.begin(module, 8, module.length);
  const sections: Section[] = [];
  while (reader.pos < module.length) {
    const start = reader.pos++;
    const size = readUint32(reader);
    const content = reader.pos;
    reader.pos = content + size;
    sections.push({ id: module[start] ?? 0, start, content, end: content + size });
  }
  return sections;
}

/** By their ids. */
const NAMES = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
];

/** As the specification calls a section, or what a custom section calls itself. */
export function sectionName(module: Uint8Array, section: Section): string {
  if (section.id === 0) return readString(sectionReader(module, section));
  return NAMES[section.id] ?? `section ${section.id}`;
}

/** Reads the content of a section. wasm writes numbers as Protocol Buffers do. */
export function sectionReader(module: Uint8Array, { content, end }: Section): Reader {
  const reader = new Reader();
  reader.begin(module, content, end);
  return reader;
}

/** Sizes of a memory in pages, or of a table in entries. */
export interface Limits {
  readonly flags: number;
  readonly minimum: bigint;
  readonly maximum: bigint | undefined;
}

const HAS_MAXIMUM = 1;

export function readLimits(reader: Reader): Limits {
  const flags = readUint32(reader);
  const minimum = readUint64(reader);
  return { flags, minimum, maximum: (flags & HAS_MAXIMUM) === 0 ? undefined : readUint64(reader) };
}
