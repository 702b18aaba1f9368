/*
 * Writes messages as packages/runtime/src/messages/wire/writer.ts does: instances of the generated classes, and plain objects of
 * which those could be made. No JavaScript runs meanwhile. Whatever is not as it should be, and whatever is rare, is left to that
 * module: it starts over, and so there is one source of errors.
 */

/* More than this is not kept for the next message. */
#define KEPT_ROOM (1 << 20)
/* What a tag and a number take at most. */
#define NUMBER_MAX 15

/* All functions: 0 if it is left to JavaScript. */
static int write_message(Output *out, Message *message, JSValueConst value, int from_plain);

static int make_room(Output *out, size_t more) {
  if (more <= out->room - out->size) return 1;
  if (more > INT32_MAX / 2 - out->size) return 0;
  size_t room = out->size + more + out->room;
  uint8_t *bytes = realloc(out->bytes, room);
  if (bytes == NULL) return 0;
  out->bytes = bytes;
  out->room = room;
  return 1;
}

/* There is room for it. */
static void put_varint(Output *out, uint64_t value) {
  while (value > 0x7f) {
    out->bytes[out->size++] = value | 0x80;
    value >>= 7;
  }
  out->bytes[out->size++] = value;
}

static void put_fixed(Output *out, const void *value, size_t size) {
  memcpy(out->bytes + out->size, value, size);
  out->size += size;
}

/* The tag of a field, unless it is 0, and room for a number and as many bytes. */
static int begin(Output *out, uint32_t tag, size_t size) {
  if (!make_room(out, NUMBER_MAX + size)) return 0;
  if (tag != 0) put_varint(out, tag);
  return 1;
}

/* Begins what has its length in front. */
static int open_block(Output *out, uint32_t tag, size_t *start) {
  if (!begin(out, tag, 0)) return 0;
  *start = ++out->size;
  return 1;
}

static int close_block(Output *out, size_t start) {
  size_t length = out->size - start, more = 0;
  for (size_t rest = length; rest > 0x7f; rest >>= 7) more++;
  if (more > 0) {
    if (!make_room(out, more)) return 0;
    memmove(out->bytes + start + more, out->bytes + start, length);
  }
  out->size = start - 1;
  put_varint(out, length);
  out->size += length;
  return 1;
}

/* ---- values of JavaScript ---- */

static int to_number(JSValueConst value, double *number) {
  int tag = JS_VALUE_GET_NORM_TAG(value);
  if (tag == JS_TAG_INT) *number = JS_VALUE_GET_INT(value);
  else if (tag == JS_TAG_FLOAT64) *number = JS_VALUE_GET_FLOAT64(value);
  else return 0;
  return 1;
}

/* An integer between `min` and `max`. */
static int to_integer(JSValueConst value, double min, double max, int64_t *integer) {
  if (JS_VALUE_GET_NORM_TAG(value) == JS_TAG_INT) {
    *integer = JS_VALUE_GET_INT(value);
    return *integer >= min && *integer <= max;
  }
  double number;
  if (!to_number(value, &number) || !(number >= min && number <= max)) return 0;
  *integer = number;
  return *integer == number;
}

/* A bigint of 64 bits. */
static int to_64_bits(JSValueConst value, int is_signed, uint64_t *bits) {
  int tag = JS_VALUE_GET_NORM_TAG(value);
  if (tag == JS_TAG_SHORT_BIG_INT) {
    int32_t number = JS_VALUE_GET_SHORT_BIG_INT(value);
    *bits = (int64_t)number;
    return is_signed || number >= 0;
  }
  if (tag != JS_TAG_BIG_INT) return 0;
  /* In two's complement, with as few limbs as it takes. */
  JSBigInt *number = JS_VALUE_GET_PTR(value);
  uint32_t top = number->tab[number->len - 1];
  if (number->len == 1) {
    *bits = (int64_t)(int32_t)top;
  } else {
    *bits = number->tab[0] | (uint64_t)number->tab[1] << 32;
  }
  if (is_signed) return number->len <= 2;
  return number->len <= 2 ? (int32_t)top >= 0 : number->len == 3 && top == 0;
}

static int write_wide_text(Output *out, uint32_t tag, const uint16_t *units, uint32_t length) {
  size_t start;
  if (!open_block(out, tag, &start) || !make_room(out, 3 * (size_t)length)) return 0;
  uint8_t *to = out->bytes + out->size;
  for (uint32_t i = 0; i < length; i++) {
    uint32_t code = units[i];
    if (code < 0x80) {
      *to++ = code;
    } else if (code < 0x800) {
      *to++ = 0xc0 | code >> 6;
      *to++ = 0x80 | (code & 0x3f);
    } else if ((code & 0xf800) != 0xd800) {
      *to++ = 0xe0 | code >> 12;
      *to++ = 0x80 | (code >> 6 & 0x3f);
      *to++ = 0x80 | (code & 0x3f);
    } else {
      if (code > 0xdbff || i + 1 == length || (units[i + 1] & 0xfc00) != 0xdc00) return 0;
      code = 0x10000 + ((code & 0x3ff) << 10 | (units[++i] & 0x3ff));
      *to++ = 0xf0 | code >> 18;
      *to++ = 0x80 | (code >> 12 & 0x3f);
      *to++ = 0x80 | (code >> 6 & 0x3f);
      *to++ = 0x80 | (code & 0x3f);
    }
  }
  out->size = to - out->bytes;
  return close_block(out, start);
}

static int write_flat_text(Output *out, uint32_t tag, JSString *text) {
  uint32_t length = text->len;
  if (text->is_wide_char) return write_wide_text(out, tag, str16(text), length);
  /* Latin-1 */
  const uint8_t *from = str8(text);
  if (is_ascii(from, length)) {
    if (!begin(out, tag, length)) return 0;
    put_varint(out, length);
    put_fixed(out, from, length);
    return 1;
  }
  size_t start;
  if (!open_block(out, tag, &start) || !make_room(out, 2 * (size_t)length)) return 0;
  uint8_t *to = out->bytes + out->size;
  for (uint32_t i = 0; i < length; i++) {
    if (from[i] > 0x7f) *to++ = 0xc0 | from[i] >> 6;
    *to++ = from[i] > 0x7f ? 0x80 | (from[i] & 0x3f) : from[i];
  }
  out->size = to - out->bytes;
  return close_block(out, start);
}

static int write_text(Output *out, uint32_t tag, JSValueConst value) {
  if (JS_VALUE_GET_TAG(value) == JS_TAG_STRING) return write_flat_text(out, tag, JS_VALUE_GET_STRING(value));
  if (JS_VALUE_GET_TAG(value) != JS_TAG_STRING_ROPE) return 0;
  JSValue flat = js_linearize_string_rope(out->context, value);
  if (JS_IsException(flat)) return 0;
  int ok = write_flat_text(out, tag, JS_VALUE_GET_STRING(flat));
  JS_FreeValue(out->context, flat);
  return ok;
}

static int is_empty_text(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_STRING && JS_VALUE_GET_STRING(value)->len == 0;
}

static int bytes_of(JSContext *context, JSValueConst value, const uint8_t **bytes, size_t *size) {
  JSObject *object = object_of(value);
  if (object == NULL || object->class_id != JS_CLASS_UINT8_ARRAY) return 0;
  *bytes = JS_GetUint8Array(context, size, value);
  return *bytes != NULL || *size == 0;
}

/* With a tag, unless that is 0; nothing at all if it `may_lack` and is the type's default. */
static int write_scalar(Output *out, uint32_t tag, Type type, JSValueConst value, int may_lack) {
  int64_t integer;
  uint64_t bits;
  double number;
  float single;
  const uint8_t *bytes;
  size_t size;
  switch (type) {
  case TYPE_DOUBLE:
    if (!to_number(value, &number)) return 0;
    if (may_lack && number == 0 && !signbit(number)) return 1;
    if (!begin(out, tag, 0)) return 0;
    if (isnan(number)) number = NAN;
    put_fixed(out, &number, 8);
    return 1;
  case TYPE_FLOAT:
    if (!to_number(value, &number)) return 0;
    if (may_lack && number == 0 && !signbit(number)) return 1;
    if (fabs(number) > 3.4028234663852886e38 && isfinite(number)) return 0;
    if (!begin(out, tag, 0)) return 0;
    single = isnan(number) ? NAN : number;
    put_fixed(out, &single, 4);
    return 1;
  case TYPE_INT32:
  case TYPE_SINT32:
  case TYPE_SFIXED32:
    if (!to_integer(value, INT32_MIN, INT32_MAX, &integer)) return 0;
    bits = integer;
    break;
  case TYPE_UINT32:
  case TYPE_FIXED32:
    if (!to_integer(value, 0, UINT32_MAX, &integer)) return 0;
    bits = integer;
    break;
  case TYPE_INT64:
  case TYPE_SINT64:
  case TYPE_SFIXED64:
    if (!to_64_bits(value, 1, &bits)) return 0;
    break;
  case TYPE_UINT64:
  case TYPE_FIXED64:
    if (!to_64_bits(value, 0, &bits)) return 0;
    break;
  case TYPE_BOOL:
    if (JS_VALUE_GET_TAG(value) != JS_TAG_BOOL) return 0;
    bits = JS_VALUE_GET_BOOL(value);
    break;
  case TYPE_STRING: return (may_lack && is_empty_text(value)) || write_text(out, tag, value);
  case TYPE_BYTES:
    if (!bytes_of(out->context, value, &bytes, &size)) return 0;
    if (may_lack && size == 0) return 1;
    if (!begin(out, tag, size)) return 0;
    put_varint(out, size);
    put_fixed(out, bytes, size);
    return 1;
  default: return 0;
  }
  if (may_lack && bits == 0) return 1;
  if (!begin(out, tag, 0)) return 0;
  switch (type) {
  case TYPE_FIXED32:
  case TYPE_SFIXED32: put_fixed(out, &bits, 4); break;
  case TYPE_FIXED64:
  case TYPE_SFIXED64: put_fixed(out, &bits, 8); break;
  case TYPE_SINT32: put_varint(out, (uint32_t)bits << 1 ^ (uint32_t)((int32_t)bits >> 31)); break;
  case TYPE_SINT64: put_varint(out, bits << 1 ^ (uint64_t)((int64_t)bits >> 63)); break;
  default: put_varint(out, bits);
  }
  return 1;
}

static int write_nested(Output *out, uint32_t tag, Field *field, JSValueConst value, int from_plain) {
  size_t start;
  Message *message = message_of_field(field);
  if (message == NULL || out->depth == MAX_DEPTH || js_check_stack_overflow(out->context->rt, 0)) return 0;
  if (!open_block(out, tag, &start)) return 0;
  out->depth++;
  if (!write_message(out, message, value, from_plain)) return 0;
  out->depth--;
  return close_block(out, start);
}

static int write_value(Output *out, uint32_t tag, Field *field, JSValueConst value, int from_plain) {
  return field->type == TYPE_MESSAGE ? write_nested(out, tag, field, value, from_plain)
                                     : write_scalar(out, tag, field->type, value, 0);
}

static int write_list(Output *out, Field *field, JSValueConst value, int from_plain) {
  JSObject *list = object_of(value);
  uint32_t tag = field->number << 3 | WIRE_OF[field->type];
  size_t start;
  if (list == NULL || list->class_id != JS_CLASS_ARRAY || !list->fast_array) return 0;
  uint32_t count = list->u.array.count;
  JSValueConst length = list->prop[0].u.value;
  if (JS_VALUE_GET_TAG(length) != JS_TAG_INT || (uint32_t)JS_VALUE_GET_INT(length) != count) return 0;
  if (count == 0) return 1;
  int is_packed = field->kind == KIND_PACKED;
  if (is_packed && !open_block(out, field->number << 3 | WIRE_LENGTH, &start)) return 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!write_value(out, is_packed ? 0 : tag, field, list->u.array.u.values[i], from_plain)) return 0;
  }
  return is_packed ? close_block(out, start) : 1;
}

static int write_map(Output *out, Field *field, JSValueConst value, int from_plain) {
  JSObject *map = object_of(value);
  if (map == NULL || map->class_id != JS_CLASS_MAP) return 0;
  if (map->shape->proto != object_of(out->context->class_proto[JS_CLASS_MAP])) return 0;
  struct list_head *at;
  list_for_each(at, &map->u.map_state->records) {
    JSMapRecord *record = list_entry(at, JSMapRecord, link);
    if (record->empty) continue;
    size_t start;
    if (!open_block(out, field->number << 3 | WIRE_LENGTH, &start)) return 0;
    if (!write_scalar(out, 8 | WIRE_OF[field->key], field->key, record->key, 0)) return 0;
    if (!write_value(out, 16 | WIRE_OF[field->type], field, record->value, from_plain)) return 0;
    if (!close_block(out, start)) return 0;
  }
  return 1;
}

/* An own property that is a value. 0: it is something else. One that is not there is undefined. */
static int own_value(JSObject *object, JSAtom name, JSValueConst *value) {
  JSProperty *property;
  JSShapeProperty *found = find_own_property(&property, object, name);
  *value = JS_UNDEFINED;
  if (found == NULL) return 1;
  if ((found->flags & JS_PROP_TMASK) != JS_PROP_NORMAL) return 0;
  *value = property->u.value;
  return 1;
}

static int is_case(JSContext *context, JSValueConst name, Field *field) {
  if (JS_VALUE_GET_TAG(name) != JS_TAG_STRING) return 0;
  JSString *text = JS_VALUE_GET_STRING(name), *wanted = JS_VALUE_GET_STRING(field->case_name);
  return text == wanted || js_string_eq(text, wanted);
}

/* Writes the member of a oneof that this field is, if it is the one that is set. */
static int write_member(Output *out, Message *message, Field *field, JSValueConst value, int from_plain) {
  JSContext *context = out->context;
  JSObject *choice = object_of(value);
  JSValueConst name, member;
  if (choice == NULL || choice->class_id != JS_CLASS_OBJECT) return 0;
  if (choice->shape->proto != object_of(context->class_proto[JS_CLASS_OBJECT])) return 0;
  if (!own_value(choice, JS_ATOM_case, &name) || !own_value(choice, JS_ATOM_value, &member)) return 0;
  if (JS_IsUndefined(name)) return 1;
  if (is_case(context, name, field)) {
    return write_value(out, field->number << 3 | WIRE_OF[field->type], field, member, from_plain);
  }
  if (!field->is_first) return 1;
  /* A case that there is not is an error. */
  for (Field *other = field + 1; other < message->fields + message->field_count; other++) {
    if (other->property == field->property && is_case(context, name, other)) return 1;
  }
  return 0;
}

static int write_field(Output *out, Message *message, Field *field, JSValueConst value, int from_plain) {
  uint32_t tag = field->number << 3 | WIRE_OF[field->type];
  switch (field->kind) {
  case KIND_LIST:
  case KIND_PACKED: return write_list(out, field, value, from_plain);
  case KIND_MAP: return write_map(out, field, value, from_plain);
  case KIND_ONEOF: return write_member(out, message, field, value, from_plain);
  case KIND_OPTIONAL: return JS_IsUndefined(value) || write_value(out, tag, field, value, from_plain);
  default: return write_scalar(out, tag, field->type, value, 1);
  }
}

static int write_unknown(Output *out, JSValueConst unknown) {
  const uint8_t *bytes;
  size_t size;
  if (JS_IsUndefined(unknown)) return 1;
  if (!bytes_of(out->context, unknown, &bytes, &size) || !make_room(out, size)) return 0;
  put_fixed(out, bytes, size);
  return 1;
}

/* Of a plain object, what is undefined is as good as absent. */
static int write_plain(Output *out, Message *message, JSObject *object) {
  JSObject *inherited = object->shape->proto;
  JSValueConst value;
  JSProperty *property;
  /* It would not be taken for a plain one; what can be waited for is no message. */
  if (find_own_property(&property, object, JS_ATOM_Symbol_toStringTag) != NULL) return 0;
  if (find_own_property(&property, object, JS_ATOM_then) != NULL) return 0;
  for (int i = 0; i < message->field_count; i++) {
    Field *field = &message->fields[i];
    if (!own_value(object, field->property, &value)) return 0;
    if (JS_IsUndefined(value)) {
      if (find_own_property(&property, inherited, field->property) != NULL) return 0;
      continue;
    }
    if (!write_field(out, message, field, value, 1)) return 0;
  }
  return 1;
}

/*
 * An instance of the message's class, as its constructor makes it; or, with `from_plain`, also an object from which it would make
 * one.
 */
static int write_message(Output *out, Message *message, JSValueConst value, int from_plain) {
  JSObject *object = object_of(value);
  if (object == NULL || object->class_id != JS_CLASS_OBJECT) return 0;
  if (object->shape != message->shape) {
    JSObject *plain = object_of(out->context->class_proto[JS_CLASS_OBJECT]);
    return from_plain && object->shape->proto == plain && write_plain(out, message, object);
  }
  for (int i = 0; i < message->field_count; i++) {
    Field *field = &message->fields[i];
    if (!write_field(out, message, field, object->prop[field->slot].u.value, 0)) return 0;
  }
  return write_unknown(out, object->prop[message->unknown_slot].u.value);
}

/* Writes a message into `out`, which may have the room of another one. */
static int write_whole_message(JSContext *context, Message *message, JSValueConst value, Output *out) {
  out->context = context;
  out->size = 0;
  out->depth = 0;
  if (out->room > KEPT_ROOM) {
    free(out->bytes);
    out->bytes = NULL;
    out->room = 0;
  }
  if (make_room(out, 256) && write_message(out, message, value, 1)) return 1;
  JS_FreeValue(context, JS_GetException(context));
  return 0;
}
