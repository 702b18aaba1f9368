/// <reference path="../compiler.d.ts" />
import { MAX_DEPTH, NO_BYTES } from "./limits";
import { messageAt, newBytes } from "./set";
import { UnknownFields } from "./unknown-fields";
import { decodeUtf8, utf16Length } from "./utf8";

/**
 * Reads one message in the protobuf wire format: https://protobuf.dev/programming-guides/encoding/
 *
 * AssemblyScript has no exceptions, and malformed input must not trap. So the first error ends the input: `pos` and
 * `end` meet, every loop over fields stops, every value read from then on is the zero value, and the caller asks
 * `failed` once, at the end.
 *
 * Unmanaged: it points into memory that its user keeps alive.
 */
@unmanaged
export class Reader {
  /** Address of the next byte. */
  pos: usize = 0;
  /** Address after the last byte of the innermost block that is being read. */
  end: usize = 0;
  private start: usize = 0;
  private tagAt: usize = 0;
  private depth: i32 = 0;
  // A literal, hence static data: the garbage collector need not know of it.
  private problem: string | null = null;

  /** Begins to read the `size` bytes at `address`. */
  reset(address: usize, size: usize): void {
    this.start = address;
    this.pos = address;
    this.end = address + size;
    this.depth = 1;
    this.problem = null;
  }

  get failed(): bool {
    // By address: to compare strings is a call, even with null.
    return changetype<usize>(this.problem) != 0;
  }

  /** What is wrong with the input, null if nothing is. */
  get error(): string | null {
    return this.problem;
  }

  /** Where it is wrong: bytes from the beginning. */
  get offset(): u32 {
    return <u32>(this.pos - this.start);
  }

  /** `number * 8 + wire type` of the next field */
  tag(): u32 {
    const at = this.pos;
    this.tagAt = at;
    if (at < this.end) {
      const byte: u32 = load<u8>(at);
      // One byte, and a field number that is not 0.
      if (byte - 8 < 0x78) {
        this.pos = at + 1;
        return byte;
      }
    }
    const tag = this.uint64();
    // Field numbers are 1 to 2^29 - 1. As in protobuf's own parsers, not even leading zeros make a tag longer.
    if (tag < 8 || tag > u32.MAX_VALUE || this.pos - this.tagAt > 5) {
      this.fail("invalid field number");
      return 0;
    }
    return <u32>tag;
  }

  int32(): i32 {
    return <i32>this.uint64();
  }

  int64(): i64 {
    return <i64>this.uint64();
  }

  uint32(): u32 {
    return <u32>this.uint64();
  }

  uint64(): u64 {
    const end = this.end;
    let at = this.pos;
    if (at < end) {
      const byte: u64 = load<u8>(at);
      if (byte < 0x80) {
        this.pos = at + 1;
        return byte;
      }
    }
    let value: u64 = 0;
    for (let shift: u64 = 0; shift < 70; shift += 7) {
      if (at >= end) {
        this.fail("truncated");
        return 0;
      }
      const byte: u64 = load<u8>(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.pos = at;
        return value;
      }
    }
    this.fail("varint of more than 10 bytes");
    return 0;
  }

  sint32(): i32 {
    const value = this.uint32();
    return <i32>((value >> 1) ^ -(value & 1));
  }

  sint64(): i64 {
    const value = this.uint64();
    return <i64>((value >> 1) ^ -(value & 1));
  }

  fixed32(): u32 {
    const at = this.take(4);
    return at == 0 ? 0 : load<u32>(at);
  }

  sfixed32(): i32 {
    return <i32>this.fixed32();
  }

  fixed64(): u64 {
    const at = this.take(8);
    return at == 0 ? 0 : load<u64>(at);
  }

  sfixed64(): i64 {
    return <i64>this.fixed64();
  }

  float(): f32 {
    return reinterpret<f32>(this.fixed32());
  }

  double(): f64 {
    return reinterpret<f64>(this.fixed64());
  }

  bool(): bool {
    return this.uint64() != 0;
  }

  string(): string {
    const size = this.length();
    if (size == 0) return "";
    const at = this.pos;
    const end = at + size;
    const units = utf16Length(at, end);
    if (units < 0) {
      this.fail("string is not UTF-8");
      return "";
    }
    this.pos = end;
    const text: usize = __new(<usize>units << 1, idof<string>());
    decodeUtf8(at, end, text);
    return changetype<string>(text);
  }

  /** A copy: the memory that is being read will be used again. */
  bytes(): Uint8Array {
    const size = this.length();
    if (size == 0) return NO_BYTES;
    const bytes = newBytes(size);
    memory.copy(bytes.dataStart, this.pos, size);
    this.pos += size;
    return bytes;
  }

  /** Narrows the input to the nested message that begins here. Returns what leaveMessage() needs. */
  enterMessage(): usize {
    const outer = this.end;
    if (this.depth == MAX_DEPTH) this.fail("messages nested more than 100 deep");
    else this.enter();
    this.depth++;
    return outer;
  }

  /** Widens the input again after a nested message was read to its end. */
  leaveMessage(outer: usize): void {
    this.depth--;
    this.leave(outer);
  }

  /** Narrows the input to the length-delimited block that begins here. Returns what leave() needs. */
  enter(): usize {
    const outer = this.end;
    const size = this.length();
    if (!this.failed) this.end = this.pos + size;
    return outer;
  }

  /** Widens the input again after a block was read to its end. */
  leave(outer: usize): void {
    if (!this.failed) this.end = outer;
  }

  /** Skips a field that the message does not have, and keeps it in the property that is `offset` bytes behind its start. */
  unknown(tag: u32, message: usize, offset: usize): void {
    const from = this.tagAt;
    this.skip(tag);
    if (this.failed) return;
    const fields = messageAt<UnknownFields>(message, offset);
    changetype<UnknownFields>(fields).append(from, this.pos - from);
  }

  /** Moves to the first of packed values of `width` bytes each. Returns how many bytes there are. */
  packedSize(width: usize): usize {
    const size = this.length();
    if (size % width == 0) return size;
    this.fail("truncated");
    return 0;
  }

  /** Skips the value after `tag`. */
  skip(tag: u32): void {
    if (this.failed) return;
    switch (tag & 7) {
      case 0:
        this.uint64();
        return;
      case 1:
        this.take(8);
        return;
      case 2: {
        // length() moves pos.
        const size = this.length();
        this.pos += size;
        return;
      }
      case 3:
        this.skipGroup(tag + 1);
        return;
      case 4:
        this.fail("end of a group that did not begin");
        return;
      case 5:
        this.take(4);
        return;
      default:
        this.fail("invalid wire type");
    }
  }

  private skipGroup(endTag: u32): void {
    if (this.depth == MAX_DEPTH) {
      this.fail("messages nested more than 100 deep");
      return;
    }
    this.depth++;
    while (!this.failed) {
      const tag = this.tag();
      if (tag == endTag) break;
      this.skip(tag);
    }
    this.depth--;
  }

  // Length of a block, which lies within what is being read.
  private length(): usize {
    const size = this.uint64();
    if (size > <u64>(this.end - this.pos)) {
      this.fail("length beyond the end");
      return 0;
    }
    return <usize>size;
  }

  // Address of the next `size` bytes, 0 if there are fewer.
  private take(size: usize): usize {
    const at = this.pos;
    if (this.end - at < size) {
      this.fail("truncated");
      return 0;
    }
    this.pos = at + size;
    return at;
  }

  private fail(problem: string): void {
    if (!this.failed) this.problem = problem;
    this.end = this.pos;
  }
}
