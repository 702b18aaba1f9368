import { mayNest, startBound } from "./bound";
import { writeDecimal } from "./decimal";
import { putUtf8, utf8Length } from "./utf8";

/** Bytes that an output begins with. Most answers fit. */
const FIRST_CAPACITY: usize = 1024;
/** A block that grew beyond this many bytes is given back instead of being kept for the next message. */
const KEPT_CAPACITY: usize = 1 << 20;
/** Lengths are signed 32-bit numbers on many sides, and memory ends at 4 GiB. */
const MAX_SIZE: u64 = 1 << 31;

/**
 * Where a message or a text is written: one block of memory that is used again and again.
 *
 * Unmanaged: the block is no object of the garbage collector, so writing allocates no garbage.
 */
@unmanaged
export class Output {
  private start: usize = 0;
  private at: usize = 0;
  private limit: usize = 0;

  /** Begins anew in the same block. */
  reset(): void {
    if (this.limit - this.start > KEPT_CAPACITY) {
      heap.free(this.start);
      this.start = 0;
      this.limit = 0;
    }
    this.at = this.start;
    startBound();
  }

  /** Writes a message anew. False if it is nested more than 100 deep, or contains itself. */
  message<T>(message: T): bool {
    this.reset();
    // @ts-ignore: every generated class has it
    message.$write(this);
    return mayNest(1);
  }

  /** Address of what was written. It stays valid until the next reset(). */
  get address(): usize {
    return this.start;
  }

  /** Number of bytes written. */
  get size(): usize {
    return this.at - this.start;
  }

  /** Makes room for `bound` bytes and returns where they go; the address after them is for end(). */
  begin(bound: u64): usize {
    assert(bound < MAX_SIZE, "a message is larger than 2 GiB");
    this.reserve(<usize>bound);
    return this.at;
  }

  end(at: usize): void {
    assert(at <= this.limit, "a message was changed while it was written");
    this.at = at;
  }

  /** UTF-8 of `text` without a length: error texts. */
  text(text: string): void {
    const units = changetype<usize>(text);
    this.reserve(utf8Length(units, text.length));
    this.at = putUtf8(this.at, units, text.length);
  }

  /** Decimal digits of `value`: error texts. */
  decimal(value: u32): void {
    this.reserve(10);
    this.at = writeDecimal(value, this.at);
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
