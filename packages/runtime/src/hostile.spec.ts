import {
  MemoryFiles,
  PluginLoadError,
  PluginModule,
  WplugError,
  type HostFunction,
  type LoadOptions,
} from "./index.js";
import { Inner } from "./testing/everything.js";
import { GreeterPlugin } from "./testing/greeter-client.js";
import { ECHO, FD_WRITE, WRITE, greeter, wat, type Parts } from "./testing/wat.js";

/**
 * Modules that mean harm. Each is loaded and called in both kinds of isolation; the host must survive, with an error of
 * the right class, and go on to run another plugin. docs/security.md says what is promised.
 */
interface Hostile {
  readonly parts?: Parts;
  /** Instead of a plugin made of parts. */
  readonly module?: string;
  readonly options?: LoadOptions;
  /** Name of the class, and a part of the text. */
  readonly error: readonly [name: string, text: string | RegExp];
}

const FOREVER = `(loop $again (br $again)) unreachable`;
const EXIT = `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`;
const ASK = `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`;
const SCRIBBLE = (body: string): string => `
  (func $malloc (export "malloc") (param i32) (result i32) ${body})
  (func (export "free") (param i32))`;

const NESTED = 1000;

/** A message in a message and so on, in the text format: a tag and a length of three bytes each. */
function nestedMessages(): string {
  let text = "";
  for (let left = NESTED - 1; left >= 0; left--) {
    const size = left * 4;
    for (const byte of [0x12, 0x80 | (size & 0x7f), 0x80 | (size >> 7), 0]) {
      text += `\\${byte.toString(16).padStart(2, "0")}`;
    }
  }
  return text;
}

const hostFunction: HostFunction<Inner, Inner> = {
  module: "env",
  name: "ask",
  input: Inner,
  output: Inner,
  call: (request) => request,
};
const host: LoadOptions = {
  libraries: [{ functions: [hostFunction as unknown as HostFunction] }],
};

const hostile: Record<string, Hostile> = {
  "answers beyond the end of its memory": {
    parts: { sayHello: `(call $answer (i32.const 65530) (i32.const 7))` },
    error: ["PluginTrapError", "7 bytes at 65530, is not in the plugin's memory"],
  },
  "answers with a size that wraps around": {
    parts: { sayHello: `(call $answer (i32.const -1) (i32.const 0x7fffffff))` },
    error: ["PluginTrapError", "2147483647 bytes at 4294967295, is not in the plugin's memory"],
  },
  "answers with an error text that wraps around": {
    parts: { sayHello: `(i64.const -1)` },
    error: ["PluginTrapError", "is not in the plugin's memory"],
  },
  "answers with more than the host takes": {
    parts: {
      sayHello: `(drop (memory.grow (i32.const 1000))) (call $answer (i32.const 0) (i32.const 60000000))`,
    },
    options: { limits: { message: 1 << 20 } },
    error: ["PluginLimitError", "60000000 bytes; the limit is 1048576 (limits.message)"],
  },
  "answers with text that is no UTF-8": {
    parts: {
      sayHello: `(call $answer (i32.const 100) (i32.const 4))`,
      more: `(data (i32.const 100) "\\0a\\02\\ff\\fe")`,
    },
    error: ["WireError", "not valid UTF-8"],
  },
  "answers with messages in messages without end": {
    parts: {
      sayHello: `(call $answer (i32.const 1000) (i32.const ${4 * NESTED}))`,
      more: `(data (i32.const 1000) "${nestedMessages()}")`,
    },
    error: ["WireError", "nested more than 100 levels deep"],
  },
  "returns something else than a place": {
    module: greeter()
      .replace(
        /\(func \(export "greeter_say_hello"\)[\s\S]*?\(result i64\)/,
        `(func (export "greeter_say_hello") (param $ptr i32) (param $size i32) (result f64) (return (f64.const 1)) (drop (block (result i64)`,
      )
      .replace(ECHO, `(i64.const 0))) (f64.const 0)`),
    error: ["PluginTrapError", "it returns no i64"],
  },
  "takes other parameters": {
    module: greeter().replace(
      `(export "greeter_say_hello") (param $ptr i32)`,
      `(export "greeter_say_hello") (param i32) (param $ptr i32)`,
    ),
    error: ["PluginLoadError", "invalid greeter_say_hello signature"],
  },
  "takes a 64-bit pointer": {
    module: `(module (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) (i32.const 8)) (func (export "free") (param i32))
      (func (export "greeter_api_version") (result i64) (i64.const 1))
      (func (export "greeter_say_hello") (param i64 i64) (result i64) (i64.const 0)))`,
    error: ["PluginTrapError", /BigInt/],
  },
  "exports numbers in the place of functions": {
    module: `(module (memory (export "memory") 1) (global (export "malloc") i32 (i32.const 1))
      (global (export "free") i32 (i32.const 1)) (global (export "greeter_api_version") i64 (i64.const 1)))`,
    error: ["PluginLoadError", "malloc is not exported"],
  },
  "exports a table in the place of memory": {
    module: greeter().replace(
      `(memory (export "memory") 1)`,
      `(memory 1) (table (export "memory") 1 funcref)`,
    ),
    error: ["PluginLoadError", "memory is not exported"],
  },
  "has a malloc that answers 0": {
    parts: { memory: SCRIBBLE("(i32.const 0)") },
    error: ["PluginTrapError", "malloc: it answered 0 when asked for 3 bytes"],
  },
  "has a malloc that answers beyond the end": {
    parts: { memory: SCRIBBLE("(i32.const 65535)") },
    error: ["PluginTrapError", "malloc: it answered 65535 when asked for 3 bytes"],
  },
  "has a malloc that answers a negative number": {
    parts: { memory: SCRIBBLE("(i32.const -1)") },
    error: ["PluginTrapError", "malloc: it answered 4294967295"],
  },
  "has a malloc that never returns": {
    parts: { memory: SCRIBBLE("unreachable") },
    error: ["PluginTrapError", "trapped: unreachable"],
  },
  "has a free that traps": {
    parts: {
      memory: `(func $malloc (export "malloc") (param i32) (result i32) (i32.const 8))
        (func (export "free") (param i32) unreachable)`,
    },
    error: ["PluginTrapError", "trapped: unreachable"],
  },
  "calls itself without end": {
    parts: {
      more: `(func $deep (call $deep) (call $deep))`,
      sayHello: `(call $deep) (i64.const 0)`,
    },
    error: ["PluginTrapError", "call stack"],
  },
  "calls itself through the host without end": {
    parts: { imports: ASK, sayHello: `(call $ask (i32.const 70000) (i32.const 1))` },
    options: host,
    error: ["HostFunctionError", "the request is not in the plugin's memory"],
  },
  "sends a host function what is no message": {
    parts: {
      imports: ASK,
      sayHello: `(call $ask (i32.const 100) (i32.const 2))`,
      more: `(data (i32.const 100) "\\0a\\ff")`,
    },
    options: host,
    error: ["HostFunctionError", "test.v1.Inner"],
  },
  "sends a host function more than it takes": {
    parts: { imports: ASK, sayHello: `(call $ask (i32.const 0) (i32.const 60000))` },
    options: { ...host, limits: { message: 1000 } },
    error: ["PluginLimitError", "60000 bytes to env.ask; the limit is 1000 (limits.message)"],
  },
  "takes all the memory that it can get": {
    parts: {
      sayHello: `(loop $again (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable`,
    },
    options: { limits: { memory: 16 << 20 } },
    error: ["PluginLimitError", "may have 16777216 (limits.memory)"],
  },
  "takes memory in the form of tables": {
    parts: {
      more: `(table $t 0 externref)`,
      sayHello: `(if (i32.eq (table.grow $t (ref.null extern) (i32.const 9000000)) (i32.const -1)) (then unreachable)) (i64.const 0)`,
    },
    options: { limits: { memory: 16 << 20 } },
    error: ["PluginTrapError", "trapped: unreachable"],
  },
  "begins with more memory than it may have": {
    module: greeter().replace(`(memory (export "memory") 1)`, `(memory (export "memory") 60000)`),
    options: { limits: { memory: 16 << 20 } },
    error: ["PluginLoadError", "needs 3932160000 bytes for memory to begin with"],
  },
  "floods the output": {
    parts: {
      imports: FD_WRITE,
      more: WRITE,
      sayHello: `(loop $again (call $write (i32.const 2) (i32.const 0) (i32.const 60000)) (br $again)) unreachable`,
    },
    options: { stderr: null, limits: { output: 1 << 20 } },
    error: ["PluginLimitError", "1048576 bytes to stdout and stderr in one call (limits.output)"],
  },
  "floods the output while it starts": {
    parts: {
      imports: FD_WRITE,
      more: `${WRITE} (func (export "_initialize") (loop $again (call $write (i32.const 1) (i32.const 0) (i32.const 60000)) (br $again)))`,
    },
    options: { stdout: null, limits: { output: 1 << 20 } },
    error: ["PluginLoadError", "(limits.output)"],
  },
  "fills its file system": {
    parts: {
      imports: `(import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32))) ${FD_WRITE}`,
      more: `(data (i32.const 100) "f")`,
      sayHello: `(drop (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 200)))
        (i32.store (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 60000))
        (loop $again (br_if $again (i32.eqz (call $fd_write (i32.load (i32.const 200)) (i32.const 0) (i32.const 1) (i32.const 8))))) unreachable`,
    },
    options: { files: { "/": new MemoryFiles({}, { capacity: 1 << 20 }) } },
    error: ["PluginTrapError", "trapped: unreachable"],
  },
  "opens files without end": {
    parts: {
      imports: `(import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))`,
      more: `(data (i32.const 100) "f")`,
      sayHello: `(loop $again (br_if $again (i32.eqz (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 200))))) unreachable`,
    },
    options: { files: { "/": new MemoryFiles() } },
    error: ["PluginTrapError", "trapped: unreachable"],
  },
  "exits while it starts": {
    parts: { imports: EXIT, more: `(func (export "_initialize") (call $exit (i32.const 7)))` },
    error: ["PluginLoadError", "exit code 7"],
  },
  "exits when it is asked for its version": {
    parts: {
      imports: EXIT,
      version: `(func (export "greeter_api_version") (result i64) (call $exit (i32.const 0)) unreachable)`,
    },
    error: ["PluginLoadError", "exit code 0"],
  },
  "exits during a call": {
    parts: { imports: EXIT, sayHello: `(call $exit (i32.const 0)) unreachable` },
    error: ["PluginExitError", "exit code 0"],
  },
  "exits in malloc": {
    parts: {
      imports: EXIT,
      memory: SCRIBBLE(`(call $exit (i32.const 1)) unreachable`),
    },
    error: ["PluginExitError", "exit code 1"],
  },
  "traps in its start function": {
    parts: { more: `(func $start unreachable) (start $start)` },
    error: ["PluginLoadError", "unreachable"],
  },
  "imports what nobody has": {
    parts: { imports: `(import "node:fs" "readFileSync" (func (param i32) (result i32)))` },
    error: [
      "PluginLoadError",
      "plugin imports node:fs.readFileSync, which the host does not provide",
    ],
  },
  "imports a property of every object": {
    parts: { imports: `(import "env" "constructor" (func (param i32) (result i32)))` },
    options: host,
    error: ["PluginLoadError", "plugin imports env.constructor"],
  },
  "imports the prototype as a module": {
    parts: { imports: `(import "__proto__" "toString" (func (param i32) (result i32)))` },
    error: ["PluginLoadError", "plugin imports __proto__.toString"],
  },
  "imports memory of the host": {
    module: greeter()
      .replace(`(memory (export "memory") 1)`, "")
      .replace(
        "(module",
        `(module (import "env" "memory" (memory 1)) (export "memory" (memory 0))`,
      ),
    error: ["PluginLoadError", "plugin imports env.memory"],
  },
  "imports a host function with another signature": {
    parts: {
      imports: `(import "env" "ask" (func $ask (param i64) (result i32)))`,
      sayHello: `(drop (call $ask (i64.const 1))) (i64.const 0)`,
    },
    options: host,
    error: ["WplugError", /./],
  },
  "says another version": {
    parts: { version: `(func (export "greeter_api_version") (result i64) (i64.const -1))` },
    error: ["ApiVersionMismatchError", "API version mismatch, host: 1, plugin: -1"],
  },
};

/** They end in a worker, which is killed, and in the host's thread, where they are made to ask. */
const endless: Record<string, Hostile> = {
  "does not return from a call": {
    parts: { sayHello: FOREVER },
    error: ["PluginTimeoutError", "sayHello took longer than 200 ms (limits.time)"],
  },
  "does not return from its start function": {
    parts: { more: `(func $start ${FOREVER}) (start $start)` },
    error: ["PluginTimeoutError", "starting the plugin took longer than 200 ms (limits.time)"],
  },
  "does not return from _initialize": {
    parts: { more: `(func (export "_initialize") ${FOREVER})` },
    error: ["PluginTimeoutError", "starting the plugin took longer than 200 ms (limits.time)"],
  },
  "does not tell its version": {
    parts: { version: `(func (export "greeter_api_version") (result i64) ${FOREVER})` },
    error: ["PluginTimeoutError", "starting the plugin took longer than 200 ms (limits.time)"],
  },
  "does not return from malloc": {
    parts: { memory: SCRIBBLE(FOREVER) },
    error: ["PluginTimeoutError", "sayHello took longer than 200 ms (limits.time)"],
  },
  "sleeps for ever": {
    parts: {
      imports: `(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))`,
      sayHello: `(i32.store (i32.const 16) (i32.const 1)) (i64.store (i32.const 24) (i64.const -1)) (drop (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) unreachable`,
    },
    error: ["PluginTimeoutError", "sayHello took longer than 200 ms (limits.time)"],
  },
  "calls the host without end": {
    parts: {
      imports: ASK,
      sayHello: `(loop $again (drop (call $ask (i32.const 0) (i32.const 0))) (br $again)) unreachable`,
    },
    options: host,
    error: ["PluginTimeoutError", "sayHello took longer than 200 ms (limits.time)"],
  },
};

async function attack({ parts, module, options }: Hostile, more: LoadOptions): Promise<unknown> {
  const bytes = await wat(module ?? greeter(parts));
  const all = { ...options, ...more, limits: { ...options?.limits, ...more.limits } };
  let plugin: GreeterPlugin | undefined;
  try {
    plugin = await GreeterPlugin.load(bytes, all);
    return await plugin.sayHello({ name: "a" });
  } catch (error) {
    return error;
  } finally {
    await plugin?.dispose();
  }
}

async function expectSurvival({ error: [name, text] }: Hostile, outcome: unknown): Promise<void> {
  expect(outcome).toBeInstanceOf(WplugError);
  expect(outcome).toMatchObject({
    name: name === "WplugError" ? expect.any(String) : name,
    message: typeof text === "string" ? expect.stringContaining(text) : expect.stringMatching(text),
  });
  await using healthy = await GreeterPlugin.load(await wat(greeter()));
  expect((await healthy.sayHello({ name: "well" })).name).toBe("well");
}

describe.each(["inline", "worker"] as const)("%s: a plugin that", (isolation) => {
  it.each(Object.entries(hostile))("%s", async (_, attacker) => {
    await expectSurvival(attacker, await attack(attacker, { isolation }));
  });
});

describe.each(["inline", "worker"] as const)(
  "%s, with a time limit: a plugin that",
  (isolation) => {
    it.each(Object.entries(endless))("%s", async (_, attacker) => {
      const options: LoadOptions = { isolation, limits: { time: 200 } };
      await expectSurvival(attacker, await attack(attacker, options));
    });
  },
);

describe("mutated modules", () => {
  /** Numbers that are the same in every run: mulberry32. */
  function random(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) % below;
    };
  }

  it("10,000 are refused, fail or work, and do nothing else", async () => {
    const next = random(4);
    const original = await wat(greeter({ imports: FD_WRITE, more: WRITE }));
    const outcomes = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const bytes = original.slice(0, next(20) === 0 ? next(original.length) : original.length);
      for (let changes = 1 + next(3); changes > 0; changes--) {
        // Not the code: a loop without end can't be stopped in this thread, and is the business of the tests above.
        const end = next(8) === 0 ? bytes.length : Math.min(bytes.length, codeStart(original));
        bytes[next(Math.max(1, end))] = next(256);
      }
      if (await mayLoop(bytes, original)) continue;
      const outcome = await load(bytes);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    const errors = [...outcomes.keys()].filter((name) => name !== "works").sort();
    expect(errors.every((name) => /^(Plugin|ApiVersion|Wire|HostFunction)/.test(name))).toBe(true);
    expect(outcomes.get("PluginLoadError")).toBeGreaterThan(1000);
    expect(outcomes.get("works")).toBeGreaterThan(100);
  }, 60_000);

  async function load(bytes: Uint8Array): Promise<string> {
    try {
      const options = { stdout: null, stderr: null, limits: { memory: 1 << 20 } };
      await using plugin = await GreeterPlugin.load(bytes, options);
      plugin.sync.sayHello({ name: "fuzz" });
      return "works";
    } catch (error) {
      if (error instanceof WplugError) return error.name;
      throw error;
    }
  }

  function codeStart(bytes: Uint8Array): number {
    for (let at = 8; at < bytes.length; ) {
      if (bytes[at] === 10) return at;
      let size = 0;
      for (let shift = 0, more = true; more; shift += 7) {
        const byte = bytes[++at] ?? 0;
        size |= (byte & 0x7f) << shift;
        more = byte >= 0x80;
      }
      at += 1 + size;
    }
    return bytes.length;
  }

  /** Whether the code was changed and is valid all the same. */
  async function mayLoop(bytes: Uint8Array, original: Uint8Array): Promise<boolean> {
    const start = codeStart(original);
    const isChanged = original.subarray(start).some((byte, i) => bytes[start + i] !== byte);
    if (!isChanged || bytes.length < original.length) return false;
    try {
      await PluginModule.compile(bytes);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(PluginLoadError);
      return false;
    }
  }
});
