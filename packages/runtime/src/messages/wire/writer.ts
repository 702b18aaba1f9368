import { utf8Write } from "#platform";
import { leaveMessage, raise, raiseIn, type Named } from "./fault.js";
import { describe, expectedChoice, isBytes, isMap, isRecord } from "./js-value.js";
import { MAX_DEPTH, MAX_LENGTH, TOO_DEEP_OBJECTS } from "./limits.js";
import type { Message } from "./message.js";
import { NO_BYTES } from "./no-bytes.js";
import { isWellFormed } from "./well-formed.js";
import { HIGH, LOW, float32, float64, halves, signed64, unsigned64 } from "./words.js";

const FLOAT32_MAX = 3.4028234663852886e38;
/** What a tag and a number take at most in bytes. */
const NUMBER_MAX = 5 + 10;
/** Up to this many UTF-16 units a loop over the characters beats a native call, and the length fits one byte. */
const SHORT_STRING = 40;
/** Up to this many bytes a loop over them beats a native call. */
const SHORT_BYTES = 32;

/**
 * Memory for messages in Protocol Buffers binary format. Generated `write` functions write with the functions of this file.
 * They are apart from the class so that bundlers leave out those that no message needs. Each writes a tag, unless that is 0,
 * and a value, whose type and range it checks, as JavaScript callers have no compiler.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
export class Writer {
  buffer!: Uint8Array;
  /** Up to where a number may begin without a look at how long the buffer is. */
  limit!: number;
  /** Where the next byte goes. */
  position = 0;
  /** Tag of the packed or map field whose block is open, else 0. */
  block = 0;
  /** How many messages the innermost one is inside of. */
  depth = 0;
  /** Whether the entries of maps are written in the order of their keys. */
  deterministic = false;
  /**
   * Bytes that the length of the last message took, by depth. The next one is probably about as long, and does not need to
   * be moved then.
   */
  readonly lengthSizes: number[] = [];

  constructor(size: number) {
    this.allocate(size);
  }

  /** Takes a new buffer of this many bytes. */
  allocate(size: number): void {
    this.buffer = new Uint8Array(size);
    this.limit = size - NUMBER_MAX;
  }
}

/** The part of a message class that writes. */
export interface WritableType<T extends Message> extends Named {
  /** Writes all fields, without a length in front. */
  write(message: T, writer: Writer): void;
}

export function writeInt32(writer: Writer, tag: number, value: number): void {
  beginInt32(writer, tag, value);
  if (value >= 0) {
    varint32(writer, value);
  } else {
    // Negative numbers are sign-extended to 64 bits: ten bytes.
    halves[LOW] = value;
    halves[HIGH] = 0xffffffff;
    varint64(writer);
  }
}

export function writeUint32(writer: Writer, tag: number, value: number): void {
  beginUint32(writer, tag, value);
  varint32(writer, value);
}

export function writeSint32(writer: Writer, tag: number, value: number): void {
  beginInt32(writer, tag, value);
  varint32(writer, ((value << 1) ^ (value >> 31)) >>> 0);
}

export function writeFixed32(writer: Writer, tag: number, value: number): void {
  beginUint32(writer, tag, value);
  word(writer, value);
}

export function writeSfixed32(writer: Writer, tag: number, value: number): void {
  beginInt32(writer, tag, value);
  word(writer, value);
}

export function writeInt64(writer: Writer, tag: number, value: bigint): void {
  begin64(writer, tag, signed64, value);
  varint64(writer);
}

export function writeUint64(writer: Writer, tag: number, value: bigint): void {
  begin64(writer, tag, unsigned64, value);
  varint64(writer);
}

export function writeSint64(writer: Writer, tag: number, value: bigint): void {
  begin64(writer, tag, signed64, value);
  const low = halves[LOW]!;
  const high = halves[HIGH]!;
  const sign = -(high >>> 31);
  halves[LOW] = (low << 1) ^ sign;
  halves[HIGH] = ((high << 1) | (low >>> 31)) ^ sign;
  varint64(writer);
}

export function writeFixed64(writer: Writer, tag: number, value: bigint): void {
  begin64(writer, tag, unsigned64, value);
  words(writer);
}

export function writeSfixed64(writer: Writer, tag: number, value: bigint): void {
  begin64(writer, tag, signed64, value);
  words(writer);
}

/** A NaN is always the same NaN: engines may keep the bits of one that was read, or not. */
export function writeFloat(writer: Writer, tag: number, value: number): void {
  if (typeof value !== "number") fail(writer, tag, "a number", value);
  if (Math.abs(value) > FLOAT32_MAX && Number.isFinite(value)) fail(writer, tag, "a float", value);
  begin(writer, tag);
  float32[0] = value === value ? value : NaN;
  word(writer, halves[0]!);
}

/** As `writeFloat`. */
export function writeDouble(writer: Writer, tag: number, value: number): void {
  if (typeof value !== "number") fail(writer, tag, "a number", value);
  begin(writer, tag);
  float64[0] = value === value ? value : NaN;
  words(writer);
}

export function writeBool(writer: Writer, tag: number, value: boolean): void {
  if (typeof value !== "boolean") fail(writer, tag, "a boolean", value);
  begin(writer, tag);
  writer.buffer[writer.position++] = value ? 1 : 0;
}

/** A string as UTF-8. Lone surrogates, which have no UTF-8 form, are an error. */
export function writeString(writer: Writer, tag: number, value: string): void {
  if (typeof value !== "string") fail(writer, tag, "a string", value);
  const { length } = value;
  // One UTF-16 unit is at most three bytes.
  begin(writer, tag, length * 3);
  const { buffer, position } = writer;
  if (length < SHORT_STRING) {
    let end = position + 1;
    let i = 0;
    for (; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80) {
        buffer[end++] = unit;
      } else if (unit < 0x800) {
        buffer[end++] = 0xc0 | (unit >> 6);
        buffer[end++] = 0x80 | (unit & 0x3f);
      } else {
        break;
      }
    }
    if (i === length) {
      buffer[position] = end - position - 1;
      writer.position = end;
      return;
    }
  }
  // The room is right for the length of ASCII text, which is moved into place otherwise.
  const room = varintSize(length);
  const start = position + room;
  const written = utf8Write(buffer, value, start);
  if (written !== length && !isWellFormed(value)) {
    fail(writer, tag, "a string without lone surrogates", value);
  }
  writer.position = start + written;
  putLength(writer, start, room);
}

export function writeBytes(writer: Writer, tag: number, value: Uint8Array): void {
  if (!isBytes(value)) fail(writer, tag, "a Uint8Array", value);
  begin(writer, tag, value.length);
  varint32(writer, value.length);
  append(writer, value);
}

/** A nested message with its length in front. */
export function writeMessage<T extends Message>(
  writer: Writer,
  tag: number,
  type: WritableType<T>,
  message: T,
): void {
  // Any object with the fields will do, but no array, Date, …, which would be written as if it were empty.
  if (
    (message as { constructor?: unknown } | null | undefined)?.constructor !== type &&
    !isRecord(message)
  ) {
    fail(writer, tag, type.typeName, message);
  }
  const { depth, block } = writer;
  const field = block || tag;
  if (depth === MAX_DEPTH) raise(TOO_DEEP_OBJECTS, field);
  begin(writer, tag);
  const room = writer.lengthSizes[depth] ?? 1;
  const start = (writer.position += room);
  writer.block = 0;
  writer.depth = depth + 1;
  try {
    type.write(message, writer);
  } catch (error) {
    throw leaveMessage(error, type, field);
  }
  writer.depth = depth;
  writer.block = block;
  writer.lengthSizes[depth] = putLength(writer, start, room);
}

/** Begins a length-delimited block (packed values, map entry). Returns its start, for `closeBlock`. */
export function openBlock(writer: Writer, tag: number): number {
  begin(writer, tag);
  writer.block = tag;
  return ++writer.position;
}

/** Ends the block that begins at `start`: puts its length in front. */
export function closeBlock(writer: Writer, start: number): void {
  writer.block = 0;
  putLength(writer, start, 1);
}

/** The items of the list in a field. `tag` is that of the field. */
export function itemsOf<T>(list: readonly T[], tag: number): readonly T[] {
  if (!Array.isArray(list)) raise(`expected an array, got ${describe(list)}`, tag);
  return list;
}

/** The entries of a map in the order in which they are written. `tag` is that of the field. */
export function entriesOf<K, V>(writer: Writer, map: ReadonlyMap<K, V>, tag = 0): Iterable<[K, V]> {
  if (!isMap(map)) raise(`expected a Map, got ${describe(map)}`, tag);
  return writer.deterministic ? [...map].sort(([a], [b]) => compareKeys(a, b)) : map;
}

/** Whether a field of bytes need not be written. What is no bytes at all is left to `writeBytes` to refuse. */
export function isEmpty(bytes: Uint8Array): boolean {
  return bytes === NO_BYTES || (isBytes(bytes) && bytes.length === 0);
}

/** Refuses a oneof that has none of its cases, unless it has none at all. */
export function checkUnset(choice: unknown, oneof: string): void {
  if (!isRecord(choice)) raiseIn(oneof, expectedChoice(choice));
  if (choice["case"] !== undefined) raiseIn(oneof, `there is no case ${describe(choice["case"])}`);
}

/** The fields that the message doesn't know, as they were read. */
export function writeUnknown(writer: Writer, { $unknown }: Message): void {
  if ($unknown !== undefined) writeRaw(writer, $unknown);
}

/** Bytes as they are. */
export function writeRaw(writer: Writer, bytes: Uint8Array): void {
  if (!isBytes(bytes)) raise("$unknown must be a Uint8Array", 0);
  begin(writer, 0, bytes.length);
  append(writer, bytes);
}

function append(writer: Writer, bytes: Uint8Array): void {
  const { buffer, position } = writer;
  const { length } = bytes;
  if (length > SHORT_BYTES) buffer.set(bytes, position);
  else for (let i = 0; i < length; i++) buffer[position + i] = bytes[i]!;
  writer.position = position + length;
}

/** Makes room for a number and `size` more bytes, and writes the tag. */
function begin(writer: Writer, tag: number, size = 0): void {
  const { position } = writer;
  if (position + size > writer.limit) grow(writer, position + size + NUMBER_MAX);
  if (tag > 0x7f) {
    varint32(writer, tag);
  } else if (tag !== 0) {
    writer.buffer[position] = tag;
    writer.position = position + 1;
  }
}

function grow(writer: Writer, size: number): void {
  if (size > MAX_LENGTH) raise("the message is longer than 2 GiB", 0);
  const { buffer } = writer;
  writer.allocate(Math.min(MAX_LENGTH, Math.max(size, buffer.length * 2)));
  writer.buffer.set(buffer);
}

/** Puts the length of what begins at `start` in front of it, where `room` bytes are free. Returns how many it takes. */
function putLength(writer: Writer, start: number, room: number): number {
  const { position } = writer;
  const length = position - start;
  if (length < 0x80 && room === 1) {
    writer.buffer[start - 1] = length;
    return 1;
  }
  const size = varintSize(length);
  if (size !== room) {
    begin(writer, 0);
    writer.buffer.copyWithin(start + size - room, start, position);
  }
  writer.position = start - room;
  varint32(writer, length);
  writer.position += length;
  return size;
}

/** An unsigned 32-bit varint. Room for it is reserved by the caller. */
function varint32(writer: Writer, value: number): void {
  const { buffer } = writer;
  let { position } = writer;
  while (value > 0x7f) {
    buffer[position++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  buffer[position++] = value;
  writer.position = position;
}

/** The value in `halves` as varint. Room for it is reserved by the caller. */
function varint64(writer: Writer): void {
  const { buffer } = writer;
  let { position } = writer;
  let low = halves[LOW]!;
  let high = halves[HIGH]!;
  while (high !== 0) {
    buffer[position++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  writer.position = position;
  varint32(writer, low);
}

/** 32 bits, little-endian. Room for it is reserved by the caller. */
function word(writer: Writer, value: number): void {
  const { buffer, position } = writer;
  buffer[position] = value;
  buffer[position + 1] = value >>> 8;
  buffer[position + 2] = value >>> 16;
  buffer[position + 3] = value >>> 24;
  writer.position = position + 4;
}

/** The value in `halves`, little-endian. */
function words(writer: Writer): void {
  word(writer, halves[LOW]!);
  word(writer, halves[HIGH]!);
}

/** As `begin`, for a value that has to be an integer of 32 bits. */
function beginInt32(writer: Writer, tag: number, value: number): void {
  if (typeof value !== "number" || value !== (value | 0)) fail(writer, tag, "an int32", value);
  begin(writer, tag);
}

function beginUint32(writer: Writer, tag: number, value: number): void {
  if (typeof value !== "number" || value !== value >>> 0) fail(writer, tag, "a uint32", value);
  begin(writer, tag);
}

/** As `begin`, and puts the value into `halves`, which `cell` is a view of. */
function begin64(
  writer: Writer,
  tag: number,
  cell: BigInt64Array | BigUint64Array,
  value: bigint,
): void {
  if (typeof value !== "bigint") fail(writer, tag, "a bigint", value);
  cell[0] = value;
  if (cell[0] !== value) fail(writer, tag, cell === signed64 ? "an int64" : "a uint64", value);
  begin(writer, tag);
}

function fail(writer: Writer, tag: number, expected: string, value: unknown): never {
  raise(`expected ${expected}, got ${describe(value)}`, writer.block || tag);
}

/** Strings in the order of their UTF-8 bytes, as in other implementations: not in that of UTF-16. */
function compareKeys(a: unknown, b: unknown): number {
  if (typeof a !== "string" || typeof b !== "string") {
    // What can't be compared is refused when it is written.
    const comparable = isComparable(a) && isComparable(b);
    return comparable && (a as number) < (b as number) ? -1 : 1;
  }
  for (let i = 0; ; i++) {
    const left = a.codePointAt(i) ?? -1;
    const right = b.codePointAt(i) ?? -1;
    if (left !== right || left < 0) return left - right;
  }
}

function isComparable(key: unknown): boolean {
  return typeof key === "number" || typeof key === "bigint" || typeof key === "boolean";
}

/** Length of the varint of an unsigned 32-bit number: 7 bits a byte. */
function varintSize(value: number): number {
  return ((38 - Math.clz32(value | 1)) / 7) | 0;
}
