/*
 * The memory that the host asks for. Blocks are no objects of the garbage collector, so nothing needs to be pinned.
 * A list of all of them makes freeing exact: hosts free pointers that are not theirs to free, and free twice.
 */

/** Bytes before each block: the address of the next older one. 16 keeps blocks aligned. */
const HEADER: usize = 16;
/** Bytes of the largest block: the allocator's own limit is 1 GiB. */
const MAX_SIZE: usize = (1 << 30) - 1024;

let newest: usize = 0;

export function allocateBlock(size: usize): usize {
  if (size > MAX_SIZE) throw new RangeError("malloc of more than 1 GiB");
  const block = heap.alloc(HEADER + size);
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
      heap.free(block);
      return;
    }
    newer = block;
  }
}
