/** Fields that a message class does not know, as they were read, one after the other. They are written again. */
export class UnknownFields {
  /** The first `size` bytes are the fields. */
  bytes: StaticArray<u8> = new StaticArray<u8>(0);
  size: usize = 0;

  /** Appends the `size` bytes at `from`. */
  append(from: usize, size: usize): void {
    const needed = this.size + size;
    if (needed > <usize>this.bytes.length) {
      // Twice the size: a message may have many unknown fields, and to copy all of them for each would take forever.
      const grown = new StaticArray<u8>(<i32>max(needed, this.size << 1));
      memory.copy(changetype<usize>(grown), changetype<usize>(this.bytes), this.size);
      this.bytes = grown;
    }
    memory.copy(changetype<usize>(this.bytes) + this.size, from, size);
    this.size = needed;
  }
}
