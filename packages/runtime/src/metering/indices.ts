import type { ByteReader } from "./byte-reader.js";
import { functionCount, type Layout } from "./layout.js";

/** Indices are checked, as what is added has those after the last. */
export function functionIndex(reader: ByteReader, layout: Layout): number {
  return index(reader, functionCount(layout), "a function");
}

export function tableIndex(reader: ByteReader, layout: Layout): number {
  return index(reader, layout.tables64.length, "a table");
}

export function globalIndex(reader: ByteReader, layout: Layout): number {
  return index(reader, layout.globals, "a global");
}

export function typeIndex(reader: ByteReader, layout: Layout): number {
  return index(reader, layout.types, "a type");
}

function index(reader: ByteReader, count: number, what: string): number {
  const at = reader.pos;
  const value = reader.u32();
  if (value >= count) reader.refuse(`an index of ${what} that is not there`, at);
  return value;
}

const REF_NULL = 0x63;
const REF = 0x64;

/** @param types indices of types must be below */
export function skipValueType(reader: ByteReader, types: number): void {
  const at = reader.pos;
  const form = reader.byte();
  // i32, i64, f32, f64, v128
  if (form <= 0x7f && form >= 0x7b) return;
  if (form === REF || form === REF_NULL) return skipHeapType(reader, types);
  if (!isAbstractHeapType(form)) {
    reader.refuse(`a type 0x${form.toString(16)}, which is not known`, at);
  }
}

export function skipHeapType(reader: ByteReader, types: number): void {
  const at = reader.pos;
  const form = reader.peek();
  if (isAbstractHeapType(form)) return reader.skip(1);
  // An index is a signed number of 33 bits, so one byte takes only 6 of them.
  if (form >= 0x40 && form < 0x80) {
    reader.refuse(`a type 0x${form.toString(16)}, which is not known`, at);
  }
  if (reader.u32() >= types) reader.refuse("an index of a type that is not there", at);
}

/** noexn, nofunc, noextern, none, func, extern, any, eq, i31, struct, array, exn. */
function isAbstractHeapType(form: number): boolean {
  return form >= 0x69 && form <= 0x74;
}
