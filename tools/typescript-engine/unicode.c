/*
 * Unicode, as QuickJS-ng has it. Most of its tables do not get smaller by compression, and two groups of them only few plugins
 * can reach: the build of all others leaves them out, with the code that reads them (`build_end`).
 */
#include "libunicode.c" /* a copy whose tables of these groups are no constants: they are overwritten */
#include "unicode.h"

NormalizeText *volatile normalize_text = unicode_normalize;

uint32_t forget_normalization(void) {
  CLEAR_NORMALIZATION
  normalize_text = NULL;
  return (uint32_t)(uintptr_t)unicode_normalize;
}

void forget_properties(void) {
  CLEAR_PROPERTIES
}
