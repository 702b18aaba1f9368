/// <reference path="../compiler.d.ts" />
/*
 * Objects of up to `SMALL_MAX` bytes. They lie in blocks of 64 lines. The collector says which lines have something that lives,
 * and new objects are put one behind the other into what lies between: to allocate is to add to a pointer, and to free a
 * line, with all that was in it, costs nothing.
 *
 * After Blackburn and McKinley, Immix: a mark-region garbage collector, PLDI 2008. Unlike theirs, nothing is ever moved: the
 * compiler keeps addresses in locals.
 */
import { ALIGNMENT, HEADER, initialize, resize, sizeOf } from "./header";

/** Bytes of a block, which is aligned to as many: the address of an object leads to its block. */
// @ts-ignore: decorator
@inline const BLOCK_SIZE: usize = 8192;

/** Bytes of a line. A block has as many as a u64 has bits. */
// @ts-ignore: decorator
@inline const LINE_SIZE: usize = 128;

/** Where line 0 begins in a block: so that the content of the first object of a line is aligned. */
// @ts-ignore: decorator
@inline const FIRST_LINE: usize = ALIGNMENT - HEADER;

/** Larger objects are not put into blocks, of which each has room for four of these. */
// @ts-ignore: decorator
@inline export const SMALL_MAX: usize = 2020;

/** How many blocks there are before the first collection. */
// @ts-ignore: decorator
@inline const FIRST_BLOCKS: u32 = 2;

/** How many blocks are asked for at a time, at most. */
// @ts-ignore: decorator
@inline const CHUNK_BLOCKS: u32 = 32;

/** The start of a block. What is left of line 0 is for objects. */
@unmanaged
class Block {
  /** Lines that objects live in, found by the last collection: bit 0 is line 0. */
  lines!: u64;
  /** Number of the collection since which it has been filled with new objects. */
  filled!: u32;
}

/** Bytes of a block before its first object. */
// @ts-ignore: decorator
@inline const BLOCK_HEADER: usize = FIRST_LINE + ALIGNMENT;

/** Blocks that were asked for together. */
@unmanaged
class Chunk {
  next!: Chunk | null;
  /** Address of the first block. The others follow. */
  first!: usize;
  count!: u32;

  get end(): usize {
    return this.first + <usize>this.count * BLOCK_SIZE;
  }
}

let firstChunk: Chunk | null = null;
let lastChunk: Chunk | null = null;
/** Blocks in all chunks. */
let blockCount: u32 = 0;
/** So many blocks there may be before the next collection. */
let blockLimit: u32 = FIRST_BLOCKS;
/** Number of collections. */
let collections: u32 = 0;

/** The part of a block that new objects are put into. It is zeroed. */
let top: usize = 0;
let limit: usize = 0;

/** The chunk, block and lines that are looked at for the next one. */
let chunk: Chunk | null = null;
let block: usize = 0;
let freeLines: u64 = 0;

/** As `top` and `limit`, for objects of several lines, which few gaps have room for: these go into empty blocks. */
let widerTop: usize = 0;
let widerLimit: usize = 0;

/** The chunk and block that are looked at for the next empty block. */
let widerChunk: Chunk | null = null;
let widerBlock: usize = 0;

/** A new object, its content zeroed, or 0 if there is no room for it where the last one was put. */
// @ts-ignore: decorator
@inline export function newBehind(size: usize, id: u32): usize {
  const start = top;
  const end = start + cellSize(size);
  if (end > limit) return 0;
  top = end;
  return initialize(start + HEADER, id, size);
}

/** A new object where there is room, or 0 if all blocks are full. */
export function newElsewhere(size: usize, id: u32): usize {
  const cell = cellSize(size);
  let start: usize;
  if (cell <= LINE_SIZE) {
    if (!nextGap(cell)) return 0;
    start = top;
    top = start + cell;
  } else {
    if (cell > widerLimit - widerTop && !nextEmptyBlock()) return 0;
    start = widerTop;
    widerTop = start + cell;
  }
  return initialize(start + HEADER, id, size);
}

/** Whether a small object can have `size` bytes where it is. What it gains is zeroed. */
export function resizeSmall(object: usize, size: usize): bool {
  const start = object - HEADER;
  const oldEnd = start + cellSize(sizeOf(object));
  const end = start + cellSize(size);
  if (end > oldEnd) {
    // The object that was made last can grow into what is behind it.
    if (oldEnd == top && end <= limit) top = end;
    else if (oldEnd == widerTop && end <= widerLimit) widerTop = end;
    else return false;
  }
  resize(object, size);
  return true;
}

/** Whether there may be more blocks before the next collection. */
export function mayAddBlocks(): bool {
  return blockCount < blockLimit;
}

/** Adds empty blocks. */
export function addBlocks(): void {
  const count = min(max(FIRST_BLOCKS, blockCount >> 1), CHUNK_BLOCKS);
  // Room to align the first block is half of the smallest chunk, and little of the others.
  const added = changetype<Chunk>(__alloc(offsetof<Chunk>() + <usize>(count + 1) * BLOCK_SIZE));
  added.next = null;
  added.first = (changetype<usize>(added) + offsetof<Chunk>() + BLOCK_SIZE - 1) & ~(BLOCK_SIZE - 1);
  added.count = count;
  for (let at = added.first, end = added.end; at < end; at += BLOCK_SIZE) {
    changetype<Block>(at).lines = 0;
    changetype<Block>(at).filled = collections - 1;
  }
  const last = lastChunk;
  if (last === null) firstChunk = added;
  else last.next = added;
  lastChunk = added;
  if (chunk === null) chunk = added;
  if (widerChunk === null) widerChunk = added;
  blockCount += count;
}

/** Allows half as many blocks again: a collection has found no room in those that there may be. */
export function allowMoreBlocks(): void {
  blockLimit = blockCount + (blockCount >> 1);
}

/** Forgets which lines objects live in. */
export function beginMarking(): void {
  let next = firstChunk;
  while (next !== null) {
    const it: Chunk = next;
    for (let at = it.first, end = it.end; at < end; at += BLOCK_SIZE) changetype<Block>(at).lines = 0;
    next = it.next;
  }
}

/** Keeps the lines that the object lies in. */
// @ts-ignore: decorator
@inline export function markLines(object: usize): void {
  const block = object & ~(BLOCK_SIZE - 1);
  const start = object - HEADER - FIRST_LINE - block;
  const first = start / LINE_SIZE;
  const last = (start + cellSize(sizeOf(object)) - 1) / LINE_SIZE;
  const lines = (u64.MAX_VALUE >> <u64>(63 - (last - first))) << <u64>first;
  changetype<Block>(block).lines |= lines;
}

/**
 * Makes all lines free that were not kept. Gives chunks back in which nothing lives, as long as there are more blocks than were
 * needed before.
 *
 * @param liveElsewhere bytes of objects that live and are not in blocks
 * @returns bytes of the lines that were kept
 */
export function endMarking(liveElsewhere: usize): usize {
  let live: usize = 0;
  let kept: Chunk | null = null;
  let next = firstChunk;
  firstChunk = null;
  while (next !== null) {
    const it: Chunk = next;
    next = it.next;
    let lines: usize = 0;
    for (let at = it.first, end = it.end; at < end; at += BLOCK_SIZE) {
      lines += <usize>popcnt(changetype<Block>(at).lines);
    }
    if (lines == 0 && blockCount - it.count >= blockLimit) {
      blockCount -= it.count;
      __free(changetype<usize>(it));
      continue;
    }
    live += lines * LINE_SIZE;
    it.next = null;
    if (kept === null) firstChunk = it;
    else kept.next = it;
    kept = it;
  }
  lastChunk = kept;
  // As much again as the next collection will have to look at.
  const needed = ((live << 1) + liveElsewhere) / BLOCK_SIZE;
  blockLimit = max(FIRST_BLOCKS, <u32>needed);
  collections++;
  chunk = widerChunk = firstChunk;
  block = widerBlock = 0;
  freeLines = 0;
  top = limit = widerTop = widerLimit = 0;
  return live;
}

/** Bytes that an object takes, with its header. */
// @ts-ignore: decorator
@inline function cellSize(size: usize): usize {
  return (size + (HEADER + ALIGNMENT - 1)) & ~(ALIGNMENT - 1);
}

/** Moves `top` and `limit` to the next free lines with room for `cell` bytes. False if there are none. */
function nextGap(cell: usize): bool {
  do {
    while (freeLines != 0) {
      const first = ctz(freeLines);
      // Clears the lowest bit and those next to it.
      const after = freeLines + (<u64>1 << first);
      const last = after == 0 ? 64 : ctz(after);
      freeLines &= after;
      const start = first == 0 ? block + BLOCK_HEADER : lineStart(first);
      const end = last == 64 ? block + BLOCK_SIZE : lineStart(last);
      if (end - start < cell) continue;
      memory.fill(start, 0, end - start);
      top = start;
      limit = end;
      return true;
    }
  } while (nextBlock());
  return false;
}

/** Address of a line of the current block. */
// @ts-ignore: decorator
@inline function lineStart(line: u64): usize {
  return block + FIRST_LINE + <usize>line * LINE_SIZE;
}

/** Moves to the lines of the next block that has not been filled since the last collection. False if there is none. */
function nextBlock(): bool {
  let current = chunk;
  while (current !== null) {
    block = block == 0 ? current.first : block + BLOCK_SIZE;
    if (block == current.end) {
      chunk = current = current.next;
      block = 0;
    } else if (changetype<Block>(block).filled != collections) {
      changetype<Block>(block).filled = collections;
      freeLines = ~changetype<Block>(block).lines;
      return true;
    }
  }
  return false;
}

/** Moves `widerTop` and `widerLimit` to the next empty block. False if there is none. */
function nextEmptyBlock(): bool {
  let current = widerChunk;
  while (current !== null) {
    const at = widerBlock == 0 ? current.first : widerBlock + BLOCK_SIZE;
    widerBlock = at;
    if (at == current.end) {
      widerChunk = current = current.next;
      widerBlock = 0;
    } else if (changetype<Block>(at).filled != collections && changetype<Block>(at).lines == 0) {
      changetype<Block>(at).filled = collections;
      widerTop = at + BLOCK_HEADER;
      widerLimit = at + BLOCK_SIZE;
      memory.fill(widerTop, 0, widerLimit - widerTop);
      return true;
    }
  }
  return false;
}
