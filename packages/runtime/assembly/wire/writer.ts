import { writeDecimal } from "./decimal";
import { MAX_DEPTH } from "./limits";
import { UnknownFields } from "./unknown-fields";
import { encodeUtf8, utf8Length } from "./utf8";

/** Bytes that a writer begins with. Most answers fit. */
const FIRST_CAPACITY: usize = 1024;
/** A block that grew beyond this many bytes is given back instead of being kept for the next message. */
const KEPT_CAPACITY: usize = 1 << 20;

/**
 * Writes one message in the protobuf wire format: https://protobuf.dev/programming-guides/encoding/
 *
 * Unmanaged: the writer and its block are no objects of the garbage collector, so writing allocates no garbage.
 */
@unmanaged
export class Writer {
  private start: usize = 0;
  private at: usize = 0;
  private limit: usize = 0;
  private depth: i32 = 0;
  private tooDeep: bool = false;

  /** Begins a new message in the same block. */
  reset(): void {
    if (this.limit - this.start > KEPT_CAPACITY) {
      heap.free(this.start);
      this.start = 0;
      this.limit = 0;
    }
    this.at = this.start;
    this.depth = 1;
    this.tooDeep = false;
  }

  /** Whether the message was nested too deep (or contains itself) and was cut off. */
  get failed(): bool {
    return this.tooDeep;
  }

  /** Address of what was written. It stays valid until the next reset(). */
  get address(): usize {
    return this.start;
  }

  /** Number of bytes written. */
  get size(): usize {
    return this.at - this.start;
  }

  /** `number * 8 + wire type` */
  tag(tag: u32): Writer {
    this.uint32(tag);
    return this;
  }

  int32(value: i32): void {
    // Sign-extended: a negative int32 takes 10 bytes, as an int64 of the same value does.
    this.uint64(<u64>(<i64>value));
  }

  int64(value: i64): void {
    this.uint64(<u64>value);
  }

  uint32(value: u32): void {
    this.uint64(value);
  }

  uint64(value: u64): void {
    this.reserve(10);
    let at = this.at;
    while (value >= 0x80) {
      store<u8>(at++, <u8>value | 0x80);
      value >>= 7;
    }
    store<u8>(at++, <u8>value);
    this.at = at;
  }

  sint32(value: i32): void {
    this.uint32(<u32>((value << 1) ^ (value >> 31)));
  }

  sint64(value: i64): void {
    this.uint64(<u64>((value << 1) ^ (value >> 63)));
  }

  fixed32(value: u32): void {
    this.reserve(4);
    store<u32>(this.at, value);
    this.at += 4;
  }

  sfixed32(value: i32): void {
    this.fixed32(<u32>value);
  }

  fixed64(value: u64): void {
    this.reserve(8);
    store<u64>(this.at, value);
    this.at += 8;
  }

  sfixed64(value: i64): void {
    this.fixed64(<u64>value);
  }

  float(value: f32): void {
    this.fixed32(reinterpret<u32>(value));
  }

  double(value: f64): void {
    this.fixed64(reinterpret<u64>(value));
  }

  bool(value: bool): void {
    this.uint32(<u32>value);
  }

  string(value: string): void {
    const text = changetype<usize>(value);
    const size = utf8Length(text, value.length);
    this.uint32(<u32>size);
    this.reserve(size);
    this.at = encodeUtf8(text, value.length, this.at, this.limit);
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.copy(value.dataStart, value.length);
  }

  message<T>(value: T): void {
    if (this.depth == MAX_DEPTH) {
      this.tooDeep = true;
      return;
    }
    this.depth++;
    const start = this.open();
    // @ts-ignore: every generated class has it
    value.$write(this);
    this.close(start);
    this.depth--;
  }

  /** Begins a length-delimited block and returns what close() needs to end it. */
  open(): usize {
    this.reserve(1);
    this.at++;
    return this.at - this.start;
  }

  /** Ends a block: writes its length before it, for which one byte was left free. */
  close(block: usize): void {
    const size = this.at - this.start - block;
    if (size >= 0x80) {
      let more: usize = 0;
      for (let rest = size >> 7; rest > 0; rest >>= 7) more++;
      this.reserve(more);
      const from = this.start + block;
      memory.copy(from + more, from, size);
      this.at += more;
    }
    const end = this.at;
    this.at = this.start + block - 1;
    // Does not move the block: what it needs is reserved.
    let at = this.at;
    let rest = size;
    while (rest >= 0x80) {
      store<u8>(at++, <u8>rest | 0x80);
      rest >>= 7;
    }
    store<u8>(at, <u8>rest);
    this.at = end;
  }

  /** Fields that were unknown when the message was read. */
  raw(fields: UnknownFields): void {
    this.copy(changetype<usize>(fields.bytes), fields.size);
  }

  /** UTF-8 of `text` without a length: error texts. */
  text(text: string): void {
    this.reserve(utf8Length(changetype<usize>(text), text.length));
    this.at = encodeUtf8(changetype<usize>(text), text.length, this.at, this.limit);
  }

  /** Decimal digits of `value`: error texts. */
  decimal(value: u32): void {
    this.reserve(10);
    this.at = writeDecimal(value, this.at);
  }

  private copy(from: usize, size: usize): void {
    this.reserve(size);
    memory.copy(this.at, from, size);
    this.at += size;
  }

  private reserve(size: usize): void {
    if (this.limit - this.at < size) this.grow(size);
  }

  private grow(size: usize): void {
    const used = this.at - this.start;
    const capacity = max(max(used + size, (this.limit - this.start) << 1), FIRST_CAPACITY);
    // Not heap.realloc: it does not accept "no block yet".
    const start = heap.alloc(capacity);
    memory.copy(start, this.start, used);
    if (this.start != 0) heap.free(this.start);
    this.start = start;
    this.at = start + used;
    this.limit = start + capacity;
  }
}
