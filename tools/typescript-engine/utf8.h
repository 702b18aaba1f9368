/* UTF-8 as Protocol Buffers wants it. */
#include <stddef.h>
#include <stdint.h>

/* Whether these bytes are UTF-8: the ranges of https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/#G7404 */
static int is_utf8(const uint8_t *at, size_t size) {
  const uint8_t *end = at + size;
  while (at < end) {
    uint8_t lead = *at++;
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    int more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (end - at < more) return 0;
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (*at < low || *at > high) return 0;
    for (int i = 1; i < more; i++)
      if ((at[i] & 0xc0) != 0x80) return 0;
    at += more;
  }
  return 1;
}

/* QuickJS writes a surrogate without its other half as three bytes that are no UTF-8: they become U+FFFD. */
static void replace_surrogates(uint8_t *at, size_t size) {
  for (size_t i = 0; i + 2 < size; i++) {
    if (at[i] == 0xed && at[i + 1] > 0x9f) {
      at[i] = 0xef;
      at[i + 1] = 0xbf;
      at[i + 2] = 0xbd;
    }
  }
}
