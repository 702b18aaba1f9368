/*
 * The memory that the host asks for. Blocks are no objects of the garbage collector, so nothing needs to be pinned.
 * A list of all of them makes freeing exact: hosts free pointers that are not theirs to free, and free twice.
 */

/** Bytes before each block: the address of the next older one, and for how many bytes it has room. 16 keeps blocks aligned. */
const HEADER: usize = 16;
/** A free block of up to this many bytes is kept for the next call, which saves it most of the time of malloc() and free(). */
const SPARE_MAX: usize = 1 << 16;

let newest: usize = 0;

let spare: usize = 0;
let spareSize: usize = 0;

export function allocateBlock(size: usize): usize {
  let block = spare;
  if (block != 0 && size <= spareSize) {
    spare = 0;
    spareSize = 0;
  } else {
    // The allocator refuses what is too large, unless the sum begins again at 0.
    block = heap.alloc(max(size, HEADER + size));
    store<usize>(block, size, sizeof<usize>());
  }
  store<usize>(block, newest);
  newest = block;
  return block + HEADER;
}

/** Frees a block. Does nothing if there is none at `address`, or none any more. */
export function freeBlock(address: usize): void {
  // A host holds a block or two at a time and frees the newest, so the list is short.
  let newer: usize = 0;
  for (let block = newest; block != 0; block = load<usize>(block)) {
    if (block + HEADER == address) {
      const older = load<usize>(block);
      if (newer == 0) newest = older;
      else store<usize>(newer, older);
      release(block);
      return;
    }
    newer = block;
  }
}

function release(block: usize): void {
  const size = load<usize>(block, sizeof<usize>());
  if (size <= spareSize || size > SPARE_MAX) {
    heap.free(block);
    return;
  }
  if (spare != 0) heap.free(spare);
  spare = block;
  spareSize = size;
}
