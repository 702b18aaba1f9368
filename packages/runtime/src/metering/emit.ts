/** Pieces of wasm as bytes: https://webassembly.github.io/spec/core/binary/instructions.html */

/** Types. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const FUNCREF = 0x70;

export const OP = {
  UNREACHABLE: 0x00,
  IF: 0x04,
  END: 0x0b,
  BR_IF: 0x0d,
  CALL: 0x10,
  CALL_INDIRECT: 0x11,
  DROP: 0x1a,
  SELECT: 0x1b,
  LOCAL_GET: 0x20,
  LOCAL_SET: 0x21,
  GLOBAL_GET: 0x23,
  GLOBAL_SET: 0x24,
  I32_CONST: 0x41,
  I64_CONST: 0x42,
  I32_EQ: 0x46,
  I32_LT_S: 0x48,
  I32_GT_U: 0x4b,
  I32_LE_S: 0x4c,
  I64_LT_U: 0x54,
  I32_ADD: 0x6a,
  I32_SUB: 0x6b,
  I64_ADD: 0x7c,
  I64_MUL: 0x7e,
  I64_SHR_U: 0x88,
  I32_WRAP_I64: 0xa7,
  I64_EXTEND_I32_U: 0xad,
} as const;

export type Code = readonly number[];

const NO_RESULT = 0x40;
const FUNCTION = 0x60;

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** i32.const, of -1 or a number that is not negative. */
export function constant(value: number): Code {
  const bytes: number[] = [OP.I32_CONST];
  let rest = value;
  for (; rest > 0x3f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest & 0x7f);
  return bytes;
}

/** i64.const, of 2 ** power. */
export function powerOf2(power: number): Code {
  const bytes: number[] = [OP.I64_CONST];
  for (let rest = power; rest >= 7; rest -= 7) bytes.push(0x80);
  const last = 1 << power % 7;
  // Bit 6 of the last byte is the sign.
  return power % 7 === 6 ? [...bytes, last | 0x80, 0] : [...bytes, last];
}

export function getLocal(index: number): Code {
  return [OP.LOCAL_GET, ...unsigned(index)];
}

export function setLocal(index: number): Code {
  return [OP.LOCAL_SET, ...unsigned(index)];
}

export function call(index: number): Code {
  return [OP.CALL, ...unsigned(index)];
}

/** Takes a condition from the stack. */
export function when(...code: Code): Code {
  return [OP.IF, NO_RESULT, ...code, OP.END];
}

export function functionType(parameters: Code, results: Code): Code {
  return [FUNCTION, parameters.length, ...parameters, results.length, ...results];
}

/** A function with its size. */
export function body(code: Code, locals: Code = [0]): Code {
  return [...unsigned(code.length + locals.length + 1), ...locals, ...code, OP.END];
}

export function named(text: string): Code {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}
