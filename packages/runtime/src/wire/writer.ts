import { utf8Write } from "#platform";
import { MAX_DEPTH, MAX_LENGTH } from "./limits.js";
import type { Message, MessageType } from "./message-type.js";
import {
  HIGH,
  LOW,
  float32,
  float64,
  halves,
  signed64,
  signedHalves,
  unsigned64,
} from "./words.js";
import { WireError } from "./wire-error.js";

const FLOAT32_MAX = 3.4028234663852886e38;
/** Longest varint in bytes; also what a tag and a fixed value need at most. */
const VARINT_MAX = 10;
/** Up to this many UTF-16 units a loop over the characters beats a native call, and the length fits one byte. */
const SHORT_STRING = 40;

/**
 * Writes Protocol Buffers binary format: what generated `write` functions call. Every value method checks type and
 * range of its value, as JavaScript callers have no compiler.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
export class Writer {
  buffer: Uint8Array;
  /** Where the next byte goes. */
  position = 0;
  /** How many messages the current one is nested in. */
  depth = 0;
  /** Whether the entries of maps are written in the order of their keys. */
  deterministic = false;
  /** Number of the field being written, for error texts. */
  field = 0;
  /** Number of the packed or map field whose block is open, else 0. Inside it `field` says nothing. */
  enclosing = 0;
  /**
   * Bytes that the length of the last message took, by depth. The next one is probably about as long, and does not need to
   * be moved then.
   */
  private readonly lengthSizes = new Uint8Array(MAX_DEPTH + 1).fill(1);

  constructor(size: number) {
    this.buffer = new Uint8Array(size);
  }

  /** Writes a tag: field number and wire type. */
  tag(tag: number): this {
    this.field = tag >>> 3;
    this.reserve(VARINT_MAX);
    if (tag < 0x80) this.buffer[this.position++] = tag;
    else this.varint32(tag);
    return this;
  }

  int32(value: number): void {
    if (value !== (value | 0)) this.fail("an int32", value);
    this.reserve(VARINT_MAX);
    if (value >= 0) {
      this.varint32(value);
    } else {
      // Negative numbers are sign-extended to 64 bits: ten bytes.
      halves[LOW] = value;
      halves[HIGH] = 0xffffffff;
      this.varint64();
    }
  }

  uint32(value: number): void {
    if (value !== value >>> 0) this.fail("a uint32", value);
    this.reserve(VARINT_MAX);
    this.varint32(value);
  }

  sint32(value: number): void {
    if (value !== (value | 0)) this.fail("an sint32", value);
    this.reserve(VARINT_MAX);
    this.varint32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  fixed32(value: number): void {
    if (value !== value >>> 0) this.fail("a fixed32", value);
    this.word(value);
  }

  sfixed32(value: number): void {
    if (value !== (value | 0)) this.fail("an sfixed32", value);
    this.word(value);
  }

  int64(value: bigint): void {
    this.signed(value, "an int64");
    this.varint64();
  }

  uint64(value: bigint): void {
    this.unsigned(value, "a uint64");
    this.varint64();
  }

  sint64(value: bigint): void {
    this.signed(value, "an sint64");
    const low = halves[LOW]!;
    const high = halves[HIGH]!;
    const sign = signedHalves[HIGH]! >> 31;
    halves[LOW] = (low << 1) ^ sign;
    halves[HIGH] = ((high << 1) | (low >>> 31)) ^ sign;
    this.varint64();
  }

  fixed64(value: bigint): void {
    this.unsigned(value, "a fixed64");
    this.words();
  }

  sfixed64(value: bigint): void {
    this.signed(value, "an sfixed64");
    this.words();
  }

  float(value: number): void {
    if (typeof value !== "number") this.fail("a number", value);
    if ((value > FLOAT32_MAX || value < -FLOAT32_MAX) && Math.abs(value) !== Infinity) {
      this.fail("a float", value);
    }
    float32[0] = value;
    this.word(halves[0]!);
  }

  double(value: number): void {
    if (typeof value !== "number") this.fail("a number", value);
    float64[0] = value;
    this.words();
  }

  bool(value: boolean): void {
    if (typeof value !== "boolean") this.fail("a boolean", value);
    this.reserve(1);
    this.buffer[this.position++] = value ? 1 : 0;
  }

  /** A string as UTF-8 with its length in front. Lone surrogates, which have no UTF-8 form, are an error. */
  string(value: string): void {
    if (typeof value !== "string") this.fail("a string", value);
    const length = value.length;
    if (length < SHORT_STRING) {
      this.reserve(1 + length * 3);
      const { buffer, position } = this;
      const first = position + 1;
      let at = first;
      for (let i = 0; i < length; i++) {
        const unit = value.charCodeAt(i);
        if (unit < 0x80) {
          buffer[at++] = unit;
        } else if (unit < 0x800) {
          buffer[at++] = 0xc0 | (unit >> 6);
          buffer[at++] = 0x80 | (unit & 0x3f);
        } else {
          if (!isWellFormed(value)) this.fail("a string without lone surrogates", value);
          at = first + utf8Write(buffer, value, first);
          break;
        }
      }
      buffer[position] = at - first;
      this.position = at;
      return;
    }
    // One UTF-16 unit is at most three bytes. The length is right for ASCII text and moved into place otherwise.
    this.reserve(5 + length * 3);
    const position = this.position;
    const first = position + varintSize(length);
    const written = utf8Write(this.buffer, value, first);
    if (written !== length && !isWellFormed(value)) {
      this.fail("a string without lone surrogates", value);
    }
    const gap = position + varintSize(written) - first;
    if (gap !== 0) this.buffer.copyWithin(first + gap, first, first + written);
    this.varint32(written);
    this.position += written;
  }

  /** Bytes with their length in front. */
  bytes(value: Uint8Array): void {
    if (!isBytes(value)) this.fail("a Uint8Array", value);
    this.reserve(5 + value.length);
    this.varint32(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  /** A nested message with its length in front. */
  message<T extends Message>(type: MessageType<T>, message: T): void {
    if (typeof message !== "object" || message === null) this.fail(type.typeName, message);
    const { field, enclosing } = this;
    if (this.depth >= MAX_DEPTH) {
      throw new WireError(
        `messages are nested more than ${MAX_DEPTH} levels deep (does one contain itself?)`,
      );
    }
    const guess = this.lengthSizes[this.depth]!;
    this.reserve(guess);
    const start = (this.position += guess);
    this.enclosing = 0;
    this.depth++;
    try {
      type.write(message, this);
    } catch (error) {
      const located = this.locate(error, type);
      this.field = field;
      this.enclosing = enclosing;
      throw located;
    }
    this.depth--;
    this.lengthSizes[this.depth] = this.endBlock(start, guess);
    this.field = field;
    this.enclosing = enclosing;
  }

  /** Begins a length-delimited block (packed values, map entry). Returns its start, for `close`. */
  open(): number {
    this.enclosing = this.field;
    this.reserve(1);
    return ++this.position;
  }

  /** Ends the block that begins at `start`: puts its length in front. */
  close(start: number): void {
    this.enclosing = 0;
    this.endBlock(start, 1);
  }

  /** Puts the length of the block in front of it, where `room` bytes are free. Returns how many it takes. */
  private endBlock(start: number, room: number): number {
    const length = this.position - start;
    if (length < 0x80 && room === 1) {
      this.buffer[start - 1] = length;
      return 1;
    }
    const size = varintSize(length);
    if (size !== room) {
      if (size > room) this.reserve(size - room);
      this.buffer.copyWithin(start + size - room, start, start + length);
    }
    this.position = start - room;
    this.varint32(length);
    this.position += length;
    return size;
  }

  /** The entries of a map in the order in which they are written. */
  entries<K, V>(map: ReadonlyMap<K, V>): Iterable<readonly [K, V]> {
    if (!this.deterministic || map.size < 2) return map;
    return [...map].sort(([a], [b]) => compareKeys(a, b));
  }

  /** Bytes as they are: unknown fields. */
  raw(value: Uint8Array): void {
    if (!isBytes(value)) throw new WireError("$unknown must be a Uint8Array");
    this.reserve(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  /** The error with the field that was being written put in front of its path. Errors of others stay as they are. */
  locate(error: unknown, type: Pick<MessageType, "fieldNames">): unknown {
    if (!(error instanceof WireError)) return error;
    const field = this.enclosing === 0 ? this.field : this.enclosing;
    const name = type.fieldNames[field] ?? String(field);
    const path = error.path === "" ? name : `${name}.${error.path}`;
    return new WireError(error.reason, path);
  }

  /** Makes room for `size` more bytes. */
  private reserve(size: number): void {
    if (this.position + size > this.buffer.length) this.grow(this.position + size);
  }

  private grow(size: number): void {
    if (size > MAX_LENGTH) throw new WireError("the message is longer than 2 GiB");
    const grown = new Uint8Array(Math.min(MAX_LENGTH, Math.max(size, this.buffer.length * 2)));
    grown.set(this.buffer.subarray(0, this.position));
    this.buffer = grown;
  }

  /** An unsigned 32-bit varint. Room for it is reserved by the caller. */
  private varint32(value: number): void {
    const buffer = this.buffer;
    let position = this.position;
    while (value > 0x7f) {
      buffer[position++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    buffer[position++] = value;
    this.position = position;
  }

  /** The value in `halves` as varint. Room for it is reserved by the caller. */
  private varint64(): void {
    let low = halves[LOW]!;
    let high = halves[HIGH]!;
    const buffer = this.buffer;
    let position = this.position;
    while (high !== 0) {
      buffer[position++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.position = position;
    this.varint32(low);
  }

  /** 32 bits, little-endian. */
  private word(value: number): void {
    this.reserve(4);
    const { buffer, position } = this;
    buffer[position] = value;
    buffer[position + 1] = value >>> 8;
    buffer[position + 2] = value >>> 16;
    buffer[position + 3] = value >>> 24;
    this.position = position + 4;
  }

  /** The value in `halves`, little-endian. */
  private words(): void {
    const high = halves[HIGH]!;
    this.word(halves[LOW]!);
    this.word(high);
  }

  private signed(value: bigint, expected: string): void {
    if (typeof value !== "bigint") this.fail(expected, value);
    signed64[0] = value;
    if (signed64[0] !== value) this.fail(expected, value);
    this.reserve(VARINT_MAX);
  }

  private unsigned(value: bigint, expected: string): void {
    if (typeof value !== "bigint") this.fail(expected, value);
    unsigned64[0] = value;
    if (unsigned64[0] !== value) this.fail(expected, value);
    this.reserve(VARINT_MAX);
  }

  private fail(expected: string, value: unknown): never {
    throw new WireError(`expected ${expected}, got ${describe(value)}`);
  }
}

/** Strings in the order of their UTF-8 bytes, as in other implementations: not in that of UTF-16. */
function compareKeys(a: unknown, b: unknown): number {
  if (typeof a !== "string" || typeof b !== "string") {
    return (a as number) < (b as number) ? -1 : 1;
  }
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Characters above U+FFFF come last, but their surrogates are in the middle. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

// Part of ES2024, which Node 20 has and TypeScript's lib for ES2022 does not know.
const native = (String.prototype as { isWellFormed?: (this: string) => boolean }).isWellFormed;

function isWellFormed(text: string): boolean {
  return native === undefined ? !/\p{Surrogate}/u.test(text) : native.call(text);
}

/** Also true for a Uint8Array of another realm (iframe, vm context), which `instanceof` denies. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array || Object.prototype.toString.call(value) === "[object Uint8Array]"
  );
}

function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case "bigint":
      return `the bigint ${value}n`;
    case "object":
      return value === null ? "null" : `an object (${value.constructor?.name ?? "no class"})`;
    case "function":
      return "a function";
    default:
      return String(value);
  }
}
