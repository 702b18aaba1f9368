/* What an instance of the engine has to remember. */
typedef struct Message Message;

typedef struct {
  JSValue implementation;
  JSAtom method;
  /* NULL: there is no table of its request or reply, and JavaScript answers. */
  Message *request, *reply;
} Rpc;

/* Where a message is written. */
typedef struct {
  JSContext *context;
  uint8_t *bytes;
  size_t size, room;
  /* How many messages the innermost one is inside of. */
  int depth;
} Output;

typedef struct {
  JSRuntime *runtime;
  JSContext *context;
  /* (rpc: number, request: Uint8Array) => Uint8Array | Promise<Uint8Array> */
  JSValue dispatch;
  /* (rpc: number, answer: unknown) => Uint8Array | Promise<Uint8Array>: the reply of a method, of what it returned. */
  JSValue reply;
  /* (error: unknown) => string: what the host gets to read. */
  JSValue describe;
  /* () => boolean: waits for the next timer and runs it; false if there is none. */
  JSValue run_timer;
  /* The Uint8Array without bytes that all messages share. */
  JSValue no_bytes;
  /* What answers each rpc, by its number. */
  Rpc *rpcs;
  uint32_t rpc_count;
  /* Bytes of the last answer, which live until the next one: either of both. */
  JSValue answer;
  Output written;
  /* The module that is run at the start, where the plugin wants that. */
  JSValue waiting;
  /* Whether the plugin is being built: there is no host yet. */
  int building;
  /* Where the next call begins: outside of all others, or in the one that waits for the host. */
  Place begin;
  /* The request of the call that runs, NULL if it has none. */
  Block *request;
} Engine;

static Engine engine = {
  .dispatch = JS_UNDEFINED,
  .reply = JS_UNDEFINED,
  .describe = JS_UNDEFINED,
  .no_bytes = JS_UNDEFINED,
  .run_timer = JS_UNDEFINED,
  .answer = JS_UNDEFINED,
  .waiting = JS_UNDEFINED,
};

/*
 * `free` of docs/abi.md. Ignores what is no block: hosts free results, which are none.
 *
 * Hosts free a request when its call is over. If that waits for the host, a function of the host has failed, and nobody returns to it.
 */
EXPORT(free) void plugin_free(void *address) {
  Block *block = block_of(address);
  if (block == NULL) return;
  if (block->waits) engine.begin = block->begin;
  if (block == engine.request) engine.request = NULL;
  block->magic = 0;
  free(block);
}

#define ARGUMENTS JSContext *context, JSValueConst self, int count, JSValueConst *arguments

