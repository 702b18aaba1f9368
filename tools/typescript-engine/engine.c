/*
 * The engine of plugins in TypeScript: QuickJS-ng, and the ABI of wplug (docs/abi.md) around it.
 *
 * A plugin is made of it in two steps, on the author's machine and without a C compiler: its bundle is run in an instance
 * of the engine (`build_*`), and the link step (packages/nx-wplug/src/languages/typescript/link) writes a module with the
 * engine's code and that instance's memory.
 */
#include "quickjs-patched.c" /* for its statics, and so that the compiler sees all of it at once */

#include "memory.h"
#include "utf8.h"
#include "state.h"
#include "clean-memory.h"
#include "messages.h"
#include "read-message.h"
#include "write-message.h"
#include "functions.h"

#define ERROR_BIT 0x80000000u

/*
 * Bytes of the stack in wasm memory after which calls are a RangeError, which JavaScript can catch. The stack of V8, which nobody
 * can catch, is full at a little more than twice as many.
 */
#define MAX_STACK (160 * 1024)

/* ---- answers ---- */

/* The bytes of a Uint8Array, or of a text, as the result of an rpc; takes the value. */
static uint64_t answer_with(JSValue value, uint32_t error_bit) {
  JSContext *context = engine.context;
  size_t size = 0;
  if (JS_IsString(value)) {
    const char *text = JS_ToCStringLen(context, &size, value);
    JS_FreeValue(context, value);
    value = JS_NewUint8ArrayCopy(context, (const uint8_t *)text, size);
    JS_FreeCString(context, text);
    uint8_t *copy = JS_GetUint8Array(context, &size, value);
    if (copy != NULL) replace_surrogates(copy, size);
  }
  JS_FreeValue(context, engine.answer);
  engine.answer = value;
  uint8_t *bytes = JS_GetUint8Array(context, &size, value);
  if (bytes == NULL) __builtin_trap(); /* no memory for it */
  if (size == 0) return error_bit;
  return (uint64_t)(uintptr_t)bytes << 32 | error_bit | size;
}

/* The text of the exception that was thrown, for the host. */
static JSValue exception_text(void) {
  JSContext *context = engine.context;
  JSValue error = JS_GetException(context);
  JSValue text = JS_UNDEFINED;
  if (!JS_IsUndefined(engine.describe)) {
    text = JS_Call(context, engine.describe, JS_UNDEFINED, 1, &error);
  }
  if (JS_IsException(text)) JS_FreeValue(context, JS_GetException(context));
  if (!JS_IsString(text)) {
    if (!JS_IsException(text)) JS_FreeValue(context, text);
    text = JS_ToString(context, error);
    if (JS_IsException(text)) {
      JS_FreeValue(context, JS_GetException(context));
      text = JS_NewString(context, "an error that has no text");
    }
  }
  JS_FreeValue(context, error);
  return text;
}

/*
 * Runs jobs and timers until the value, which may be a promise, is settled, and takes its place.
 */
static JSValue settle(JSValue value) {
  JSContext *context = engine.context, *of_job;
  for (;;) {
    int ran = JS_ExecutePendingJob(engine.runtime, &of_job);
    if (ran > 0) continue;
    if (ran < 0) {
      JS_FreeValue(context, value);
      return JS_EXCEPTION;
    }
    if (!JS_IsPromise(value)) return value;
    if (JS_PromiseState(context, value) != JS_PROMISE_PENDING) break;
    JSValue more = JS_IsUndefined(engine.run_timer)
      ? JS_FALSE
      : JS_Call(context, engine.run_timer, JS_UNDEFINED, 0, NULL);
    int again = JS_ToBool(context, more);
    JS_FreeValue(context, more);
    if (again > 0) continue;
    JS_FreeValue(context, value);
    if (again < 0) return JS_EXCEPTION;
    return JS_ThrowTypeError(
      context, "a promise never settles: nothing is left to run, no job and no timer, that would settle it");
  }
  JSValue result = JS_PromiseResult(context, value);
  int rejected = JS_PromiseState(context, value) == JS_PROMISE_REJECTED;
  if (rejected) JS_PromiseMarkAsHandled(context, value);
  JS_FreeValue(context, value);
  return rejected ? JS_Throw(context, result) : result;
}

/* Takes what JavaScript answers with: bytes, or a promise of them. */
static uint64_t answer_bytes(JSValue value) {
  if (!JS_IsException(value)) value = settle(value);
  return JS_IsException(value) ? answer_with(exception_text(), ERROR_BIT) : answer_with(value, 0);
}

/* An rpc whose messages are read and written here. */
static uint64_t answer_with_tables(uint32_t number, JSValue request) {
  JSContext *context = engine.context;
  Rpc *rpc = &engine.rpcs[number];
  JSValue method = JS_GetProperty(context, rpc->implementation, rpc->method);
  Message *reply = rpc->reply;
  JSValue value = JS_Call(context, method, rpc->implementation, 1, &request);
  JS_FreeValue(context, method);
  JS_FreeValue(context, request);
  if (!JS_IsException(value)) value = settle(value);
  if (JS_IsException(value)) return answer_with(exception_text(), ERROR_BIT);
  if (write_whole_message(context, reply, value, &engine.written)) {
    JS_FreeValue(context, value);
    size_t size = engine.written.size;
    return size == 0 ? 0 : (uint64_t)(uintptr_t)engine.written.bytes << 32 | size;
  }
  JSValueConst arguments[] = {JS_NewUint32(context, number), value};
  JSValue bytes = JS_Call(context, engine.reply, JS_UNDEFINED, 2, arguments);
  JS_FreeValue(context, value);
  return answer_bytes(bytes);
}

static __attribute__((noinline)) uint64_t answer_rpc(
  uint32_t rpc, const uint8_t *bytes, uint32_t size) {
  JSContext *context = engine.context;
  if (rpc < engine.rpc_count && engine.rpcs[rpc].request != NULL && engine.rpcs[rpc].reply != NULL) {
    JSValue request = read_whole_message(context, engine.rpcs[rpc].request, bytes, size);
    if (!JS_IsException(request)) return answer_with_tables(rpc, request);
  }
  JSValue arguments[] = {
    JS_NewUint32(context, rpc),
    JS_NewUint8ArrayCopy(context, bytes, size),
  };
  JSValue value = JS_IsException(arguments[1])
    ? JS_EXCEPTION
    : JS_Call(context, engine.dispatch, JS_UNDEFINED, 2, arguments);
  JS_FreeValue(context, arguments[1]);
  return answer_bytes(value);
}

/*
 * An rpc: exports of the contract's names call it with their number. It has no variables on the stack in memory, whose pointer
 * it changes.
 */
EXPORT(dispatch) uint64_t plugin_dispatch(uint32_t rpc, const uint8_t *request, uint32_t size) {
  /* Hosts may call on after a trap, which has left both where they were. */
  set_stack_pointer(engine.begin.stack_pointer);
  engine.runtime->current_stack_frame = engine.begin.frame;
  engine.request = block_of(request);
  return answer_rpc(rpc, request, size);
}

/* ---- start ---- */

static void start_engine(void) {
  engine.begin = (Place){get_stack_pointer(), NULL};
  engine.runtime = JS_NewRuntime2(&CLEAN_MEMORY, NULL);
  if (engine.runtime == NULL) __builtin_trap();
  JS_SetMaxStackSize(engine.runtime, MAX_STACK);
  JS_UpdateStackTop(engine.runtime);
  engine.context = JS_NewContext(engine.runtime);
  if (engine.context == NULL) __builtin_trap();
  add_functions(engine.context);
}

static JSValue run_module(JSValue module) {
  if (JS_IsException(module)) return module;
  if (JS_ResolveModule(engine.context, module) < 0) {
    JS_FreeValue(engine.context, module);
    return JS_EXCEPTION;
  }
  JSValue value = JS_EvalFunction(engine.context, module);
  return JS_IsException(value) ? value : settle(value);
}

/* _initialize of a plugin. */
EXPORT(start) void plugin_start(void) {
  engine.building = 0;
  /* Instances of one snapshot would all draw the same. */
  uint64_t seed = 0;
  (void)!__wasi_random_get((uint8_t *)&seed, sizeof seed);
  engine.context->random_state = seed == 0 ? 1 : seed;
  if (JS_IsUndefined(engine.waiting)) return;
  JSValue module = engine.waiting;
  engine.waiting = JS_UNDEFINED;
  JSValue value = run_module(module);
  if (JS_IsException(value)) {
    answer_with(exception_text(), ERROR_BIT);
    __builtin_trap(); /* plugin_panic says why */
  }
  JS_FreeValue(engine.context, value);
}

/* Why the start trapped: the only trap that the plugin itself is the cause of. */
EXPORT(wplug_panic) uint64_t plugin_panic(void) {
  size_t size = 0;
  if (JS_IsUndefined(engine.answer)) return 0;
  uint8_t *text = JS_GetUint8Array(engine.context, &size, engine.answer);
  return (uint64_t)(uintptr_t)text << 32 | size;
}

/* ---- while a plugin is built; none of it is in a plugin ---- */

/* Result of the functions below: what plugin_dispatch would answer. */
static uint64_t built(JSValue value) {
  if (JS_IsException(value)) return answer_with(exception_text(), ERROR_BIT);
  JS_FreeValue(engine.context, value);
  return 0;
}

EXPORT(build_begin) void build_begin(void) {
  engine.building = 1;
  start_engine();
  /* As in a plugin, so that code that tries whether it can compile gets the same answer at build and in calls. */
  engine.context->eval_internal = NULL;
}

/* A module's source -> its bytecode. `text` ends with a zero that does not count. */
EXPORT(build_compile) uint64_t build_compile(const char *name, const char *text, uint32_t size) {
  JSContext *context = engine.context;
  context->eval_internal = __JS_EvalInternal;
  JSValue module = JS_Eval(context, text, size, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  context->eval_internal = NULL;
  if (JS_IsException(module)) return built(module);
  size_t code_size;
  uint8_t *code = JS_WriteObject(context, &code_size, module, JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE);
  JS_FreeValue(context, module);
  if (code == NULL) return built(JS_EXCEPTION);
  JSValue bytes = JS_NewUint8ArrayCopy(context, code, code_size);
  js_free(context, code);
  return JS_IsException(bytes) ? built(bytes) : answer_with(bytes, 0);
}

/* Bytecode of a module -> runs it; or, with `later`, has it run at the start. */
EXPORT(build_load) uint64_t build_load(const uint8_t *code, uint32_t size, int later) {
  JSValue module = JS_ReadObject(engine.context, code, size, JS_READ_OBJ_BYTECODE);
  if (JS_IsException(module) || !later) return built(run_module(module));
  engine.waiting = module;
  return 0;
}

/* What a plugin may need of the engine, as bits of build_end's parameter. */
#define NEEDS_NORMALIZATION 1
#define NEEDS_PROPERTIES 2

/*
 * Makes the memory as small as it gets, before it is taken for the plugin's, and takes away what it does not need.
 *
 * Result: the address of places in the function table, up to a zero: nothing in that memory points to those functions, and the link
 * step leaves them out.
 */
EXPORT(build_end) uint32_t *build_end(uint32_t needs) {
  static uint32_t left_out[4];
  uint32_t *last = left_out;
  JS_FreeValue(engine.context, engine.answer);
  engine.answer = JS_UNDEFINED;
  JS_RunGC(engine.runtime);
  *last++ = (uint32_t)(uintptr_t)__JS_EvalInternal;
  if (!(needs & NEEDS_NORMALIZATION)) *last++ = forget_normalization();
  if (!(needs & NEEDS_PROPERTIES)) {
    forget_properties();
    *last++ = forget_property_parser();
  }
  return left_out;
}
