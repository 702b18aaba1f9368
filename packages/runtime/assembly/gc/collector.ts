/// <reference path="../compiler.d.ts" />
/*
 * What the compiler calls for objects: https://www.assemblyscript.org/runtime.html
 *
 * A plugin makes a few objects for each call and keeps hardly any of them. asc's own collector asks the allocator for each
 * object, links it into lists, and visits it once more when it is dead; that is more than half of the time that it takes to
 * decode a message. Here a dead object costs nothing. What lives is looked at in one go, so a plugin that keeps many objects
 * waits longer at a time than with asc's, which collects in small steps.
 */
import { classOf, sizeOf } from "./header";
import { freeLarge, newLarge, resizeLarge } from "./large-objects";
import { markAll } from "./marking";
import { pinsEnd, pinsStart } from "./pins";
import {
  SMALL_MAX,
  addBlocks,
  allowMoreBlocks,
  beginMarking,
  endMarking,
  mayAddBlocks,
  newBehind,
  newElsewhere,
  resizeSmall,
} from "./small-objects";

/** Bytes of large objects that are made before a collection, at least. */
// @ts-ignore: decorator
@inline const FIRST_LARGE: usize = 1 << 17;

/** Bytes of the large objects made since the last collection, and how many there may be before the next. */
let largeMade: usize = 0;
let largeLimit: usize = FIRST_LARGE;

/** A new object of class `id`, whose content is `size` bytes, all zero. */
// @ts-ignore: decorator
@global @unsafe
export function __new(size: usize, id: u32): usize {
  // For tests: what is not on the shadow stack while it should be does not live until it is used.
  if (isDefined(WPLUG_GC_STRESS)) __collect();
  if (size <= SMALL_MAX) {
    const object = newBehind(size, id);
    if (object != 0) return object;
  }
  return makeRoom(size, id);
}

/** The object with another size: the same, or a copy. */
// @ts-ignore: decorator
@global @unsafe
export function __renew(object: usize, size: usize): usize {
  const oldSize = sizeOf(object);
  // Literals have nothing behind them that could be used.
  if (object >= __heap_base && oldSize <= SMALL_MAX == size <= SMALL_MAX) {
    if (size <= SMALL_MAX ? resizeSmall(object, size) : resizeLarge(object, size)) return object;
  }
  const copy = __new(size, classOf(object));
  memory.copy(copy, object, min(size, oldSize));
  return copy;
}

/** Nothing to do for a collector that looks at everything each time. */
// @ts-ignore: decorator
@global @unsafe @inline
export function __link(parent: usize, child: usize, expectMultiple: bool): void {}

/** Frees everything that can't be reached. */
// @ts-ignore: decorator
@global @unsafe
export function __collect(): void {
  if (isDefined(__finalize)) ERROR("wplug's garbage collector never looks at a dead object, so it has no __finalize");
  beginMarking();
  const living = markAll(pinsStart(), pinsEnd());
  const liveLarge = freeLarge(living);
  largeMade = 0;
  largeLimit = max(endMarking(liveLarge) + liveLarge, FIRST_LARGE);
}

function makeRoom(size: usize, id: u32): usize {
  if (size > SMALL_MAX) {
    if (largeMade + size > largeLimit) __collect();
    largeMade += size;
    return newLarge(size, id);
  }
  let object = newElsewhere(size, id);
  if (object == 0 && !mayAddBlocks()) {
    __collect();
    object = newElsewhere(size, id);
    if (object == 0) allowMoreBlocks();
  }
  if (object != 0) return object;
  addBlocks();
  return newElsewhere(size, id);
}
