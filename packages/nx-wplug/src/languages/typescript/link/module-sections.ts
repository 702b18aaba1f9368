import { ByteReader } from "../../../wasm/byte-reader";
import { ByteWriter } from "../../../wasm/byte-writer";

/** https://webassembly.github.io/spec/core/binary/modules.html#sections */
export const enum Section {
  Custom = 0,
  Type = 1,
  Import = 2,
  Function = 3,
  Table = 4,
  Memory = 5,
  Global = 6,
  Export = 7,
  Element = 9,
  Code = 10,
  Data = 11,
  DataCount = 12,
}

const MAGIC_AND_VERSION = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** The sections of a module, all but the custom ones. */
export function readSections(module: Uint8Array): Map<number, Uint8Array> {
  const reader = new ByteReader(module);
  reader.take(MAGIC_AND_VERSION.length);
  const sections = new Map<number, Uint8Array>();
  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.take(reader.u32());
    if (id !== Number(Section.Custom)) sections.set(id, content);
  }
  return sections;
}

/** A module of these sections, in the order of the specification. */
export function writeModule(
  sections: readonly (readonly [Section, Uint8Array | undefined])[],
): Uint8Array {
  const writer = new ByteWriter().raw(MAGIC_AND_VERSION);
  for (const [id, content] of sections) {
    if (content !== undefined) writer.byte(id).vector(content);
  }
  return writer.result();
}
