/* Blocks that hosts ask for and free: `malloc` and `free` of docs/abi.md. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

typedef struct {
  uint32_t magic;
  /* The address of the block, so that a copy of these bytes elsewhere is not taken for one. */
  uint32_t self;
  uint32_t size;
  uint32_t unused; /* blocks are aligned to 16 bytes */
} Block;

#define BLOCK_MAGIC 0x77706c67u /* "wplg" */

EXPORT(malloc) void *plugin_malloc(uint32_t size) {
  if (size > UINT32_MAX - sizeof(Block)) __builtin_trap();
  Block *block = malloc(sizeof(Block) + size);
  if (block == NULL) __builtin_trap();
  block->magic = BLOCK_MAGIC;
  block->self = (uint32_t)(uintptr_t)(block + 1) ^ BLOCK_MAGIC;
  block->size = size;
  return block + 1;
}

/* Ignores what `malloc` did not return, or what is free already: hosts free results, which are no blocks. */
EXPORT(free) void plugin_free(void *address) {
  uint32_t at = (uint32_t)(uintptr_t)address;
  if (at < sizeof(Block) || (at & 15) != 0) return;
  if (at > (uint64_t)__builtin_wasm_memory_size(0) * 65536) return;
  Block *block = (Block *)address - 1;
  if (block->magic != BLOCK_MAGIC || block->self != (at ^ BLOCK_MAGIC)) return;
  block->magic = 0;
  free(block);
}
