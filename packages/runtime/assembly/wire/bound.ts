/*
 * How many bytes a message takes at most. It is asked before a message is written, which needs no further check then.
 * Quick rather than exact: numbers count with their largest size, and so do the characters of short strings.
 */
import { MAX_DEPTH } from "./limits";
import { bytesSize, stringUnits } from "./layout";
import { UnknownFields } from "./unknown-fields";
import { utf8Length } from "./utf8";

/** Strings of more UTF-16 code units are measured. */
const ESTIMATED: u32 = 1024;

/** Whether a message was nested too deep since the last call of startBound(). */
let tooDeep = false;

export function startBound(): void {
  tooDeep = false;
}

/**
 * Whether a message may be nested this deep, the outermost at 1. Once one may not, none may: there can be as many of them
 * as two to the power of the depth.
 */
export function mayNest(depth: i32): bool {
  if (depth > MAX_DEPTH) tooDeep = true;
  return !tooDeep;
}

/** Bytes of a string with its length. */
export function stringBound(text: usize): u64 {
  const units = stringUnits(text);
  return 5 + (units > ESTIMATED ? <u64>utf8Length(text, units) : 3 * <u64>units);
}

/** Bytes of a Uint8Array with its length. */
// @ts-ignore: decorator
@inline
export function bytesBound(bytes: usize): u64 {
  return 5 + <u64>bytesSize(bytes);
}

// @ts-ignore: decorator
@inline
export function unknownBound(fields: usize): u64 {
  return fields == 0 ? 0 : <u64>load<usize>(fields, offsetof<UnknownFields>("size"));
}
