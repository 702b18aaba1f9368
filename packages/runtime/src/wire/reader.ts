import { utf8Read } from "#platform";
import { MAX_DEPTH } from "./limits.js";
import { NO_BYTES } from "./no-bytes.js";
import type { Message, MessageType } from "./message-type.js";
import { HIGH, LOW, float32, float64, halves, signed64, unsigned64 } from "./words.js";
import { UnknownFields } from "./unknown-fields.js";
import { WireError } from "./wire-error.js";

/** Up to this many bytes, making the string from the bytes beats a native call. */
const SHORT_STRING = 28;

/**
 * Reads Protocol Buffers binary format: what generated `read` functions call. It never reads past the end of the
 * innermost message, and nothing that it returns refers to the bytes that it reads.
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
  /** How many messages the current one is nested in. */
  depth = 0;
  /** Number of the field being read, for error texts; 0 between fields. */
  field = 0;
  /** Number of the packed or map field whose block is open, else 0. */
  enclosing = 0;
  private tagStart = 0;
  private readonly unknownFields = new UnknownFields();

  /** Points the reader at a message. */
  begin(buffer: Uint8Array, start: number, end: number): void {
    this.buffer = buffer;
    this.start = this.pos = start;
    this.end = end;
    this.depth = this.field = this.enclosing = 0;
  }

  /** Hands the unknown fields over to their messages and lets go of the bytes. */
  finish(): void {
    this.unknownFields.assign(this.buffer);
    this.release();
  }

  /** Lets go of the bytes: a reader that is kept must not keep a wasm memory alive. */
  release(): void {
    this.unknownFields.clear();
    this.buffer = NO_BYTES;
  }

  /** Field number and wire type. */
  tag(): number {
    const pos = (this.tagStart = this.pos);
    const byte = this.buffer[pos]!;
    // One byte, and a field number that is not 0. Callers test pos < end first.
    if (byte < 0x80 && byte > 7) {
      this.pos = pos + 1;
      this.field = byte >>> 3;
      return byte;
    }
    this.field = 0;
    this.varint64();
    const tag = halves[LOW]!;
    // As in protobuf's own parsers, not even leading zeros make a tag longer than 32 bits need.
    if (halves[HIGH] !== 0 || this.pos - pos > 5) this.fail("the field number is too large", pos);
    if (tag < 8) this.fail("the field number is 0", pos);
    this.field = tag >>> 3;
    return tag;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** The low 32 bits of a varint, which may be longer. */
  uint32(): number {
    let pos = this.pos;
    // Enough for any that is not longer than needed.
    if (this.end - pos >= 5) {
      const buffer = this.buffer;
      let value = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const byte = buffer[pos++]!;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
          this.pos = pos;
          return value >>> 0;
        }
      }
    }
    this.varint64();
    return halves[LOW]!;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  fixed32(): number {
    return this.sfixed32() >>> 0;
  }

  sfixed32(): number {
    const pos = this.take(4);
    const buffer = this.buffer;
    return (
      buffer[pos]! | (buffer[pos + 1]! << 8) | (buffer[pos + 2]! << 16) | (buffer[pos + 3]! << 24)
    );
  }

  int64(): bigint {
    this.varint64();
    return signed64[0]!;
  }

  uint64(): bigint {
    this.varint64();
    return unsigned64[0]!;
  }

  sint64(): bigint {
    this.varint64();
    const low = halves[LOW]!;
    const high = halves[HIGH]!;
    const sign = -(low & 1);
    halves[LOW] = ((low >>> 1) | (high << 31)) ^ sign;
    halves[HIGH] = (high >>> 1) ^ sign;
    return signed64[0]!;
  }

  fixed64(): bigint {
    this.words();
    return unsigned64[0]!;
  }

  sfixed64(): bigint {
    this.words();
    return signed64[0]!;
  }

  float(): number {
    halves[0] = this.sfixed32();
    return float32[0]!;
  }

  double(): number {
    this.words();
    return float64[0]!;
  }

  /** True if any of the 64 bits is set. */
  bool(): boolean {
    const pos = this.pos;
    if (pos < this.end && this.buffer[pos]! < 0x80) {
      this.pos = pos + 1;
      return this.buffer[pos] !== 0;
    }
    this.varint64();
    return (halves[LOW]! | halves[HIGH]!) !== 0;
  }

  /** A string: strict UTF-8, a byte order mark is part of it. */
  string(): string {
    const length = this.length();
    const start = this.pos;
    const end = (this.pos = start + length);
    if (length <= SHORT_STRING) {
      const text = shortText(this.buffer, start, end);
      if (text !== undefined) return text;
    }
    return utf8Read(this.buffer, start, end) ?? this.fail("the string is not valid UTF-8", start);
  }

  /** Bytes, copied. */
  bytes(): Uint8Array {
    const length = this.length();
    const start = this.pos;
    this.pos = start + length;
    return copy(this.buffer, start, start + length);
  }

  /** A nested message: merges it into `into` and returns that. */
  message<T extends Message>(type: MessageType<T>, into: T): T {
    const { field, enclosing } = this;
    this.deeper();
    const outer = this.enter();
    this.enclosing = 0;
    try {
      type.read(into, this, this.end);
      this.field = 0;
      this.leave(outer);
    } catch (error) {
      const located = this.locate(error, type);
      this.field = field;
      this.enclosing = enclosing;
      throw located;
    }
    this.depth--;
    this.field = field;
    this.enclosing = enclosing;
    return into;
  }

  /** Enters a length-delimited block (packed values, map entry): narrows `end`, returns the outer one. */
  enter(): number {
    const length = this.length();
    const outer = this.end;
    this.end = this.pos + length;
    this.enclosing = this.field;
    return outer;
  }

  /** Leaves the block; its last value must have ended where it ends. */
  leave(outer: number): void {
    if (this.pos !== this.end) this.fail("a value runs past the end of its message", this.pos);
    this.end = outer;
    this.enclosing = 0;
  }

  /** Keeps a field that the message doesn't know, whatever it is; also one of another wire type than declared. */
  unknown(tag: number, message: Message): void {
    const start = this.tagStart;
    this.skip(tag);
    this.unknownFields.add(message, start, this.pos);
  }

  /** Drops the value of a field. */
  skip(tag: number): void {
    const start = this.tagStart;
    switch (tag & 7) {
      case 0:
        this.varint64();
        break;
      case 1:
        this.take(8);
        break;
      case 2:
        this.take(this.length());
        break;
      case 3:
        this.group(tag >>> 3, start);
        break;
      case 4:
        this.fail("a group ends that did not begin", start);
        break;
      case 5:
        this.take(4);
        break;
      default:
        this.fail(`wire type ${tag & 7} does not exist`, start);
    }
  }

  /** The error with the field that was being read put in front of its path. Errors of others stay as they are. */
  locate(error: unknown, type: Pick<MessageType, "fieldNames">): unknown {
    if (!(error instanceof WireError)) return error;
    const field = this.enclosing === 0 ? this.field : this.enclosing;
    if (field === 0 && error.path === "") return error;
    const name = type.fieldNames[field] ?? String(field);
    const path = error.path === "" ? name : `${name}.${error.path}`;
    return new WireError(error.reason, path, error.offset);
  }

  /** Skips the fields of a group up to its end, which must carry the same number. */
  private group(number: number, start: number): void {
    this.deeper();
    for (;;) {
      if (this.pos >= this.end) {
        this.field = number;
        this.fail("a group does not end", start);
      }
      const tag = this.tag();
      if (tag === ((number << 3) | 4) >>> 0) break;
      this.skip(tag);
    }
    this.depth--;
  }

  private deeper(): void {
    if (++this.depth > MAX_DEPTH) {
      this.fail(`messages are nested more than ${MAX_DEPTH} levels deep`, this.pos);
    }
  }

  /** A length, checked against what is left. */
  private length(): number {
    const pos = this.pos;
    let length = 0;
    if (pos < this.end && this.buffer[pos]! < 0x80) {
      length = this.buffer[pos]!;
      this.pos = pos + 1;
    } else {
      this.varint64();
      length = halves[HIGH] === 0 ? halves[LOW]! : Infinity;
    }
    if (length > this.end - this.pos) this.fail("the length runs past the end of the message", pos);
    return length;
  }

  /** Moves over `size` bytes and returns where they begin. */
  private take(size: number): number {
    const pos = this.pos;
    if (size > this.end - pos) this.fail("the message ends in the middle of a value", pos);
    this.pos = pos + size;
    return pos;
  }

  /** Eight bytes into `halves`. */
  private words(): void {
    const pos = this.take(8);
    const buffer = this.buffer;
    halves[LOW] =
      buffer[pos]! | (buffer[pos + 1]! << 8) | (buffer[pos + 2]! << 16) | (buffer[pos + 3]! << 24);
    halves[HIGH] =
      buffer[pos + 4]! |
      (buffer[pos + 5]! << 8) |
      (buffer[pos + 6]! << 16) |
      (buffer[pos + 7]! << 24);
  }

  /** A varint of up to ten bytes into `halves`; bits beyond the 64th are dropped. */
  private varint64(): void {
    const { buffer, end } = this;
    const first = this.pos;
    let pos = first;
    let low = 0;
    let high = 0;
    for (let shift = 0; pos < end; shift += 7) {
      const byte = buffer[pos++]!;
      const bits = byte & 0x7f;
      if (shift < 28) {
        low |= bits << shift;
      } else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        high |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        this.pos = pos;
        halves[LOW] = low;
        halves[HIGH] = high;
        return;
      }
      if (shift === 63) this.fail("a varint is longer than ten bytes", first);
    }
    this.fail("the message ends in the middle of a value", first);
  }

  private fail(reason: string, at: number): never {
    throw new WireError(reason, "", at - this.start);
  }
}

/** `slice` of a Buffer, which is a Uint8Array too, would be a view. */
function copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (start === end) return NO_BYTES;
  return Uint8Array.prototype.slice.call(bytes, start, end);
}

/**
 * The text of a few bytes; undefined if they are not valid, or have characters of three bytes or more. Four ASCII bytes
 * at a time: the calls are what costs.
 */
function shortText(buffer: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let pos = start;
  for (; pos + 4 <= end; pos += 4) {
    const a = buffer[pos]!;
    const b = buffer[pos + 1]!;
    const c = buffer[pos + 2]!;
    const d = buffer[pos + 3]!;
    if ((a | b | c | d) > 0x7f) break;
    text += String.fromCharCode(a, b, c, d);
  }
  while (pos < end) {
    const lead = buffer[pos++]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    if (lead < 0xc2 || lead > 0xdf || pos === end) return undefined;
    const next = buffer[pos++]!;
    if ((next & 0xc0) !== 0x80) return undefined;
    text += String.fromCharCode(((lead & 0x1f) << 6) | (next & 0x3f));
  }
  return text;
}
