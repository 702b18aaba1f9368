/** Below this many bytes a loop beats `set`, which wants a subarray. */
const SHORT = 40;
/** Bytes of a number that is padded, so that it can be set later. */
export const PADDED = 3;
/** The largest number that may be set later: signed, it has one bit less than three bytes of 7. */
export const PADDED_MAX = (1 << 20) - 1;

/** Bytes that grow. */
export class ByteWriter {
  private buffer: Uint8Array;
  size = 0;

  constructor(capacity: number) {
    this.buffer = new Uint8Array(capacity);
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.size++] = value;
  }

  u32(value: number): void {
    this.reserve(5);
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.buffer[this.size++] = (rest & 0x7f) | 0x80;
    this.buffer[this.size++] = rest;
  }

  bytes(values: readonly number[]): void {
    this.reserve(values.length);
    for (let i = 0; i < values.length; i++) this.buffer[this.size++] = values[i]!;
  }

  copy(from: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.reserve(size);
    if (size < SHORT) {
      for (let i = start; i < end; i++) this.buffer[this.size++] = from[i]!;
      return;
    }
    this.buffer.set(from.subarray(start, end), this.size);
    this.size += size;
  }

  /** Sets a number that was written as `PADDED` bytes at `at`. */
  setPadded(at: number, value: number): void {
    this.buffer[at] = (value & 0x7f) | 0x80;
    this.buffer[at + 1] = ((value >> 7) & 0x7f) | 0x80;
    this.buffer[at + 2] = value >> 14;
  }

  /**
   * Puts the number of bytes since `at` in front of them.
   *
   * @returns how many bytes they moved
   */
  insertSize(at: number): number {
    const size = this.size - at;
    let width = 1;
    for (let rest = size >>> 7; rest > 0; rest >>>= 7) width++;
    this.reserve(width);
    this.buffer.copyWithin(at + width, at, this.size);
    this.size = at;
    this.u32(size);
    this.size = at + width + size;
    return width;
  }

  /** What was written, not copied. */
  written(): Uint8Array {
    return this.buffer.subarray(0, this.size);
  }

  private reserve(size: number): void {
    if (this.size + size <= this.buffer.length) return;
    const buffer = new Uint8Array((this.size + size) * 2);
    buffer.set(this.buffer.subarray(0, this.size));
    this.buffer = buffer;
  }
}
