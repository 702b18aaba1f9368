import { ByteReader } from "./byte-reader";

/** Of the magic number and the version, in bytes. */
export const HEADER_SIZE = 8;

/** A part of a module: https://webassembly.github.io/spec/core/binary/modules.html#sections */
export interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** The sections of a module, in their order. */
export function* sectionsOf(module: Uint8Array): Generator<Section> {
  const reader = new ByteReader(module);
  reader.take(HEADER_SIZE);
  while (!reader.atEnd) yield { id: reader.byte(), content: reader.take(reader.u32()) };
}
