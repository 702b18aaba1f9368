/**
 * What follows the opcode of an instruction, of all that WebAssembly 3.0 has, its older exceptions, threads and wide arithmetic.
 * What is not here is refused: only the engine knows how long it is.
 *
 * https://webassembly.github.io/spec/core/binary/instructions.html
 */
export const FORM = {
  UNKNOWN: 0,
  NONE: 1,
  LOCAL: 2,
  GLOBAL: 3,
  TABLE: 4,
  FUNCTION: 5,
  TYPE: 6,
  MEMORY: 7,
  NUMBER_32: 8,
  NUMBER_64: 9,
  BYTES_4: 10,
  BYTES_8: 11,
  ADDRESS: 12,
  BLOCK: 13,
  LOOP: 14,
  ELSE: 15,
  CATCH: 16,
  CATCH_ALL: 17,
  DELEGATE: 18,
  TRY_TABLE: 19,
  END: 20,
  THROW: 21,
  RETHROW: 22,
  BRANCH: 23,
  BRANCH_IF: 24,
  BRANCH_TABLE: 25,
  BRANCH_ON: 26,
  RETURN: 27,
  CALL: 28,
  CALL_INDIRECT: 29,
  CALL_REF: 30,
  SELECT: 31,
  HEAP_TYPE: 32,
  MEMORY_GROW: 33,
  GC: 34,
  MISC: 35,
  SIMD: 36,
  ATOMIC: 37,
} as const;

/** The form of each opcode of one byte. */
export const FORMS = new Uint8Array(256);

function set(form: number, first: number, last = first): void {
  FORMS.fill(form, first, last + 1);
}

set(FORM.NONE, 0x00, 0x01);
set(FORM.BLOCK, 0x02);
set(FORM.LOOP, 0x03);
set(FORM.BLOCK, 0x04);
set(FORM.ELSE, 0x05);
set(FORM.BLOCK, 0x06);
set(FORM.CATCH, 0x07);
set(FORM.THROW, 0x08);
set(FORM.RETHROW, 0x09);
set(FORM.THROW, 0x0a);
set(FORM.END, 0x0b);
set(FORM.BRANCH, 0x0c);
set(FORM.BRANCH_IF, 0x0d);
set(FORM.BRANCH_TABLE, 0x0e);
set(FORM.RETURN, 0x0f);
set(FORM.CALL, 0x10);
set(FORM.CALL_INDIRECT, 0x11);
set(FORM.CALL, 0x12);
set(FORM.CALL_INDIRECT, 0x13);
set(FORM.CALL_REF, 0x14, 0x15);
set(FORM.DELEGATE, 0x18);
set(FORM.CATCH_ALL, 0x19);
set(FORM.NONE, 0x1a, 0x1b);
set(FORM.SELECT, 0x1c);
set(FORM.TRY_TABLE, 0x1f);
set(FORM.LOCAL, 0x20, 0x22);
set(FORM.GLOBAL, 0x23, 0x24);
set(FORM.TABLE, 0x25, 0x26);
set(FORM.ADDRESS, 0x28, 0x3e);
set(FORM.MEMORY, 0x3f);
set(FORM.MEMORY_GROW, 0x40);
set(FORM.NUMBER_32, 0x41);
set(FORM.NUMBER_64, 0x42);
set(FORM.BYTES_4, 0x43);
set(FORM.BYTES_8, 0x44);
set(FORM.NONE, 0x45, 0xc4);
set(FORM.HEAP_TYPE, 0xd0);
set(FORM.NONE, 0xd1);
set(FORM.FUNCTION, 0xd2);
set(FORM.NONE, 0xd3, 0xd4);
set(FORM.BRANCH_ON, 0xd5, 0xd6);
set(FORM.GC, 0xfb);
set(FORM.MISC, 0xfc);
set(FORM.SIMD, 0xfd);
set(FORM.ATOMIC, 0xfe);

/**
 * What follows 0xfb and the number of the instruction. t: index of a type; n: number; h: heap type; b: byte, and then a label.
 * `+`: makes or changes as many items as the number on top of the stack says.
 */
export const GC_FORMS: readonly string[] = [
  ...["t", "t", "tn", "tn", "tn", "tn"], // struct.new to struct.set
  ...["+t", "+t", "tn", "+tn", "+tn"], // array.new to array.new_elem
  ...["t", "t", "t", "t", "", "+t", "+tt", "+tn", "+tn"], // array.get to array.init_elem
  ...["h", "h", "h", "h", "bhh", "bhh"], // ref.test to br_on_cast_fail
  ...["", "", "", "", ""], // any.convert_extern to i31.get_u
];
export const STRUCT_NEW_DEFAULT = 1;
export const ARRAY_NEW_FIXED = 8;

/** Numbers that no instruction after 0xfd has. */
const NO_SIMD: readonly number[] = [
  0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2,
  0xd3, 0xd4, 0xe2, 0xee,
];
const LAST_SIMD = 0x113;

/** Number of bytes after a SIMD instruction's number; below 0 with an address before them, that many and one. */
export function simdForm(number: number): number | undefined {
  if (number <= 11 || number === 92 || number === 93) return -1; // v128.load to v128.store
  if (number <= 13) return 16; // v128.const, i8x16.shuffle
  if (number >= 21 && number <= 34) return 1; // lanes
  if (number >= 84 && number <= 91) return -2; // load and store of lanes
  return number > LAST_SIMD || NO_SIMD.includes(number) ? undefined : 0;
}

/** memory.atomic.wait32 and wait64. */
export const ATOMIC_WAITS: readonly number[] = [1, 2];
export const ATOMIC_NOTIFY = 0;
export const ATOMIC_FENCE = 3;
export const FIRST_ATOMIC_ACCESS = 0x10;
export const LAST_ATOMIC_ACCESS = 0x4e;
