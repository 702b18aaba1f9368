/**
 * Makes parts of Unicode optional in the sources of QuickJS-ng: normal forms, and the properties that `\p{…}` of a regular
 * expression names. See unicode.h.
 */

/** Tables that are used without either: those of upper and lower case, white space and names. */
const NEEDED =
  /^case_conv_|^unicode_prop_(Cased1|Case_Ignorable|ID_Start|ID_Continue1|White_Space)_|^unicode_prop_(table|len_table)$/;
const OF_NORMALIZATION = /^unicode_(cc|decomp|comp)_/;

/** libunicode-table.h, whose optional tables can be overwritten, and macros which do that. */
export function optionalTables(text) {
  const groups = { NORMALIZATION: [], PROPERTIES: [] };
  const tables = text.replace(/^static const (u?int\d+_t|char) (\w+)\[/gm, (all, type, name) => {
    if (NEEDED.test(name)) return all;
    groups[OF_NORMALIZATION.test(name) ? "NORMALIZATION" : "PROPERTIES"].push(name);
    return `static ${type} ${name}[`;
  });
  const macros = Object.entries(groups).map(([group, names]) => {
    if (names.length < 3) throw new Error(`libunicode-table.h has changed: ${names}`);
    return `#define CLEAR_${group} ${names.map((it) => `memset(${it}, 0, sizeof ${it});`).join(" ")}\n`;
  });
  return tables + macros.join("");
}

/** Replacements in quickjs.c. */
export const OPTIONAL_NORMALIZATION = [
  ['#include "dtoa.h"\n', '#include "dtoa.h"\n#include "unicode.h"\n'],
  ...["as, an, UNICODE_NFC", "bs, bn, UNICODE_NFC"].map((it) => [
    `unicode_normalize(&ts, ${it}`,
    `normalize_text(&ts, ${it}`,
  ]),
  ["unicode_normalize(&out_buf", "normalize_text(&out_buf"],
  ...["localeCompare", "normalize"].map((method) => {
    const start = `static JSValue js_string_${method}(`;
    const head = `${start}JSContext *ctx, JSValueConst this_val,\n${" ".repeat(start.length)}int argc, JSValueConst *argv)\n{\n`;
    return [
      head,
      `${head}    if (normalize_text == NULL) return JS_ThrowTypeError(ctx, NO_NORMALIZATION);\n`,
    ];
  }),
];

/** libregexp.c, with the parser of properties called by a pointer. */
export function optionalProperties(text) {
  const call = "parse_unicode_property(s, cr, &p, (c == 'P'), s->unicode_sets)";
  const definition = "static int parse_unicode_property(";
  for (const part of [call, definition]) {
    if (text.split(part).length !== 2) throw new Error(`libregexp.c has changed: ${part}`);
  }
  const parameters =
    "REParseState *s, REStringList *cr, const uint8_t **pp, bool is_inv, bool allow_sequence_prop";
  return `${text
    .replace(call, (it) => `${it.replace("parse_unicode_property", "parse_optional_property")}`)
    .replace(
      definition,
      (it) => `static int parse_unicode_property(${parameters});
static int (*volatile property_parser)(${parameters}) = parse_unicode_property;
static int parse_optional_property(${parameters}) {
  if (property_parser == NULL) return re_parse_error(s, NO_PROPERTIES);
  return property_parser(s, cr, pp, is_inv, allow_sequence_prop);
}
${it}`,
    )}
uint32_t forget_property_parser(void) {
  property_parser = NULL;
  return (uint32_t)(uintptr_t)parse_unicode_property;
}
`.replace('#include "libunicode.h"\n', '#include "libunicode.h"\n#include "unicode.h"\n');
}
