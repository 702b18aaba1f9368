/*
 * What JavaScript in the engine can call: the members of `globalThis.__wplug`, which @wplug/runtime/plugin takes away
 * when it is loaded. packages/runtime/src/plugin/engine.ts has their types.
 */
#include <unistd.h>
#include <wasi/api.h>

/* Replaced by the link step, by a function that calls the import with this number. */
__attribute__((import_module("wplug"), import_name("host_call")))
extern uint64_t host_call(uint32_t number, const void *request, uint32_t size);

/* utf8Read(bytes, start, end): string | undefined */
static JSValue utf8_read(ARGUMENTS) {
  size_t size;
  uint32_t start, end;
  uint8_t *bytes = JS_GetUint8Array(context, &size, arguments[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  if (JS_ToUint32(context, &start, arguments[1])) return JS_EXCEPTION;
  if (JS_ToUint32(context, &end, arguments[2])) return JS_EXCEPTION;
  if (end > size || start > end || !is_utf8(bytes + start, end - start)) return JS_UNDEFINED;
  return JS_NewStringLen(context, (char *)bytes + start, end - start);
}

/* utf8Write(bytes, text, position): number of bytes. There must be room. */
static JSValue utf8_write(ARGUMENTS) {
  size_t room, size;
  uint32_t position;
  uint8_t *bytes = JS_GetUint8Array(context, &room, arguments[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  if (JS_ToUint32(context, &position, arguments[2])) return JS_EXCEPTION;
  const char *text = JS_ToCStringLen(context, &size, arguments[1]);
  if (text == NULL) return JS_EXCEPTION;
  if (position > room || size > room - position) {
    JS_FreeCString(context, text);
    return JS_ThrowRangeError(context, "there is no room for a text");
  }
  memcpy(bytes + position, text, size);
  JS_FreeCString(context, text);
  replace_surrogates(bytes + position, size);
  return JS_NewUint32(context, size);
}

static void write_all(int file, const uint8_t *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(file, bytes, size);
    if (written <= 0) return; /* a plugin whose output goes nowhere goes on */
    bytes += written;
    size -= written;
  }
}

/* print(file, text) */
static JSValue print(ARGUMENTS) {
  int32_t file;
  size_t size;
  if (JS_ToInt32(context, &file, arguments[0])) return JS_EXCEPTION;
  const char *text = JS_ToCStringLen(context, &size, arguments[1]);
  if (text == NULL) return JS_EXCEPTION;
  write_all(file, (const uint8_t *)text, size);
  JS_FreeCString(context, text);
  return JS_UNDEFINED;
}

/* hostCall(number, request): Uint8Array */
static JSValue call_host(ARGUMENTS) {
  uint32_t number;
  size_t size = 0;
  if (JS_ToUint32(context, &number, arguments[0])) return JS_EXCEPTION;
  uint8_t *request = JS_GetUint8Array(context, &size, arguments[1]);
  if (request == NULL) return JS_EXCEPTION;
  if (engine.building) {
    return JS_ThrowTypeError(
      context, "there is no host while the plugin is built: call its functions in a method");
  }
  Block *block = engine.request;
  Place begin = engine.begin, here = {get_stack_pointer(), context->rt->current_stack_frame};
  if (block != NULL) {
    block->waits = 1;
    block->begin = begin;
  }
  engine.begin = here;
  uint64_t result = host_call(number, size == 0 ? NULL : request, size);
  /* Calls that were made meanwhile may have ended anywhere. */
  context->rt->current_stack_frame = here.frame;
  engine.begin = begin;
  engine.request = block;
  if (block != NULL) block->waits = 0;
  uint8_t *reply = (uint8_t *)(uintptr_t)(result >> 32);
  JSValue bytes = JS_NewUint8ArrayCopy(context, reply, reply == NULL ? 0 : (uint32_t)result & 0x7fffffff);
  plugin_free(reply);
  return bytes;
}

/* sleep(milliseconds) */
static JSValue sleep_for(ARGUMENTS) {
  double milliseconds;
  if (JS_ToFloat64(context, &milliseconds, arguments[0])) return JS_EXCEPTION;
  if (milliseconds > 0) usleep(milliseconds > 4e6 ? 4000000000u : (useconds_t)(milliseconds * 1000));
  return JS_UNDEFINED;
}

/* random(bytes) */
static JSValue fill_random(ARGUMENTS) {
  size_t size;
  uint8_t *bytes = JS_GetUint8Array(context, &size, arguments[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  if (size > 0 && __wasi_random_get(bytes, size) != 0) {
    return JS_ThrowTypeError(context, "the host has no random numbers");
  }
  return JS_UNDEFINED;
}

/* readFile(directory, path): Uint8Array | number, which is an errno of WASI */
static JSValue read_file(ARGUMENTS) {
  int32_t directory;
  if (JS_ToInt32(context, &directory, arguments[0])) return JS_EXCEPTION;
  const char *path = JS_ToCString(context, arguments[1]);
  if (path == NULL) return JS_EXCEPTION;
  __wasi_fd_t file;
  __wasi_errno_t error = __wasi_path_open(
    directory, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, 0, __WASI_RIGHTS_FD_READ, 0, 0, &file);
  JS_FreeCString(context, path);
  if (error != 0) return JS_NewInt32(context, error);
  DynBuf bytes;
  js_dbuf_init(context, &bytes);
  for (;;) {
    uint8_t chunk[4096];
    __wasi_iovec_t vector = {chunk, sizeof chunk};
    __wasi_size_t size = 0;
    error = __wasi_fd_read(file, &vector, 1, &size);
    if (error != 0 || size == 0) break;
    if (dbuf_put(&bytes, chunk, size) != 0) break;
  }
  (void)!__wasi_fd_close(file);
  JSValue result = dbuf_error(&bytes) ? JS_ThrowOutOfMemory(context)
    : error != 0 ? JS_NewInt32(context, error)
    : JS_NewUint8ArrayCopy(context, bytes.buf, bytes.size);
  dbuf_free(&bytes);
  return result;
}

/* writeFile(directory, path, bytes): an errno of WASI, 0 if all went well */
static JSValue write_file(ARGUMENTS) {
  int32_t directory;
  size_t size;
  if (JS_ToInt32(context, &directory, arguments[0])) return JS_EXCEPTION;
  const uint8_t *bytes = JS_GetUint8Array(context, &size, arguments[2]);
  if (bytes == NULL) return JS_EXCEPTION;
  const char *path = JS_ToCString(context, arguments[1]);
  if (path == NULL) return JS_EXCEPTION;
  __wasi_fd_t file;
  __wasi_errno_t error = __wasi_path_open(
    directory, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC,
    __WASI_RIGHTS_FD_WRITE, 0, 0, &file);
  JS_FreeCString(context, path);
  if (error != 0) return JS_NewInt32(context, error);
  while (size > 0 && error == 0) {
    __wasi_ciovec_t vector = {bytes, size};
    __wasi_size_t written = 0;
    error = __wasi_fd_write(file, &vector, 1, &written);
    if (error == 0 && written == 0) error = __WASI_ERRNO_IO;
    bytes += written;
    size -= written;
  }
  __wasi_errno_t closed = __wasi_fd_close(file);
  return JS_NewInt32(context, error != 0 ? error : closed);
}

/* preopen(file): string | undefined, the path that the host calls a directory by */
static JSValue preopen(ARGUMENTS) {
  int32_t file;
  if (JS_ToInt32(context, &file, arguments[0])) return JS_EXCEPTION;
  __wasi_prestat_t stat;
  if (engine.building || __wasi_fd_prestat_get(file, &stat) != 0) return JS_UNDEFINED;
  size_t size = stat.u.dir.pr_name_len;
  uint8_t *name = js_malloc(context, size + 1);
  if (name == NULL) return JS_EXCEPTION;
  JSValue path = __wasi_fd_prestat_dir_name(file, name, size) != 0
    ? JS_UNDEFINED
    : JS_NewStringLen(context, (char *)name, size);
  js_free(context, name);
  return path;
}

/* exit(code) */
static JSValue exit_with(ARGUMENTS) {
  int32_t code;
  if (JS_ToInt32(context, &code, arguments[0])) return JS_EXCEPTION;
  __wasi_proc_exit(code);
}

/* collect() */
static JSValue collect(ARGUMENTS) {
  JS_RunGC(engine.runtime);
  return JS_UNDEFINED;
}

/* serve(dispatch, reply, describe, runTimer, noBytes) */
static JSValue serve(ARGUMENTS) {
  JSValue *kept[] = {&engine.dispatch, &engine.reply, &engine.describe, &engine.run_timer, &engine.no_bytes};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
    JS_FreeValue(context, *kept[i]);
    *kept[i] = JS_DupValue(context, arguments[i]);
  }
  return JS_UNDEFINED;
}

/* answerRpc(number, implementation, method, request, reply) */
static JSValue answer_rpc_with(ARGUMENTS) {
  uint32_t number;
  if (JS_ToUint32(context, &number, arguments[0])) return JS_EXCEPTION;
  if (number >= engine.rpc_count) {
    Rpc *rpcs = realloc(engine.rpcs, (number + 1) * sizeof *rpcs);
    if (rpcs == NULL) return JS_ThrowOutOfMemory(context);
    memset(rpcs + engine.rpc_count, 0, (number + 1 - engine.rpc_count) * sizeof *rpcs);
    engine.rpcs = rpcs;
    engine.rpc_count = number + 1;
  }
  /* An implementation that was there before is not freed: there are few. */
  engine.rpcs[number] = (Rpc){
    js_dup(arguments[1]),
    JS_ValueToAtom(context, arguments[2]),
    message_of_class(arguments[3]),
    message_of_class(arguments[4]),
  };
  return JS_UNDEFINED;
}

/* writeMessage(type, message): Uint8Array | undefined */
static JSValue write_with_table(ARGUMENTS) {
  Message *message = message_of_class(arguments[0]);
  Output out = {0};
  if (message == NULL) return JS_UNDEFINED;
  JSValue bytes = write_whole_message(context, message, arguments[1], &out)
    ? JS_NewUint8ArrayCopy(context, out.bytes, out.size)
    : JS_UNDEFINED;
  free(out.bytes);
  return bytes;
}

/* readMessage(type, bytes): message | undefined */
static JSValue read_with_table(ARGUMENTS) {
  size_t size;
  Message *message = message_of_class(arguments[0]);
  if (message == NULL) return JS_UNDEFINED;
  uint8_t *bytes = JS_GetUint8Array(context, &size, arguments[1]);
  if (bytes == NULL && size != 0) return JS_EXCEPTION;
  JSValue value = read_whole_message(context, message, bytes, size);
  return JS_IsException(value) ? JS_UNDEFINED : value;
}

static const struct {
  const char *name;
  JSCFunction *function;
  int parameters;
} FUNCTIONS[] = {
  {"utf8Read", utf8_read, 3}, {"utf8Write", utf8_write, 3}, {"print", print, 2},
  {"hostCall", call_host, 2}, {"sleep", sleep_for, 1},      {"random", fill_random, 1},
  {"readFile", read_file, 2}, {"preopen", preopen, 1},      {"exit", exit_with, 1},
  {"collect", collect, 0},    {"serve", serve, 5},          {"writeFile", write_file, 3},
  {"defineMessage", define_message, 3}, {"answerRpc", answer_rpc_with, 5},
  {"writeMessage", write_with_table, 2}, {"readMessage", read_with_table, 2},
};

static void add_functions(JSContext *context) {
  JSValue global = JS_GetGlobalObject(context);
  JSValue functions = JS_NewObject(context);
  for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
    JS_SetPropertyStr(
      context, functions, FUNCTIONS[i].name,
      JS_NewCFunction(context, FUNCTIONS[i].function, FUNCTIONS[i].name, FUNCTIONS[i].parameters));
  }
  JS_DefinePropertyValueStr(context, global, "__wplug", functions, JS_PROP_CONFIGURABLE);
  JS_FreeValue(context, global);
}
