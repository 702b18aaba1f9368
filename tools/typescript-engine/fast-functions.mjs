/**
 * Functions of QuickJS-ng in which plugins spend their time. They are compiled for few bytes (-Os), all others for the fewest
 * (`minsize`, what -Oz gives): all at -Os took 60 kB more of each plugin, all at -Oz a third more time of each call.
 */
const FAST_FUNCTIONS = {
  "quickjs.c": [
    // the interpreter and calls
    ["JS_CallInternal", "JS_CallFree", "js_call_c_function", "async_func_resume"],
    ["js_generator_next", "JS_IteratorNext", "js_for_of_next", "js_create_iterator_result"],
    ["js_closure2", "get_var_ref", "close_var_refs", "free_var_ref", "JS_NewCFunction3"],
    // properties
    ["JS_GetPropertyInternal", "JS_GetPropertyValue", "JS_TryGetPropertyInt64"],
    ["JS_SetPropertyInternal2", "JS_SetPropertyInternal", "JS_SetPropertyValue"],
    ["JS_CreateProperty", "JS_DefineProperty", "find_own_property", "find_own_property1"],
    ["find_hashed_shape_prop", "get_shape_prop", "js_get_fast_array_element", "add_property"],
    ["add_shape_property", "resize_properties", "js_new_shape_nohash", "JS_NewObjectFromShape"],
    ["js_clone_shape", "JS_DefinePropertyValue", "JS_DefinePropertyValueValue"],
    // memory
    ["js_malloc_rt", "js_free_rt", "js_realloc_rt", "js_calloc_rt", "js_malloc", "js_free"],
    ["js_realloc", "js_free_value_rt", "free_zero_refcount", "free_object", "free_property"],
    ["js_free_shape", "js_free_shape0", "js_array_finalizer"],
    ["mark_children", "gc_decref_child", "gc_scan_incref_child", "gc_decref", "gc_scan"],
    ["JS_MarkValue"],
    // atoms and strings
    ["__JS_FreeAtom", "JS_NewAtom", "__JS_NewAtom", "JS_NewAtomStr", "JS_ValueToAtomInternal"],
    ["JS_FreeAtomStruct", "JS_AtomIsArrayIndex", "__JS_AtomToValue", "JS_NewAtomUInt32"],
    ["js_alloc_string_rt", "js_alloc_string", "js_sub_string", "js_new_string8_len"],
    ["JS_NewStringLen", "js_new_string_char", "js_new_string_rope", "js_linearize_string_rope"],
    ["JS_ConcatString", "JS_ConcatString1", "JS_ConcatString2", "js_string_compare"],
    ["JS_ToStringInternal", "string_buffer_init2", "string_buffer_end", "string_buffer_fill"],
    ["string_buffer_putc16_slow", "string_buffer_write8", "string_buffer_write16"],
    ["string_buffer_concat", "string_buffer_concat_value", "string_buffer_concat_value_free"],
    ["string_buffer_realloc", "string_buffer_putc16", "string_buffer_putc8", "string_buffer_putc"],
    ["js_string_charCodeAt", "js_string_fromCharCode", "js_string_pad", "string_indexof"],
    // operators and numbers
    ["js_add_slow", "js_binary_arith_slow", "js_relational_slow", "js_unary_arith_slow"],
    ["js_binary_logic_slow", "js_strict_eq2", "js_eq_slow", "JS_ToPrimitiveFree"],
    ["JS_ToInt32Free", "JS_ToNumberHintFree", "JS_ToInt64Free", "JS_ToBigInt64Free"],
    ["js_bigint_new", "js_bigint_add", "js_bigint_normalize"],
    ["js_bigint_normalize1", "js_bigint_asUintN", "js_bigint_extend", "js_dtoa2"],
    // builtins that are called often
    ["js_array_iterator_next", "js_array_push", "js_array_every", "js_array_cmp_generic"],
    ["js_create_array", "js_map_get", "js_map_set", "map_find_record", "map_add_record"],
    ["map_hash_key", "js_map_forEach", "js_map_iterator_next", "js_array_buffer_constructor3"],
    ["json_parse_value", "json_next_token", "json_parse_string", "json_parse_number"],
    ["json_parse_ident", "js_json_to_str", "js_json_check", "JS_ToQuotedString"],
    ["js_regexp_exec", "js_regexp_Symbol_replace", "js_string___GetSubstitution"],
  ].flat(),
  "libregexp.c": ["lre_exec_backtrack", "lre_exec"],
};

const PUSH = "#pragma clang attribute push(__attribute__((minsize)), apply_to = function)\n";
const POP = "#pragma clang attribute pop\n";

/** After which a source's own code begins. */
const LAST_INCLUDE = {
  "quickjs.c": '#include "dtoa.h"\n',
  "libregexp.c": '#include "libunicode.h"\n',
};

/** A source of QuickJS-ng in which all functions but the fast ones have the attribute `minsize`. */
export function withMinsize(text, file) {
  const include = LAST_INCLUDE[file];
  const at = text.indexOf(include) + include.length;
  if (at < include.length) throw new Error(`${file} has changed: ${include}`);
  const code = FAST_FUNCTIONS[file].reduce((all, name) => {
    let found = false;
    // Prototypes, too: a definition has the attributes of those before it.
    const its = new RegExp(
      String.raw`^(?:\w+ )*\w+[ *\n]+\**${name}\([^;{}]*\)\s*(?:;\n|\{\n[\s\S]*?^\}\n)`,
      "mg",
    );
    const changed = all.replace(its, (part) => {
      found ||= part.endsWith("}\n");
      return POP + part + PUSH;
    });
    if (!found) throw new Error(`${file} has changed: there is no ${name}`);
    return changed;
  }, text.slice(at));
  return `${text.slice(0, at)}\n${PUSH}${code}\n${POP}`;
}
