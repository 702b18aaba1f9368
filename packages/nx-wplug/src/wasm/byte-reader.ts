/** Reads what modules are made of: https://webassembly.github.io/spec/core/binary/values.html */
export class ByteReader {
  position = 0;

  constructor(readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.position++];
    if (value === undefined) throw new Error("the module ends too early");
    return value;
  }

  /** An unsigned number in LEB128. */
  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Passes over a number in LEB128. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  take(count: number): Uint8Array {
    const taken = this.bytes.subarray(this.position, this.position + count);
    this.position += count;
    return taken;
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }

  /** What comes next, so many times as the number says that it begins with. */
  list<T>(item: (reader: this) => T): T[] {
    return Array.from({ length: this.u32() }, () => item(this));
  }
}
