/*
 * The memory of JavaScript. While a plugin is built, blocks that are freed are filled with zeros: the memory that is left is part of
 * the plugin's module, and zeros take no bytes there.
 */
#include <malloc.h>

static void *clean_calloc(void *opaque, size_t count, size_t size) {
  return calloc(count, size);
}

static void *clean_malloc(void *opaque, size_t size) {
  return malloc(size);
}

static void clean_free(void *opaque, void *address) {
  if (address == NULL) return;
  if (engine.building) memset(address, 0, malloc_usable_size(address));
  free(address);
}

static void *clean_realloc(void *opaque, void *address, size_t size) {
  if (!engine.building || address == NULL) return realloc(address, size);
  size_t room = malloc_usable_size(address);
  void *moved = malloc(size);
  if (moved == NULL) return NULL;
  memcpy(moved, address, room < size ? room : size);
  clean_free(opaque, address);
  return moved;
}

static size_t clean_usable_size(const void *address) {
  return malloc_usable_size((void *)address);
}

static const JSMallocFunctions CLEAN_MEMORY = {
  clean_calloc, clean_malloc, clean_free, clean_realloc, clean_usable_size,
};
