import { ByteReader } from "../../../wasm/byte-reader";
import { ByteWriter } from "../../../wasm/byte-writer";

/**
 * The body of a function with the functions that it names renumbered.
 *
 * Knows the instructions that LLVM writes for the engine's target: WebAssembly 1.0, sign extension, saturating conversions, bulk
 * memory and reference types.
 *
 * @see https://webassembly.github.io/spec/core/binary/instructions.html
 */
export function renumberCalls(body: Uint8Array, renumber: (index: number) => number): Uint8Array {
  const reader = new ByteReader(body);
  const writer = new ByteWriter();
  let copied = 0;
  const replaceIndex = () => {
    writer.raw(body.subarray(copied, reader.position));
    writer.u32(renumber(reader.u32()));
    copied = reader.position;
  };
  reader.list(() => {
    reader.skipNumber();
    reader.byte();
  });
  while (!reader.atEnd) {
    const code = reader.byte();
    if (code === CALL || code === REF_FUNC) replaceIndex();
    else skipImmediates(code, reader);
  }
  return writer.raw(body.subarray(copied)).result();
}

const CALL = 0x10;
const REF_FUNC = 0xd2;

function skipImmediates(code: number, reader: ByteReader): void {
  // Those that are most of all come first.
  if (code >= 0x45 && code <= 0xc4) return; // comparisons, arithmetic, conversions
  if (code >= 0x20 && code <= 0x26) return reader.skipNumber(); // variables, tables
  if (code === 0x41 || code === 0x42) return reader.skipNumber(); // integers
  if (code >= 0x28 && code <= 0x3e) return skipNumbers(reader, 2); // loads, stores
  switch (code) {
    case 0x00: // unreachable
    case 0x01: // nop
    case 0x05: // else
    case 0x0b: // end
    case 0x0f: // return
    case 0x1a: // drop
    case 0x1b: // select
    case 0xd1: // ref.is_null
      return;
    case 0x02: // block
    case 0x03: // loop
    case 0x04: // if
    case 0x0c: // br
    case 0x0d: // br_if
    case 0x3f: // memory.size
    case 0x40: // memory.grow
    case 0xd0: // ref.null
      return reader.skipNumber();
    case 0x0e: // br_table
      return skipNumbers(reader, reader.u32() + 1);
    case 0x11: // call_indirect
      return skipNumbers(reader, 2);
    case 0x1c: // select with types
      return skipNumbers(reader, reader.u32());
    case 0x43: // f32.const
      reader.position += 4;
      return;
    case 0x44: // f64.const
      reader.position += 8;
      return;
    case 0xfc:
      return skipExtended(reader);
    default:
      throw new Error(
        `the engine has an instruction that is not known here: 0x${code.toString(16)}`,
      );
  }
}

/** Saturating conversions, bulk memory, tables: how many numbers follow each. */
const EXTENDED = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

function skipExtended(reader: ByteReader): void {
  const code = reader.u32();
  const count = EXTENDED[code];
  if (count === undefined) {
    throw new Error(`the engine has an instruction that is not known here: 0xfc ${code}`);
  }
  skipNumbers(reader, count);
}

function skipNumbers(reader: ByteReader, count: number): void {
  for (let i = 0; i < count; i++) reader.skipNumber();
}
