/*
 * Field masks at work on the wire format, where every field says its number. The bytes come from an encoder, so they are
 * well-formed: https://protobuf.dev/programming-guides/encoding/
 */

const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const BYTES: u32 = 2;
const START_GROUP: u32 = 3;
const END_GROUP: u32 = 4;

/** What the paths cover out of `source`, after what they don't out of `target`. */
export function mergeMasked(paths: Array<Array<i32>>, source: Uint8Array, target: Uint8Array): Uint8Array {
  const merged = new Uint8Array(target.length + source.length);
  const end = new Filter(target, 0, target.length, false).into(merged, 0, paths, 0);
  return merged.subarray(0, new Filter(source, 0, source.length, true).into(merged, end, paths, 0));
}

/** One pass over the fields of a message. */
class Filter {
  constructor(
    private bytes: Uint8Array,
    private at: i32,
    private end: i32,
    /** Whether the covered fields are kept, or the others. */
    private keepsCovered: bool,
  ) {}

  /** Copies the fields that are kept to `to`, and returns where they end. `level` names of the paths lead to this message. */
  into(target: Uint8Array, to: i32, paths: Array<Array<i32>>, level: i32): i32 {
    while (this.at < this.end) {
      const start = this.at;
      const tag = this.varint();
      const content = this.at;
      this.skip(tag);
      const below: Array<Array<i32>> = [];
      const isCovered = this.select(paths, level, <i32>(tag >> 3), below);
      if (!isCovered && below.length > 0 && (tag & 7) == BYTES) {
        to = this.nested(target, to, start, content, below, level + 1);
      } else if (isCovered == this.keepsCovered) {
        memory.copy(target.dataStart + to, this.bytes.dataStart + start, this.at - start);
        to += this.at - start;
      }
    }
    return to;
  }

  /** Whether a path ends at a field. Those that go on below it are added to `below`. */
  private select(paths: Array<Array<i32>>, level: i32, field: i32, below: Array<Array<i32>>): bool {
    for (let i = 0; i < paths.length; i++) {
      const path = paths[i];
      if (path[level] != field) continue;
      if (path.length == level + 1) return true;
      below.push(path);
    }
    return false;
  }

  /** The field from `start`, whose content is a message, with the fields of it that are kept. */
  private nested(target: Uint8Array, to: i32, start: i32, content: i32, paths: Array<Array<i32>>, level: i32): i32 {
    const end = this.at;
    this.at = content;
    const size = <i32>this.varint();
    const kept = new Uint8Array(size);
    const length = new Filter(this.bytes, this.at, this.at + size, this.keepsCovered).into(kept, 0, paths, level);
    this.at = end;
    for (let i = start; i < content; i++) target[to++] = this.bytes[i];
    let rest = <u32>length;
    for (; rest > 0x7f; rest >>= 7) target[to++] = <u8>(rest | 0x80);
    target[to++] = <u8>rest;
    memory.copy(target.dataStart + to, kept.dataStart, length);
    return to + length;
  }

  private varint(): u32 {
    let value: u64 = 0;
    let shift: u64 = 0;
    while (this.bytes[this.at] > 0x7f) {
      value |= (<u64>(this.bytes[this.at++] & 0x7f)) << shift;
      shift += 7;
    }
    return <u32>(value | ((<u64>this.bytes[this.at++]) << shift));
  }

  private skip(tag: u32): void {
    const type = tag & 7;
    if (type == VARINT) this.varint();
    else if (type == FIXED64) this.at += 8;
    else if (type == BYTES) {
      // Not with +=, which looks where it is before the length is read.
      const size = <i32>this.varint();
      this.at += size;
    } else if (type == START_GROUP) {
      for (let inner = this.varint(); (inner & 7) != END_GROUP; inner = this.varint()) this.skip(inner);
    } else this.at += 4;
  }
}
