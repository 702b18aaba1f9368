/// <reference path="../compiler.d.ts" />
/* Objects that are kept because something outside of the module knows them. */
import { E_ALREADY_PINNED, E_NOT_PINNED } from "util/error";

let pins: usize = 0;
let end: usize = 0;
let capacity: usize = 0;

/** Address of the first one. They follow each other. */
export function pinsStart(): usize {
  return pins;
}

export function pinsEnd(): usize {
  return end;
}

// @ts-ignore: decorator
@global @unsafe
export function __pin(object: usize): usize {
  if (object == 0) return 0;
  if (find(object) != end) throw new Error(E_ALREADY_PINNED);
  if (end - pins == capacity) {
    const size = capacity;
    capacity = max<usize>(size << 1, 64);
    pins = pins == 0 ? __alloc(capacity) : __realloc(pins, capacity);
    end = pins + size;
  }
  store<usize>(end, object);
  end += sizeof<usize>();
  return object;
}

// @ts-ignore: decorator
@global @unsafe
export function __unpin(object: usize): void {
  if (object == 0) return;
  const at = find(object);
  if (at == end) throw new Error(E_NOT_PINNED);
  end -= sizeof<usize>();
  store<usize>(at, load<usize>(end));
}

function find(object: usize): usize {
  let at = pins;
  while (at < end && load<usize>(at) != object) at += sizeof<usize>();
  return at;
}
