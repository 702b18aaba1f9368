/* Blocks that hosts ask for: `malloc` of docs/abi.md. And where calls begin. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

/* Where a call begins. */
typedef struct {
  uint32_t stack_pointer;
  JSStackFrame *frame;
} Place;

typedef struct {
  uint32_t magic;
  /* The address of the block, so that a copy of these bytes elsewhere is not taken for one. */
  uint32_t self;
  uint32_t size;
  /* Whether it is the request of a call that waits for the host, and where that call began. */
  uint32_t waits;
  Place begin;
  uint32_t unused[2]; /* blocks are aligned to 16 bytes */
} Block;

#define BLOCK_MAGIC 0x77706c67u /* "wplg" */

EXPORT(malloc) void *plugin_malloc(uint32_t size) {
  if (size > UINT32_MAX - sizeof(Block)) __builtin_trap();
  Block *block = malloc(sizeof(Block) + size);
  if (block == NULL) __builtin_trap();
  block->magic = BLOCK_MAGIC;
  block->self = (uint32_t)(uintptr_t)(block + 1) ^ BLOCK_MAGIC;
  block->size = size;
  block->waits = 0;
  return block + 1;
}

/* The block of these bytes; NULL if `malloc` did not return them, or they are free already. */
static Block *block_of(const void *address) {
  uint32_t at = (uint32_t)(uintptr_t)address;
  if (at < sizeof(Block) || (at & 15) != 0) return NULL;
  if (at > (uint64_t)__builtin_wasm_memory_size(0) * 65536) return NULL;
  Block *block = (Block *)address - 1;
  return block->magic == BLOCK_MAGIC && block->self == (at ^ BLOCK_MAGIC) ? block : NULL;
}

static uint32_t get_stack_pointer(void) {
  uint32_t pointer;
  __asm__("global.get __stack_pointer\nlocal.set %0" : "=r"(pointer));
  return pointer;
}

static void set_stack_pointer(uint32_t pointer) {
  __asm__ volatile("local.get %0\nglobal.set __stack_pointer" : : "r"(pointer));
}
