/// <reference path="../compiler.d.ts" />
/*
 * Finds what lives. An object's mark is the number of the last collection that found it, always odd. While the collector has
 * found an object but not yet looked at its members, its mark is the address of another such object: so no memory is needed for
 * them, however deep they are nested.
 */
import { TypeinfoFlags } from "shared/typeinfo";

import { classOf, mark, setMark, sizeOf } from "./header";
import { SMALL_MAX, markLines } from "./small-objects";

/** Ends the list of objects whose members are to be looked at. Even, as addresses are, and 0 is no mark. */
// @ts-ignore: decorator
@inline const END: usize = 2;

/** The mark of what the current collection has found, and the last one had found when none runs. */
let living: u32 = 1;

/** The first object whose members are to be looked at. */
let found: usize = END;

/** Marks all that can be reached from globals, from the shadow stack and from what is pinned. Returns their mark. */
export function markAll(pinned: usize, pinnedEnd: usize): u32 {
  living += 2;
  __visit_globals(0);
  // Everything that code which is running has in locals: the compiler puts it there.
  for (let at = __stack_pointer; at < __heap_base; at += sizeof<usize>()) __visit(load<usize>(at), 0);
  for (let at = pinned; at < pinnedEnd; at += sizeof<usize>()) __visit(load<usize>(at), 0);
  while (found != END) {
    const object = found;
    found = mark(object);
    setMark(object, living);
    __visit_members(object, 0);
  }
  return living;
}

/** Called by what the compiler makes of a class, for each of its members. */
// @ts-ignore: decorator
@global @unsafe
export function __visit(object: usize, cookie: u32): void {
  if (object == 0) return;
  const before = mark(object);
  // Found already: it has the mark, or an address for one.
  if (before == living || (before != 0 && (before & 1) == 0)) return;
  if (object >= __heap_base && sizeOf(object) <= SMALL_MAX) markLines(object);
  if (hasMembers(classOf(object))) {
    setMark(object, <u32>found);
    found = object;
  } else {
    setMark(object, living);
  }
}

// @ts-ignore: decorator
@inline function hasMembers(id: u32): bool {
  // The first three classes are Object, ArrayBuffer and String.
  return id > idof<string>() && (__typeinfo(id) & TypeinfoFlags.POINTERFREE) == 0;
}
