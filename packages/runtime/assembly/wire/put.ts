/*
 * Writes values in the protobuf wire format to memory that is known to be large enough. Each function returns the address
 * after what it wrote. Objects are given by their addresses, see layout.ts.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
import { bytesSize, bytesStart, listLength, listStart, stringUnits } from "./layout";
import { UnknownFields } from "./unknown-fields";
import { putUtf8, utf8Length } from "./utf8";

/** `tag` is a constant: what is left of this is one store, or two. */
// @ts-ignore: decorator
@inline
export function putTag(at: usize, tag: u32): usize {
  if (tag < 0x80) {
    store<u8>(at, tag);
    return at + 1;
  }
  if (tag < 0x4000) {
    store<u16>(at, (tag & 0x7f) | 0x80 | ((tag >> 7) << 8));
    return at + 2;
  }
  return putUint32(at, tag);
}

export function putUint32(at: usize, value: u32): usize {
  while (value >= 0x80) {
    store<u8>(at++, value | 0x80);
    value >>= 7;
  }
  store<u8>(at, value);
  return at + 1;
}

export function putUint64(at: usize, value: u64): usize {
  while (value >= 0x80) {
    store<u8>(at++, value | 0x80);
    value >>= 7;
  }
  store<u8>(at, value);
  return at + 1;
}

/** Sign-extended: a negative int32 takes ten bytes, as an int64 of the same value does. */
export function putInt32(at: usize, value: i32): usize {
  return value < 0 ? putUint64(at, <u64>(<i64>value)) : putUint32(at, value);
}

// @ts-ignore: decorator
@inline
export function putInt64(at: usize, value: i64): usize {
  return putUint64(at, value);
}

// @ts-ignore: decorator
@inline
export function putSint32(at: usize, value: i32): usize {
  return putUint32(at, (value << 1) ^ (value >> 31));
}

// @ts-ignore: decorator
@inline
export function putSint64(at: usize, value: i64): usize {
  return putUint64(at, (value << 1) ^ (value >> 63));
}

// @ts-ignore: decorator
@inline
export function putFixed32(at: usize, value: u32): usize {
  store<u32>(at, value);
  return at + 4;
}

// @ts-ignore: decorator
@inline
export function putSfixed32(at: usize, value: i32): usize {
  store<i32>(at, value);
  return at + 4;
}

// @ts-ignore: decorator
@inline
export function putFixed64(at: usize, value: u64): usize {
  store<u64>(at, value);
  return at + 8;
}

// @ts-ignore: decorator
@inline
export function putSfixed64(at: usize, value: i64): usize {
  store<i64>(at, value);
  return at + 8;
}

// @ts-ignore: decorator
@inline
export function putFloat(at: usize, value: f32): usize {
  store<f32>(at, value);
  return at + 4;
}

// @ts-ignore: decorator
@inline
export function putDouble(at: usize, value: f64): usize {
  store<f64>(at, value);
  return at + 8;
}

// @ts-ignore: decorator
@inline
export function putBool(at: usize, value: bool): usize {
  store<u8>(at, <u8>value);
  return at + 1;
}

export function putString(at: usize, text: usize): usize {
  const units = stringUnits(text);
  if (units * 3 < 0x80) {
    const end = putUtf8(at + 1, text, units);
    store<u8>(at, end - at - 1);
    return end;
  }
  return putUtf8(putUint32(at, <u32>utf8Length(text, units)), text, units);
}

export function putBytes(at: usize, bytes: usize): usize {
  const size = bytesSize(bytes);
  at = putUint32(at, size);
  memory.copy(at, bytesStart(bytes), size);
  return at + size;
}

/** A packed list of numbers that have the same bytes in memory and on the wire. */
export function putPackedFixed<T>(at: usize, list: usize): usize {
  const size: usize = (<usize>listLength(list)) << alignof<T>();
  at = putUint32(at, <u32>size);
  memory.copy(at, listStart(list), size);
  return at + size;
}

/**
 * Puts the length of a block in front of it.
 *
 * @param at where the length goes: one byte was left free for it
 * @param end after the last byte of the block
 */
export function putLength(at: usize, end: usize): usize {
  const size = end - at - 1;
  if (size < 0x80) {
    store<u8>(at, size);
    return end;
  }
  let more: usize = 0;
  for (let rest = size >> 7; rest > 0; rest >>= 7) more++;
  memory.copy(at + 1 + more, at + 1, size);
  putUint32(at, <u32>size);
  return end + more;
}

/** Fields that were unknown when the message was read; `fields` may be null. */
// @ts-ignore: decorator
@inline
export function putUnknown(at: usize, fields: usize): usize {
  return fields == 0 ? at : putAll(at, fields);
}

function putAll(at: usize, fields: usize): usize {
  const size = load<usize>(fields, offsetof<UnknownFields>("size"));
  memory.copy(at, load<usize>(fields, offsetof<UnknownFields>("bytes")), size);
  return at + size;
}
