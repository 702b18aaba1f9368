/*
 * Messages as the engine's codec sees them: tables, which the SDK of a contract has beside its classes, and objects of those
 * classes that are made without a call of JavaScript.
 */

typedef enum {
  TYPE_DOUBLE,
  TYPE_FLOAT,
  TYPE_INT32, /* enums, too */
  TYPE_INT64,
  TYPE_UINT32,
  TYPE_UINT64,
  TYPE_SINT32,
  TYPE_SINT64,
  TYPE_FIXED32,
  TYPE_FIXED64,
  TYPE_SFIXED32,
  TYPE_SFIXED64,
  TYPE_BOOL,
  TYPE_STRING,
  TYPE_BYTES,
  TYPE_MESSAGE,
} Type;

/* In the order of `Type`. */
static const char *const TYPE_NAMES[] = {
  "double", "float",   "int32",   "int64",    "uint32",   "uint64", "sint32", "sint64",
  "fixed32", "fixed64", "sfixed32", "sfixed64", "bool",     "string", "bytes",
};

/* https://protobuf.dev/programming-guides/encoding/#structure */
enum { WIRE_VARINT, WIRE_64, WIRE_LENGTH, WIRE_START, WIRE_END, WIRE_32 };

static const uint8_t WIRE_OF[] = {
  WIRE_64,     WIRE_32,     WIRE_VARINT, WIRE_VARINT, WIRE_VARINT, WIRE_VARINT, WIRE_VARINT, WIRE_VARINT,
  WIRE_32,     WIRE_64,     WIRE_32,     WIRE_64,     WIRE_VARINT, WIRE_LENGTH, WIRE_LENGTH, WIRE_LENGTH,
};

/* In the order of `kind` in packages/runtime/src/platform/engine.ts. */
typedef enum { KIND_PLAIN, KIND_OPTIONAL, KIND_ONEOF, KIND_LIST, KIND_PACKED, KIND_MAP } Kind;

typedef struct {
  uint32_t number;
  uint8_t type, kind;
  /* Type of the keys of a map. */
  uint8_t key;
  /* Of the members of a oneof, the one that comes first. */
  uint8_t is_first;
  /* Where its value is in a new message: that of the oneof, if it is a member of one. */
  int slot;
  JSAtom property;
  /* What the `case` of a oneof is for this member. */
  JSValue case_name;
  JSValue class;
  /* Of the class, once it has been looked for. */
  Message *message;
} Field;

typedef enum { SLOT_VALUE, SLOT_LIST, SLOT_MAP, SLOT_ONEOF } SlotKind;

struct Message {
  Message *next;
  JSValue class;
  /* A message in which no field is set: what new ones begin with. */
  JSValue empty;
  JSShape *shape;
  uint8_t *slot_kinds;
  int unknown_slot;
  int field_count;
  Field *fields;
  /* 1 + index of the field with a number. Larger numbers are looked for. */
  uint16_t by_number[64];
};

static Message *messages;
/* Of `{ case, value }` */
static JSShape *choice_shape;

/* https://protobuf.dev/programming-guides/proto-limits/: packages/runtime/src/messages/wire/limits.ts */
#define MAX_DEPTH 100

static JSObject *object_of(JSValueConst value) {
  return JS_IsObject(value) ? JS_VALUE_GET_OBJ(value) : NULL;
}

static Message *message_of_class(JSValueConst class) {
  JSObject *wanted = object_of(class);
  if (wanted == NULL) return NULL;
  for (Message *message = messages; message != NULL; message = message->next) {
    if (JS_VALUE_GET_OBJ(message->class) == wanted) return message;
  }
  return NULL;
}

/* NULL: of this class there is no table. */
static inline Message *message_of_field(Field *field) {
  if (field->message == NULL) field->message = message_of_class(field->class);
  return field->message;
}

static Field *field_of_number(Message *message, uint32_t number) {
  if (number < sizeof message->by_number / sizeof *message->by_number) {
    uint32_t place = message->by_number[number];
    return place == 0 ? NULL : &message->fields[place - 1];
  }
  for (int i = message->field_count - 1; i >= 0; i--) {
    if (message->fields[i].number == number) return &message->fields[i];
  }
  return NULL;
}

/* ---- objects ---- */

static JSValue new_of_shape(JSContext *context, JSShape *shape) {
  JSValue value = JS_NewObjectFromShape(context, js_dup_shape(shape), JS_CLASS_OBJECT, NULL);
  if (JS_IsException(value)) return value;
  JSObject *object = JS_VALUE_GET_OBJ(value);
  for (int i = 0; i < shape->prop_count; i++) object->prop[i].u.value = JS_UNDEFINED;
  return value;
}

/* As the constructor of the class makes it without an argument. */
static JSValue new_message(JSContext *context, Message *message) {
  JSValue value = new_of_shape(context, message->shape);
  if (JS_IsException(value)) return value;
  JSProperty *slots = JS_VALUE_GET_OBJ(value)->prop;
  JSProperty *defaults = JS_VALUE_GET_OBJ(message->empty)->prop;
  for (int i = 0; i < message->shape->prop_count; i++) {
    JSValue *slot = &slots[i].u.value;
    switch (message->slot_kinds[i]) {
    case SLOT_VALUE: *slot = js_dup(defaults[i].u.value); break;
    case SLOT_LIST: *slot = JS_NewArray(context); break;
    case SLOT_MAP: *slot = js_map_constructor(context, JS_UNDEFINED, 0, NULL, 0); break;
    case SLOT_ONEOF:
      *slot = new_of_shape(context, JS_VALUE_GET_OBJ(defaults[i].u.value)->shape);
      break;
    }
    if (JS_IsException(*slot)) {
      *slot = JS_UNDEFINED;
      JS_FreeValue(context, value);
      return JS_EXCEPTION;
    }
  }
  return value;
}

/* Whether all own properties of an object are values, which can be read without a call of JavaScript. */
static int has_values_alone(JSObject *object) {
  JSShapeProperty *property = get_shape_prop(object->shape);
  for (int i = 0; i < object->shape->prop_count; i++, property++) {
    if (property->atom == JS_ATOM_NULL || (property->flags & JS_PROP_TMASK) != JS_PROP_NORMAL) return 0;
  }
  return 1;
}

static int slot_of(JSObject *object, JSAtom name) {
  JSProperty *property;
  if (find_own_property(&property, object, name) == NULL) return -1;
  return property - object->prop;
}

/* ---- tables ---- */

/* Whether it could be filled in; what is left of one that could not is never freed. */
static int define_field(JSContext *context, Message *message, Field *field, JSValueConst entry) {
  int32_t number, kind;
  JSValue type = JS_GetPropertyStr(context, entry, "type");
  JSValue key = JS_GetPropertyStr(context, entry, "key");
  JSValue name = JS_GetPropertyStr(context, entry, "name");
  JSValue oneof = JS_GetPropertyStr(context, entry, "oneof");
  if (JS_ToInt32(context, &number, JS_GetPropertyStr(context, entry, "number"))) return 0;
  if (JS_ToInt32(context, &kind, JS_GetPropertyStr(context, entry, "kind"))) return 0;
  *field = (Field){.number = number, .kind = kind, .class = JS_UNDEFINED};
  field->type = field->key = TYPE_MESSAGE;
  for (int i = 0; i < TYPE_MESSAGE; i++) {
    JSValue known = JS_NewAtomString(context, TYPE_NAMES[i]);
    if (JS_IsStrictEqual(context, known, type)) field->type = i;
    if (JS_IsStrictEqual(context, known, key)) field->key = i;
    JS_FreeValue(context, known);
  }
  if (field->type == TYPE_MESSAGE) field->class = js_dup(type);
  field->property = JS_ValueToAtom(context, kind == KIND_ONEOF ? oneof : name);
  /* The text of the atom, which literals in JavaScript have as well. */
  JSAtom case_name = JS_ValueToAtom(context, name);
  field->case_name = JS_AtomToValue(context, case_name);
  field->slot = slot_of(JS_VALUE_GET_OBJ(message->empty), field->property);
  field->is_first = 1;
  for (Field *other = message->fields; other < field; other++) {
    if (other->property == field->property) field->is_first = 0;
  }
  JS_FreeAtom(context, case_name);
  JS_FreeValue(context, type);
  JS_FreeValue(context, key);
  JS_FreeValue(context, name);
  JS_FreeValue(context, oneof);
  return field->slot >= 0 && number > 0 && (kind != KIND_MAP || field->key != TYPE_MESSAGE);
}

static int define_slots(Message *message) {
  JSObject *empty = JS_VALUE_GET_OBJ(message->empty);
  for (int i = 0; i < empty->shape->prop_count; i++) {
    JSObject *object = object_of(empty->prop[i].u.value);
    if (object == NULL || object->class_id == JS_CLASS_UINT8_ARRAY) message->slot_kinds[i] = SLOT_VALUE;
    else if (object->class_id == JS_CLASS_ARRAY) message->slot_kinds[i] = SLOT_LIST;
    else if (object->class_id == JS_CLASS_MAP) message->slot_kinds[i] = SLOT_MAP;
    else if (object->class_id == JS_CLASS_OBJECT) message->slot_kinds[i] = SLOT_ONEOF;
    else return 0;
  }
  return 1;
}

/* defineMessage(type, empty, fields): messages of which there is no table are read and written by JavaScript. */
static JSValue define_message(ARGUMENTS) {
  int64_t field_count;
  if (message_of_class(arguments[0]) != NULL) return JS_UNDEFINED;
  JSObject *empty = object_of(arguments[1]);
  if (empty == NULL || JS_GetLength(context, arguments[2], &field_count)) return JS_EXCEPTION;
  if (empty->class_id != JS_CLASS_OBJECT || !empty->shape->is_hashed || !has_values_alone(empty)) {
    return JS_UNDEFINED;
  }
  if (choice_shape == NULL) {
    JSValue choice = JS_NewObject(context);
    JS_DefinePropertyValueStr(context, choice, "case", JS_UNDEFINED, JS_PROP_C_W_E);
    JS_DefinePropertyValueStr(context, choice, "value", JS_UNDEFINED, JS_PROP_C_W_E);
    choice_shape = js_dup_shape(JS_VALUE_GET_OBJ(choice)->shape);
    JS_FreeValue(context, choice);
  }
  Message *message = js_mallocz(context, sizeof *message);
  if (message == NULL) return JS_EXCEPTION;
  message->class = js_dup(arguments[0]);
  message->empty = js_dup(arguments[1]);
  message->shape = js_dup_shape(empty->shape);
  message->field_count = field_count;
  message->fields = js_mallocz(context, (field_count + 1) * sizeof *message->fields);
  message->slot_kinds = js_mallocz(context, empty->shape->prop_count + 1);
  if (message->fields == NULL || message->slot_kinds == NULL || !define_slots(message)) return JS_UNDEFINED;
  JSAtom unknown = JS_NewAtom(context, "$unknown");
  message->unknown_slot = slot_of(empty, unknown);
  JS_FreeAtom(context, unknown);
  if (message->unknown_slot < 0) return JS_UNDEFINED;
  for (int i = 0; i < field_count; i++) {
    JSValue entry = JS_GetPropertyUint32(context, arguments[2], i);
    Field *field = &message->fields[i];
    int defined = define_field(context, message, field, entry);
    JS_FreeValue(context, entry);
    if (!defined) return JS_UNDEFINED;
    if (field->number < sizeof message->by_number / sizeof *message->by_number) {
      message->by_number[field->number] = i + 1;
    }
  }
  message->next = messages;
  messages = message;
  return JS_UNDEFINED;
}
