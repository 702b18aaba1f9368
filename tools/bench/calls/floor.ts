// The least that a call with memory of the plugin's own can do: two blocks and a copy.

export function malloc(size: u32): usize {
  return heap.alloc(size);
}

export function free(pointer: usize): void {
  heap.free(pointer);
}

export function echo(pointer: usize, size: u32): u64 {
  const answer = heap.alloc(size);
  memory.copy(answer, pointer, size);
  return ((<u64>answer) << 32) | size;
}
