/*
 * What the compiler expects in front of an object: its class at -8 and its size at -4. It emits strings and other literals with
 * the rest of the header of its own runtime in front, zeroed, so that a mark at -12 is there for them too.
 */

/** Bytes from the start of an object to its content. */
// @ts-ignore: decorator
@inline export const HEADER: usize = 12;

/** What content is aligned to: a v128 may be in it. */
// @ts-ignore: decorator
@inline export const ALIGNMENT: usize = 16;

// @ts-ignore: decorator
@inline export function mark(object: usize): u32 {
  return load<u32>(object - 12);
}

// @ts-ignore: decorator
@inline export function setMark(object: usize, mark: u32): void {
  store<u32>(object - 12, mark);
}

/** Id of the class. */
// @ts-ignore: decorator
@inline export function classOf(object: usize): u32 {
  return load<u32>(object - 8);
}

/** Number of bytes of the content. */
// @ts-ignore: decorator
@inline export function sizeOf(object: usize): usize {
  return load<u32>(object - 4);
}

/** Changes the size of an object that has the room for it. What it gains is zeroed. */
export function resize(object: usize, size: usize): void {
  const oldSize = sizeOf(object);
  if (size > oldSize) memory.fill(object + oldSize, 0, size - oldSize);
  store<u32>(object - 4, <u32>size);
}

/** Writes the header of a new object to memory that is zeroed, so that it has no mark. Returns the object. */
// @ts-ignore: decorator
@inline export function initialize(object: usize, id: u32, size: usize): usize {
  store<u32>(object - 8, id);
  store<u32>(object - 4, <u32>size);
  return object;
}
