import { Refusal } from "./refusal.js";

/** Most bytes that a number takes in LEB128, by its bits. */
const BYTES_OF_32 = 5;
const BYTES_OF_64 = 10;

/**
 * Reads a range of a module. Whatever is there, each read moves forward or throws, so that no input makes a reader run for
 * longer than the input is.
 *
 * https://webassembly.github.io/spec/core/binary/values.html
 */
export class ByteReader {
  constructor(
    readonly bytes: Uint8Array,
    public pos: number,
    public end: number,
  ) {}

  byte(): number {
    if (this.pos >= this.end) this.cutOff();
    return this.bytes[this.pos++]!;
  }

  /** The next byte, without going on. */
  peek(): number {
    if (this.pos >= this.end) this.cutOff();
    return this.bytes[this.pos]!;
  }

  u32(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    const last = this.byte();
    if (last > 0x0f) this.refuse("a number of more than 32 bits");
    return (value | (last << 28)) >>> 0;
  }

  /** Skips a number of at most 33 bits, signed or not. */
  skip32(): void {
    this.skipNumber(BYTES_OF_32);
  }

  /** Skips a number of at most 64 bits, signed or not. */
  skip64(): void {
    this.skipNumber(BYTES_OF_64);
  }

  skip(size: number): void {
    if (size > this.end - this.pos) this.cutOff();
    this.pos += size;
  }

  refuse(problem: string, offset = this.pos): never {
    throw new Refusal(problem, offset);
  }

  private skipNumber(most: number): void {
    const start = this.pos;
    while (this.byte() > 0x7f) {
      if (this.pos - start === most) this.refuse("a number that is too long", start);
    }
  }

  private cutOff(): never {
    this.refuse("code or a section that is cut off", this.end);
  }
}
