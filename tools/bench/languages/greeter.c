// The greeter of the other languages, without any SDK: docs/abi.md is all that is needed to write one.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define ERROR ((uint64_t)1 << 31)

// The answer of the last call: it stays where it is until the next one.
static char *reply;

EXPORT("malloc") void *abi_malloc(uint32_t size) { return malloc(size); }

// Hosts free what the plugin answered, and its requests. The answer is ours.
EXPORT("free") void abi_free(void *pointer) {
  if (pointer != reply) free(pointer);
}

EXPORT("greeter_api_version") uint64_t api_version(void) { return 1; }

static uint64_t answer(char *bytes, uint32_t size, uint64_t flag) {
  free(reply);
  reply = bytes;
  return (uint64_t)(uintptr_t)bytes << 32 | flag | size;
}

static bool read_varint(const uint8_t **at, const uint8_t *end, uint32_t *value) {
  *value = 0;
  for (int shift = 0; shift < 32 && *at < end; shift += 7) {
    uint8_t byte = *(*at)++;
    *value |= (uint32_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

static uint32_t write_header(char *to, uint32_t length) {
  uint32_t size = 0;
  to[size++] = 0x0a;
  for (; length >= 0x80; length >>= 7) to[size++] = (char)(length | 0x80);
  to[size++] = (char)length;
  return size;
}

// Both messages have one string with the number 1.
EXPORT("greeter_say_hello") uint64_t say_hello(const uint8_t *request, uint32_t size) {
  static const char hello[] = "Hello, ";
  const uint32_t hello_size = sizeof(hello) - 1;
  const uint8_t *at = request, *end = request + size;
  uint32_t name_size = 0;
  if (at < end && (*at++ != 0x0a || !read_varint(&at, end, &name_size) || name_size != end - at)) {
    static const char malformed[] = "malformed GreetRequest";
    return answer(strdup(malformed), sizeof(malformed) - 1, ERROR);
  }
  char *message = malloc(6 + hello_size + name_size);
  uint32_t length = write_header(message, hello_size + name_size);
  memcpy(message + length, hello, hello_size);
  memcpy(message + length + hello_size, at, name_size);
  return answer(message, length + hello_size + name_size, 0);
}
