// A plugin of greeter.proto without any SDK: docs/abi.md is all that is needed to write one.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define ERROR ((uint64_t)1 << 31)

// The import env.find_title.
__attribute__((import_module("env"), import_name("find_title"))) uint64_t find_title(const char *request, uint32_t size);

typedef struct {
  const char *bytes;
  uint32_t size;
} text;

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
  if (size == 0) return flag;
  return (uint64_t)(uintptr_t)bytes << 32 | flag | size;
}

static uint64_t fail(const char *message) { return answer(strdup(message), (uint32_t)strlen(message), ERROR); }

// Reads a varint. The place is past the end if there is none.
static uint64_t read_varint(const uint8_t **at, const uint8_t *end) {
  uint64_t value = 0;
  for (int shift = 0; shift < 70 && *at < end; shift += 7) {
    uint8_t byte = *(*at)++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  *at = end + 1;
  return 0;
}

// All messages of the contract have one string with the number 1. Other fields are skipped: a newer host may know them.
static bool read_text(const void *message, uint32_t size, text *found) {
  const uint8_t *at = message, *end = at + size;
  *found = (text){"", 0};
  while (at < end) {
    uint64_t tag = read_varint(&at, end), length;
    switch (at > end ? 8 : tag & 7) {
      case 0:
        read_varint(&at, end);
        length = 0;
        break;
      case 1:
        length = 8;
        break;
      case 2:
        length = read_varint(&at, end);
        break;
      case 5:
        length = 4;
        break;
      default:
        return false;
    }
    if (at > end || length > (uint64_t)(end - at)) return false;
    if (tag == 0x0a) *found = (text){(const char *)at, (uint32_t)length};
    at += length;
  }
  return true;
}

static uint32_t write_header(char *to, uint32_t length) {
  uint32_t size = 0;
  to[size++] = 0x0a;
  for (; length >= 0x80; length >>= 7) to[size++] = (char)(length | 0x80);
  to[size++] = (char)length;
  return size;
}

EXPORT("greeter_say_hello") uint64_t say_hello(const char *request, uint32_t size) {
  text name, title = {"", 0};
  if (!read_text(request, size, &name)) return fail("malformed GreetRequest");
  if (name.size == 0) return fail("a name is needed");
  printf("greeting %.*s\n", name.size > 20 ? 20 : (int)name.size, name.bytes);
  fflush(stdout);

  // A TitleRequest with the same text has the same bytes.
  uint64_t answered = find_title(request, size);
  char *titled = (char *)(uintptr_t)(answered >> 32);
  if (!read_text(titled, (uint32_t)answered, &title)) return fail("malformed TitleReply");

  char *message = malloc(6 + 8 + title.size + name.size);
  uint32_t length = 7 + title.size + (title.size > 0) + name.size;
  uint32_t at = write_header(message, length);
  memcpy(message + at, "Hello, ", 7);
  at += 7;
  memcpy(message + at, title.bytes, title.size);
  at += title.size;
  if (title.size > 0) message[at++] = ' ';
  memcpy(message + at, name.bytes, name.size);
  // The host got this memory from our malloc and leaves it to us.
  free(titled);
  return answer(message, at + name.size, 0);
}
