/*
 * Reads messages as packages/runtime/src/messages/wire/reader.ts does. Whatever is not as it should be, and whatever is rare, is
 * left to that: it starts over, and so there is one source of errors.
 */

typedef struct {
  JSContext *context;
  const uint8_t *at;
  /* Of the innermost message, packed list or map entry. */
  const uint8_t *end;
  int depth;
} Input;

/* All functions: 0 if it is left to JavaScript. */
static int read_message(Input *in, Message *message, JSValueConst into);

static int read_varint(Input *in, uint64_t *result) {
  if (in->at < in->end && *in->at < 0x80) {
    *result = *in->at++;
    return 1;
  }
  uint64_t value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (in->at == in->end) return 0;
    uint64_t byte = *in->at++;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      *result = value;
      return 1;
    }
  }
  return 0;
}

static int read_tag(Input *in, uint32_t *tag) {
  const uint8_t *start = in->at;
  uint64_t value;
  if (!read_varint(in, &value) || value < 8 || value > UINT32_MAX || in->at - start > 5) return 0;
  *tag = value;
  return 1;
}

static int read_fixed(Input *in, void *result, size_t size) {
  if ((size_t)(in->end - in->at) < size) return 0;
  memcpy(result, in->at, size);
  in->at += size;
  return 1;
}

/* Moves over a length, and over what has it. */
static int read_content(Input *in, const uint8_t **content, size_t *size) {
  uint64_t length;
  if (!read_varint(in, &length) || length > (uint64_t)(in->end - in->at)) return 0;
  *content = in->at;
  *size = length;
  in->at += length;
  return 1;
}

static int is_ascii(const uint8_t *at, size_t size) {
  for (; size >= 8; at += 8, size -= 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    if ((word & 0x8080808080808080u) != 0) return 0;
  }
  for (; size > 0; at++, size--) {
    if (*at > 0x7f) return 0;
  }
  return 1;
}

static JSValue read_text(JSContext *context, const uint8_t *bytes, size_t size) {
  if (is_ascii(bytes, size)) return js_new_string8_len(context, (const char *)bytes, size);
  return is_utf8(bytes, size) ? JS_NewStringLen(context, (const char *)bytes, size) : JS_EXCEPTION;
}

static int read_scalar(Input *in, Type type, JSValue *result) {
  JSContext *context = in->context;
  uint64_t bits;
  uint32_t word;
  double number;
  float single;
  const uint8_t *content;
  size_t size;
  switch (type) {
  case TYPE_DOUBLE:
    if (!read_fixed(in, &number, 8)) return 0;
    *result = JS_NewFloat64(context, number);
    return 1;
  case TYPE_FLOAT:
    if (!read_fixed(in, &single, 4)) return 0;
    *result = JS_NewFloat64(context, single);
    return 1;
  case TYPE_FIXED32:
  case TYPE_SFIXED32:
    if (!read_fixed(in, &word, 4)) return 0;
    *result = type == TYPE_FIXED32 ? JS_NewUint32(context, word) : JS_NewInt32(context, word);
    return 1;
  case TYPE_FIXED64:
  case TYPE_SFIXED64:
    if (!read_fixed(in, &bits, 8)) return 0;
    *result = type == TYPE_FIXED64 ? JS_NewBigUint64(context, bits) : JS_NewBigInt64(context, bits);
    return !JS_IsException(*result);
  case TYPE_STRING:
    if (!read_content(in, &content, &size)) return 0;
    *result = read_text(context, content, size);
    return !JS_IsException(*result);
  case TYPE_BYTES:
    if (!read_content(in, &content, &size)) return 0;
    *result = size == 0 ? js_dup(engine.no_bytes) : JS_NewUint8ArrayCopy(context, content, size);
    return !JS_IsException(*result);
  default:
    if (!read_varint(in, &bits)) return 0;
  }
  word = bits;
  switch (type) {
  case TYPE_INT32: *result = JS_NewInt32(context, word); break;
  case TYPE_UINT32: *result = JS_NewUint32(context, word); break;
  case TYPE_SINT32: *result = JS_NewInt32(context, (word >> 1) ^ -(word & 1)); break;
  case TYPE_INT64: *result = JS_NewBigInt64(context, bits); break;
  case TYPE_UINT64: *result = JS_NewBigUint64(context, bits); break;
  case TYPE_SINT64: *result = JS_NewBigInt64(context, (bits >> 1) ^ -(bits & 1)); break;
  default: *result = JS_NewBool(context, bits != 0);
  }
  return !JS_IsException(*result);
}

/* The default of a type, for what an entry of a map does not have. */
static JSValue zero_of(JSContext *context, Type type) {
  switch (type) {
  case TYPE_STRING: return JS_AtomToString(context, JS_ATOM_empty_string);
  case TYPE_BYTES: return js_dup(engine.no_bytes);
  case TYPE_BOOL: return JS_FALSE;
  case TYPE_INT64:
  case TYPE_UINT64:
  case TYPE_SINT64:
  case TYPE_FIXED64:
  case TYPE_SFIXED64: return JS_NewBigInt64(context, 0);
  default: return JS_NewInt32(context, 0);
  }
}

/* Narrows the input to a length-delimited part of it. */
static int enter(Input *in, const uint8_t **outer) {
  const uint8_t *content;
  size_t size;
  if (!read_content(in, &content, &size)) return 0;
  *outer = in->end;
  in->end = in->at;
  in->at = content;
  return 1;
}

static int leave(Input *in, const uint8_t *outer) {
  if (in->at != in->end) return 0;
  in->end = outer;
  return 1;
}

static int read_nested(Input *in, Message *message, JSValueConst into) {
  const uint8_t *outer;
  if (in->depth == MAX_DEPTH || js_check_stack_overflow(in->context->rt, 0) || !enter(in, &outer)) return 0;
  in->depth++;
  if (!read_message(in, message, into) || !leave(in, outer)) return 0;
  in->depth--;
  return 1;
}

/* A value of the field's type: a new one. */
static int read_value(Input *in, Field *field, JSValue *result) {
  if (field->type != TYPE_MESSAGE) return read_scalar(in, field->type, result);
  Message *message = message_of_field(field);
  if (message == NULL) return 0;
  *result = new_message(in->context, message);
  if (JS_IsException(*result)) return 0;
  if (read_nested(in, message, *result)) return 1;
  JS_FreeValue(in->context, *result);
  return 0;
}

static int read_list(Input *in, Field *field, JSObject *list, int packed) {
  JSValue value;
  if (!packed) return read_value(in, field, &value) && add_fast_array_element(in->context, list, value, 0) >= 0;
  const uint8_t *outer;
  if (!enter(in, &outer)) return 0;
  while (in->at < in->end) {
    if (!read_scalar(in, field->type, &value)) return 0;
    if (add_fast_array_element(in->context, list, value, 0) < 0) return 0;
  }
  return leave(in, outer);
}

static int skip_value(Input *in, uint32_t tag) {
  uint64_t ignored;
  const uint8_t *content;
  size_t size;
  switch (tag & 7) {
  case WIRE_VARINT: return read_varint(in, &ignored);
  case WIRE_64: return read_fixed(in, &ignored, 8);
  case WIRE_LENGTH: return read_content(in, &content, &size);
  case WIRE_32: return read_fixed(in, &ignored, 4);
  default: return 0; /* groups */
  }
}

static int read_entry(Input *in, Field *field, JSValueConst map) {
  JSContext *context = in->context;
  const uint8_t *outer;
  JSValueConst entry[2];
  JSValue *key = &entry[0], *value = &entry[1], read;
  Message *message = NULL;
  if (field->type == TYPE_MESSAGE && (message = message_of_field(field)) == NULL) return 0;
  if (!enter(in, &outer)) return 0;
  *key = zero_of(context, field->key);
  *value = message != NULL ? new_message(context, message) : zero_of(context, field->type);
  int ok = !JS_IsException(*key) && !JS_IsException(*value);
  while (ok && in->at < in->end) {
    uint32_t tag;
    if (!(ok = read_tag(in, &tag))) break;
    if (tag == (8u | WIRE_OF[field->key])) {
      if (!(ok = read_scalar(in, field->key, &read))) break;
      JS_FreeValue(context, *key);
      *key = read;
    } else if (tag == (16u | WIRE_OF[field->type])) {
      if (message != NULL) {
        ok = read_nested(in, message, *value);
      } else if ((ok = read_scalar(in, field->type, &read))) {
        JS_FreeValue(context, *value);
        *value = read;
      }
    } else {
      ok = skip_value(in, tag);
    }
  }
  if (ok && (ok = leave(in, outer))) {
    JSValue same = js_map_set(context, map, 2, entry, 0);
    ok = !JS_IsException(same);
    JS_FreeValue(context, same);
  }
  JS_FreeValue(context, *key);
  JS_FreeValue(context, *value);
  return ok;
}

static int read_member(Input *in, Field *field, JSValue *slot) {
  JSContext *context = in->context;
  JSValue value;
  JSProperty *choice = JS_VALUE_GET_OBJ(*slot)->prop;
  /* A message that is there already is merged into. */
  if (field->type == TYPE_MESSAGE && JS_IsStrictEqual(context, choice[0].u.value, field->case_name)) {
    return read_nested(in, message_of_field(field), choice[1].u.value);
  }
  if (!read_value(in, field, &value)) return 0;
  JSValue made = new_of_shape(context, choice_shape);
  if (JS_IsException(made)) {
    JS_FreeValue(context, value);
    return 0;
  }
  choice = JS_VALUE_GET_OBJ(made)->prop;
  choice[0].u.value = js_dup(field->case_name);
  choice[1].u.value = value;
  JS_FreeValue(context, *slot);
  *slot = made;
  return 1;
}

static int read_field(Input *in, Field *field, JSValue *slot, int packed) {
  JSValue value;
  switch (field->kind) {
  case KIND_ONEOF: return read_member(in, field, slot);
  case KIND_LIST:
  case KIND_PACKED: return read_list(in, field, JS_VALUE_GET_OBJ(*slot), packed);
  case KIND_MAP: return read_entry(in, field, *slot);
  }
  if (field->type == TYPE_MESSAGE && !JS_IsUndefined(*slot)) {
    return read_nested(in, message_of_field(field), *slot);
  }
  if (!read_value(in, field, &value)) return 0;
  JS_FreeValue(in->context, *slot);
  *slot = value;
  return 1;
}

/* Whether the field is read from this wire type; `packed`, if several of its values follow. */
static int takes(const Field *field, uint32_t wire, int *packed) {
  int is_list = field->kind == KIND_LIST || field->kind == KIND_PACKED;
  *packed = is_list && wire == WIRE_LENGTH && WIRE_OF[field->type] != WIRE_LENGTH;
  return *packed || wire == (field->kind == KIND_MAP ? WIRE_LENGTH : WIRE_OF[field->type]);
}

static int read_message(Input *in, Message *message, JSValueConst into) {
  JSContext *context = in->context;
  JSProperty *slots = JS_VALUE_GET_OBJ(into)->prop;
  JSValue *unknown = &slots[message->unknown_slot].u.value;
  DynBuf kept;
  int has_unknown = 0, ok = 1, packed;
  while (ok && in->at < in->end) {
    const uint8_t *start = in->at;
    uint32_t tag;
    if (!(ok = read_tag(in, &tag))) break;
    Field *field = field_of_number(message, tag >> 3);
    if (field != NULL && takes(field, tag & 7, &packed)) {
      ok = read_field(in, field, &slots[field->slot].u.value, packed);
      continue;
    }
    /* Those of a message that is merged into would be copied again and again. */
    ok = skip_value(in, tag) && JS_IsUndefined(*unknown);
    if (!ok) break;
    if (!has_unknown) js_dbuf_init(context, &kept);
    has_unknown = 1;
    ok = dbuf_put(&kept, start, in->at - start) == 0;
  }
  if (!has_unknown) return ok;
  if (ok) {
    *unknown = JS_NewUint8ArrayCopy(context, kept.buf, kept.size);
    if (JS_IsException(*unknown)) {
      *unknown = JS_UNDEFINED;
      ok = 0;
    }
  }
  dbuf_free(&kept);
  return ok;
}

/* A message of these bytes; an exception, which nothing was thrown for, if it is left to JavaScript. */
static JSValue read_whole_message(
  JSContext *context, Message *message, const uint8_t *bytes, uint32_t size) {
  Input in = {context, bytes, bytes + size, 0};
  JSValue value = new_message(context, message);
  if (!JS_IsException(value)) {
    if (read_message(&in, message, value)) return value;
    JS_FreeValue(context, value);
  }
  JS_FreeValue(context, JS_GetException(context));
  return JS_EXCEPTION;
}
