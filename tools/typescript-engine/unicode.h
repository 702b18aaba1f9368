/* Parts of Unicode that a plugin may be without. */
#ifndef WPLUG_UNICODE_H
#define WPLUG_UNICODE_H

#include <stdint.h>

#include "libunicode.h"

typedef int NormalizeText(uint32_t **, const uint32_t *, int, UnicodeNormalizationEnum, void *, DynBufReallocFunc *);

/* unicode_normalize; NULL in a plugin that is without. */
extern NormalizeText *volatile normalize_text;

/* Each fills its tables with zeros. Result: the place in the function table of the code that is of no use any more. */
uint32_t forget_normalization(void);
void forget_properties(void);
uint32_t forget_property_parser(void);

#define NO_NORMALIZATION \
  "this plugin is without Unicode's normal forms: nx build adds them where normalize or localeCompare is called by its name"
/* Less than 64 bytes, of which libregexp has room for no more. */
#define NO_PROPERTIES "\\p is not in this plugin, whose code does not name RegExp"

#endif
