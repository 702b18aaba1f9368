import { utf8Read } from "#platform";
import { leaveMessage, raise, type Named } from "./fault.js";
import { MAX_DEPTH, TOO_DEEP } from "./limits.js";
import { NO_BYTES } from "./no-bytes.js";
import type { Message } from "./message.js";
import { PORTION, type ReadBudget } from "./read-budget.js";
import { SHORT_TEXT, shortText } from "./short-text.js";
import { HIGH, LOW, float32, float64, halves, signed64, unsigned64 } from "./words.js";

// What values take in the engines that we know, in words of 8 bytes, their place in a list included.
const BIGINT = 4;
const STRING = 4;
const BYTES = 16;
const ENTRY = 8;
/** A message that does not tell its weight. */
const UNTOLD = 16;
/** A message's first unknown field, and each further one. */
const UNKNOWN = 32;
const RANGE = 4;

/**
 * Bytes in Protocol Buffers binary format, and where in them the reading is. Generated `read` functions read with the
 * functions of this file. They are apart from the class so that bundlers leave out those that no message needs. To run past the
 * end of the innermost message is an error, and nothing that they return refers to the bytes.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
export class Reader {
  buffer: Uint8Array = NO_BYTES;
  /** Where the next byte is. */
  pos = 0;
  /** End of the innermost message, packed block or map entry. */
  end = 0;
  /** Where the message as a whole begins: offsets in errors count from here. */
  start = 0;
  /** Tag of the field being read, and where it begins. */
  tag = 0;
  tagStart = 0;
  /** Tag of the packed or map field whose block is open, else 0. */
  block = 0;
  /** How many messages the innermost one is inside of. */
  depth = 0;
  /** Where the unknown fields of each message lie: start and end in turn. */
  unknown: Map<Message, number[]> | undefined = undefined;
  /** Bounds what is made, if anything does. */
  budget: ReadBudget | undefined = undefined;
  /** Words of 8 bytes that may be made before the budget is asked. */
  room = 0;

  /** Points the reader at a message. */
  begin(buffer: Uint8Array, start: number, end: number, budget?: ReadBudget): void {
    this.buffer = buffer;
    this.start = this.pos = start;
    this.end = end;
    if (budget !== undefined) this.room = (this.budget = budget).portion;
  }
}

/** The part of a message class that reads. */
export interface ReadableType<T extends Message> extends Named {
  /** Words that a new message takes; SDKs of wplug 0.1.0 don't tell. */
  readonly weight?: number;
  /** Reads the fields up to the end of the reader and merges them into `message`. */
  read(message: T, reader: Reader): void;
}

/** Tag of the next field: its number and wire type. 0 at the end of the message. */
export function readTag(reader: Reader): number {
  const { pos } = reader;
  if (pos === reader.end) return 0;
  const { buffer } = reader;
  const byte = buffer[pos]!;
  reader.tagStart = pos;
  // One byte, and a field number that is not 0.
  if (byte < 0x80 && byte > 7) {
    reader.pos = pos + 1;
    return (reader.tag = byte);
  }
  // Two, for field numbers from 16 on.
  const next = buffer[pos + 1]!;
  if (byte > 0x7f && next < 0x80 && next > 0 && pos + 1 < reader.end) {
    reader.pos = pos + 2;
    return (reader.tag = (byte & 0x7f) | (next << 7));
  }
  reader.tag = 0;
  const tag = varint(reader) >>> 0;
  // As in protobuf's own parsers, not even leading zeros make a tag longer than 32 bits need.
  if (halves[HIGH] !== 0 || reader.pos - pos > 5)
    fail(reader, "the field number is too large", pos);
  if (tag < 8) fail(reader, "the field number is 0", pos);
  return (reader.tag = tag);
}

/** The low 32 bits of a varint, which may be longer. Also what an enum is. */
export function readInt32(reader: Reader): number {
  const { pos } = reader;
  const byte = reader.buffer[pos]!;
  if (byte < 0x80 && pos < reader.end) {
    reader.pos = pos + 1;
    return byte;
  }
  return varint(reader);
}

export function readUint32(reader: Reader): number {
  return readInt32(reader) >>> 0;
}

export function readSint32(reader: Reader): number {
  const value = readInt32(reader);
  return (value >>> 1) ^ -(value & 1);
}

export function readFixed32(reader: Reader): number {
  return readSfixed32(reader) >>> 0;
}

export function readSfixed32(reader: Reader): number {
  return word(reader.buffer, take(reader, 4));
}

/**
 * Counts what is made, in words of 8 bytes.
 *
 * @throws what ends the reading, if that is too much
 */
export function charge(reader: Reader, words: number): void {
  if ((reader.room -= words) < 0) reader.room = reader.budget?.more(reader.room) ?? PORTION;
}

export function readInt64(reader: Reader): bigint {
  varint(reader);
  charge(reader, BIGINT);
  return signed64[0]!;
}

export function readUint64(reader: Reader): bigint {
  varint(reader);
  charge(reader, BIGINT);
  return unsigned64[0]!;
}

export function readSint64(reader: Reader): bigint {
  const low = varint(reader);
  const high = halves[HIGH]!;
  const sign = -(low & 1);
  halves[LOW] = ((low >>> 1) | (high << 31)) ^ sign;
  halves[HIGH] = (high >>> 1) ^ sign;
  charge(reader, BIGINT);
  return signed64[0]!;
}

export function readFixed64(reader: Reader): bigint {
  words(reader);
  charge(reader, BIGINT);
  return unsigned64[0]!;
}

export function readSfixed64(reader: Reader): bigint {
  words(reader);
  charge(reader, BIGINT);
  return signed64[0]!;
}

export function readFloat(reader: Reader): number {
  halves[0] = readSfixed32(reader);
  return float32[0]!;
}

export function readDouble(reader: Reader): number {
  words(reader);
  return float64[0]!;
}

/** True if any of the 64 bits is set. */
export function readBool(reader: Reader): boolean {
  return (varint(reader) | halves[HIGH]!) !== 0;
}

/** A string: strict UTF-8, a byte order mark is part of it. */
export function readString(reader: Reader): string {
  const start = content(reader);
  const { buffer, pos: end } = reader;
  charge(reader, STRING + ((end - start) >>> 3));
  if (end - start <= SHORT_TEXT) {
    const text = shortText(buffer, start, end);
    if (text !== undefined) return text;
  }
  return utf8Read(buffer, start, end) ?? fail(reader, "the string is not valid UTF-8", start);
}

/** Bytes, copied. */
export function readBytes(reader: Reader): Uint8Array {
  const start = content(reader);
  const end = reader.pos;
  charge(reader, BYTES + ((end - start) >>> 3));
  // `slice` of a Buffer, which is a Uint8Array too, would be a view.
  return start === end ? NO_BYTES : Uint8Array.prototype.slice.call(reader.buffer, start, end);
}

/** A nested message: merges it into `into` and returns that. */
export function readMessage<T extends Message>(reader: Reader, type: ReadableType<T>, into: T): T {
  const { depth, block, tag } = reader;
  if (depth === MAX_DEPTH) tooDeep(reader);
  charge(reader, type.weight ?? UNTOLD);
  const outer = enterBlock(reader);
  reader.block = 0;
  reader.depth = depth + 1;
  try {
    type.read(into, reader);
    leaveBlock(reader, outer);
  } catch (error) {
    throw leaveMessage(error, type, block || tag);
  }
  reader.depth = depth;
  reader.block = block;
  return into;
}

/** Enters a length-delimited block (packed values, map entry): narrows `end`, returns the outer one. */
export function enterBlock(reader: Reader): number {
  const start = content(reader);
  const outer = reader.end;
  reader.end = reader.pos;
  reader.pos = start;
  reader.block = reader.tag;
  return outer;
}

/** Enters a packed block, whose items take `size` bytes or more. */
export function enterPacked(reader: Reader, size: number): number {
  const outer = enterBlock(reader);
  charge(reader, ((reader.end - reader.pos) / size) | 0);
  return outer;
}

/** Enters a map entry. A value that is a message is made before it is known whether there is one. */
export function enterEntry(reader: Reader, value?: ReadableType<Message>): number {
  charge(reader, value === undefined ? ENTRY : ENTRY + (value.weight ?? UNTOLD));
  return enterBlock(reader);
}

/** Leaves the block, which must have been read whole. */
export function leaveBlock(reader: Reader, outer: number): void {
  if (reader.pos !== reader.end) fail(reader, "a value does not end with its message", reader.pos);
  reader.end = outer;
  reader.block = 0;
}

/** Keeps the field whose tag was read last, which the message doesn't know, or not with this wire type. */
export function readUnknown(reader: Reader, message: Message): void {
  const start = reader.tagStart;
  skipField(reader);
  const { pos } = reader;
  const ranges = (reader.unknown ??= new Map<Message, number[]>()).get(message);
  charge(reader, RANGE + ((pos - start) >>> 3));
  if (ranges === undefined) {
    charge(reader, UNKNOWN);
    reader.unknown.set(message, [start, pos]);
  } else if (ranges[ranges.length - 1] === start) ranges[ranges.length - 1] = pos;
  else ranges.push(start, pos);
}

/** Drops the value of the field whose tag was read last. */
export function skipField(reader: Reader, depth = reader.depth): void {
  const { tag, tagStart } = reader;
  switch (tag & 7) {
    case 0:
      varint(reader);
      break;
    case 1:
      take(reader, 8);
      break;
    case 2:
      content(reader);
      break;
    case 3:
      if (depth === MAX_DEPTH) tooDeep(reader);
      // Up to the end that carries the same number.
      for (let inner: number; (inner = readTag(reader)) !== tag + 1; skipField(reader, depth + 1)) {
        if (inner !== 0) continue;
        reader.tag = tag;
        fail(reader, "a group does not end", tagStart);
      }
      break;
    case 4:
      fail(reader, "a group ends that did not begin", tagStart);
      break;
    case 5:
      take(reader, 4);
      break;
    default:
      fail(reader, `wire type ${tag & 7} does not exist`, tagStart);
  }
}

/** Moves over a length, and over as many bytes as it says; returns where those begin. */
function content(reader: Reader): number {
  const { buffer, pos, end } = reader;
  let length = buffer[pos]!;
  let start = pos + 1;
  if (length > 0x7f || pos >= end) {
    length = varint(reader) >>> 0;
    start = reader.pos;
    if (halves[HIGH] !== 0) length = Infinity;
  }
  if (length > end - start) fail(reader, "the length runs past the end of the message", pos);
  reader.pos = start + length;
  return start;
}

/** Moves over `size` bytes and returns where they begin. */
function take(reader: Reader, size: number): number {
  const { pos } = reader;
  if (size > reader.end - pos) cut(reader);
  reader.pos = pos + size;
  return pos;
}

/** 32 bits, little-endian. */
function word(buffer: Uint8Array, pos: number): number {
  return (
    buffer[pos]! | (buffer[pos + 1]! << 8) | (buffer[pos + 2]! << 16) | (buffer[pos + 3]! << 24)
  );
}

/** Eight bytes into `halves`. */
function words(reader: Reader): void {
  const pos = take(reader, 8);
  halves[LOW] = word(reader.buffer, pos);
  halves[HIGH] = word(reader.buffer, pos + 4);
}

/** A varint of up to ten bytes into `halves`; bits beyond the 64th are dropped. Returns the low 32 bits. */
function varint(reader: Reader): number {
  const { buffer } = reader;
  let { pos } = reader;
  let low = 0;
  let high = 0;
  let byte: number;
  let shift = 0;
  do {
    byte = buffer[pos++]!;
    low |= (byte & 0x7f) << shift;
    shift += 7;
  } while (byte > 0x7f && shift < 28);
  if (byte > 0x7f) {
    byte = buffer[pos++]!;
    low |= byte << 28;
    high = (byte & 0x7f) >> 4;
    for (shift = 3; byte > 0x7f && shift < 32; shift += 7) {
      byte = buffer[pos++]!;
      high |= (byte & 0x7f) << shift;
    }
  }
  // Once, at the end: bytes that are not the message's have no effect but an error.
  if (pos > reader.end) cut(reader);
  if (byte > 0x7f) fail(reader, "a varint is longer than ten bytes", reader.pos);
  reader.pos = pos;
  halves[LOW] = low;
  halves[HIGH] = high;
  return low;
}

function cut(reader: Reader): never {
  return fail(reader, "the message ends in the middle of a value", reader.pos);
}

function tooDeep(reader: Reader): never {
  return fail(reader, TOO_DEEP, reader.pos);
}

function fail(reader: Reader, reason: string, at: number): never {
  raise(reason, reader.block || reader.tag, at - reader.start);
}
