import { STDERR, writeAll } from "./stdio";
import { writeDecimal } from "./wire/decimal";
import { encodeUtf8 } from "./wire/utf8";

/** Bytes of the buffer. Fixed, as memory may be what has run out: what does not fit is cut off. */
const CAPACITY: usize = 2048;
/** Bytes at the end of the buffer that the text leaves free for the file's name. */
const FILE_SIZE: usize = 512;
/** `panic: ` */
const PREFIX_SIZE: usize = 7;
/** What is kept free at the end for two colons, two numbers of 10 digits, `)` and the line feed. */
const SUFFIX_SIZE: usize = 24;

const buffer = memory.data(2048);
let textSize: usize = 0;

/**
 * Where `throw`, a failed assert, a bad index and the like end: writes `panic: text (file:line:column)` to stderr and
 * traps. The compiler calls it in place of its own abort.
 *
 * Neither this function nor those that it calls may have a string literal or an object in a local: they would need a
 * frame on the shadow stack, and the check for its overflow calls this function.
 */
// @ts-ignore: decorator
@global
export function wplug_abort(message: string | null, file: string | null, line: u32, column: u32): void {
  panic(changetype<usize>(message), changetype<usize>(file), line, column);
}

function panic(message: usize, file: usize, line: u32, column: u32): void {
  const limit = buffer + CAPACITY - SUFFIX_SIZE;
  store<u64>(buffer, 0x20_3a63_696e_6170); // "panic: ", little-endian
  let at = buffer + PREFIX_SIZE;
  if (length(message) > 0) {
    at = encodeUtf8(message, length(message), at, limit - FILE_SIZE);
  } else if (line == 1 && column == 1) {
    // How the compiler reports that the shadow stack is full: without text and at no place of interest.
    store<u64>(at, 0x766f_206b_6361_7473); // "stack ov"
    store<u64>(at + 8, 0x776f_6c66_7265); // "erflow"
    finish(at + 14);
  } else {
    store<u64>(at, 0x6574_726f_6261); // "aborte"
    store<u8>(at + 6, 0x64); // "d"
    at += 7;
  }
  if (length(file) > 0) {
    store<u16>(at, 0x2820); // " ("
    at = encodeUtf8(file, length(file), at + 2, limit);
    store<u8>(at, 0x3a); // ":"
    at = writeDecimal(line, at + 1);
    store<u8>(at, 0x3a);
    at = writeDecimal(column, at + 1);
    store<u8>(at++, 0x29); // ")"
  }
  finish(at);
}

function finish(end: usize): void {
  textSize = end - buffer;
  store<u8>(end, 0x0a);
  writeAll(STDERR, buffer, end + 1 - buffer);
  unreachable();
}

// UTF-16 code units of the string at this address: its size in bytes lies in the object's header.
function length(text: usize): u32 {
  return text == 0 ? 0 : load<u32>(text - 4) >> 1;
}

/** `panic: text (file:line:column)` of the last panic as `address << 32 | size`, 0 if there was none. */
export function lastPanic(): u64 {
  return textSize == 0 ? 0 : (<u64>buffer << 32) | textSize;
}
