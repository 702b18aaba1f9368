/// <reference path="../compiler.d.ts" />
/* Objects of more than `SMALL_MAX` bytes: each is a block of the allocator, in a list. */
import { initialize, mark, resize, sizeOf } from "./header";

/** Bytes before the content: the next object in the list, and the header. */
// @ts-ignore: decorator
@inline const PREFIX: usize = 16;

let newest: usize = 0;

export function newLarge(size: usize, id: u32): usize {
  // The allocator refuses what is too large, unless the sum begins again at 0.
  const start = __alloc(max(size, PREFIX + size));
  memory.fill(start, 0, PREFIX + size);
  store<usize>(start, newest);
  newest = start + PREFIX;
  return initialize(newest, id, size);
}

/** Whether a large object can have `size` bytes where it is. What it gains is zeroed. */
export function resizeLarge(object: usize, size: usize): bool {
  // The allocator keeps the size of its block in front of it, and two flags in the lowest bits.
  const capacity = (load<usize>(object - PREFIX - 4) & ~3) - PREFIX;
  if (size > capacity) return false;
  resize(object, size);
  return true;
}

/** Frees all that don't have the mark of what lives. Returns the bytes of those that do. */
export function freeLarge(living: u32): usize {
  let live: usize = 0;
  let newer: usize = 0;
  let object = newest;
  while (object != 0) {
    const older = load<usize>(object - PREFIX);
    if (mark(object) == living) {
      live += sizeOf(object);
      newer = object;
    } else {
      if (newer == 0) newest = older;
      else store<usize>(newer - PREFIX, older);
      __free(object - PREFIX);
    }
    object = older;
  }
  return live;
}
