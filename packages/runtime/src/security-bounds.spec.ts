import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { HostDirectory } from "./node.js";
import {
  MemoryFiles,
  PluginLimitError,
  untrusted,
  type FileSystem,
  type LoadOptions,
} from "./index.js";
import { answering, EMPTY_ITEM, EverythingPlugin, MIB } from "./testing/answering.js";
import { askLibrary } from "./testing/ask.js";
import { Inner } from "./testing/everything.js";
import { GreeterPlugin } from "./testing/greeter-client.js";
import {
  ASK,
  ASK_ONCE,
  call,
  count,
  counting,
  expectError,
  FOREVER,
  turnsDuring,
  use,
  wasi,
} from "./testing/greeters.js";
import { itemsOf, linesOf, pageSays } from "./testing/security-page.js";
import { FD_WRITE, WRITE, greeter, wat, type Parts } from "./testing/wat.js";
import { wasmApi } from "./module/wasm-api.js";
import { HostAnswers } from "./worker/host-answers.js";

/**
 * What docs/security.md says below its first two tables: whose thread does what, what bounds what a plugin makes the host do, what
 * is not interrupted. Each line of those tables, and each item of the lists that says what happens, has a test of its name.
 */
type Isolation = "inline" | "worker";
type Test = (isolation: Isolation) => Promise<void>;

const NAMETOOLONG = 37;
const NOSPC = 51;
const NOTCAPABLE = 76;

/** The longest time that the event loop had no turn while something ran, in milliseconds. */
async function longestStop(run: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 5);
  await run().catch(() => {});
  look();
  clearInterval(timer);
  return longest;
}

/** Whether it is the host's thread that does something which takes 200 ms. */
async function expectInThread(isolation: Isolation, run: () => Promise<unknown>): Promise<void> {
  if (isolation === "worker") expect(await turnsDuring(run)).toBeGreaterThan(10);
  else expect(await longestStop(run)).toBeGreaterThan(190);
}

/** Counts what a method is called for while something runs. */
async function callsOf<T extends object>(
  owner: T,
  method: jest.FunctionPropertyNames<Required<T>>,
  run: () => Promise<unknown>,
): Promise<number> {
  const spy = jest.spyOn(owner, method as never);
  try {
    await run();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

/** Sleeps for so many nanoseconds. */
const sleeps = (nanoseconds: string): Parts => ({
  imports: wasi("poll_oneoff", "i32 i32 i32 i32"),
  sayHello: `(i32.store (i32.const 16) (i32.const 1)) (i64.store (i32.const 24) (i64.const ${nanoseconds}))
    (drop (call $wasi (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) (i64.const 0)`,
});
const STAT: Parts = {
  imports: wasi("path_filestat_get", "i32 i32 i32 i32 i32"),
  more: `(data (i32.const 100) "a/b/c.txt")`,
  sayHello: `(drop (call $wasi (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 9) (i32.const 200))) (i64.const 0)`,
};
const FILES = { "a/b/c.txt": "text" };

const threads: Readonly<Record<string, Test>> = {
  "the plugin's code, its start, `malloc` and `free`": async (isolation) => {
    const options = { isolation, limits: { time: 200 } };
    const memory = (malloc: string, free: string): string => `
      (func $malloc (export "malloc") (param i32) (result i32) ${malloc} (i32.const 4096))
      (func (export "free") (param i32) ${free})`;
    const endless: Parts[] = [
      { sayHello: FOREVER },
      { more: `(func (export "_initialize") ${FOREVER})` },
      { memory: memory(FOREVER, "") },
      { memory: memory("", FOREVER) },
    ];
    for (const parts of endless) await expectInThread(isolation, () => call(parts, options));
  },
  "compiling, checking and rewriting the plugin": async (isolation) => {
    const options = { isolation, limits: { fuel: MIB } };
    const compiled = await callsOf(wasmApi(), "compile", () => call({}, options));
    expect(compiled).toBeGreaterThan(0);
  },
  "encoding requests, decoding answers and what host functions get": async (isolation) => {
    const given = askLibrary((request) => request, false);
    const run = () => call(ASK_ONCE, { isolation, ...given });
    // The request of the host function, and the answer.
    expect(await callsOf(Inner, "read", run)).toBe(2);
    expect(await callsOf(Inner, "write", run)).toBe(2);
  },
  "host functions, `stdout`, `stderr`, `clock`, `random` of the options": async (isolation) => {
    const called: string[] = [];
    const clock = { realtime: () => 0n, monotonic: () => 0n };
    await call(ASK_ONCE, {
      isolation,
      ...askLibrary((request) => {
        called.push("host function");
        return request;
      }, false),
    });
    const write = (fd: number) => `(call $write (i32.const ${fd}) (i32.const 100) (i32.const 1))`;
    const asks: Parts = {
      imports: `${FD_WRITE}
        (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))`,
      more: `${WRITE} (data (i32.const 100) "a")`,
      sayHello: `${write(1)} ${write(2)} (drop (call $time (i32.const 0) (i64.const 0) (i32.const 200)))
        (drop (call $random (i32.const 200) (i32.const 1))) (i64.const 0)`,
    };
    await call(asks, {
      isolation,
      stdout: () => void called.push("stdout"),
      stderr: () => void called.push("stderr"),
      clock: { ...clock, realtime: () => BigInt(called.push("clock")) },
      random: () => void called.push("random"),
    });
    expect(called.sort()).toEqual(["clock", "host function", "random", "stderr", "stdout"]);
  },
  files: async (isolation) => {
    const files = new MemoryFiles(FILES);
    let questions = 0;
    const asked = await callsOf(files, "stat", async () => {
      questions = await callsOf(HostAnswers.prototype, "answer", () =>
        call(STAT, { isolation, files: { "/": files } }),
      );
    });
    expect(asked).toBeGreaterThan(0);
    // One for each operation, however long the path.
    expect(questions).toBe(isolation === "worker" ? 1 : 0);
  },
  "WASI but for the above": async (isolation) => {
    await expectInThread(isolation, () => call(sleeps("200000000"), { isolation }));
  },
};

/** Makes empty files with names of four letters until it can't, and tells the number of the error. */
const MAKES_FILES = counting(
  wasi("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32"),
  `(call $fill)`,
);
const FILL = `(func $fill (result i32) (local $i i32) (local $error i32)
  (loop $next
    (i32.store (i32.const 100) (i32.add (i32.const 0x61616161)
      (i32.or (i32.and (local.get $i) (i32.const 15)) (i32.shl (i32.shr_u (local.get $i) (i32.const 4)) (i32.const 8)))))
    (local.set $error (call $wasi (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 4) (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 200)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $next (i32.and (i32.eqz (local.get $error)) (i32.lt_u (local.get $i) (i32.const 200)))))
  (local.get $error))`;

async function expectFullAt(isolation: Isolation, files: FileSystem): Promise<void> {
  const makes = { ...MAKES_FILES, more: FILL };
  expect(await count(makes, { isolation, files: { "/": files } })).toBe(NOSPC);
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "wplug-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An item of a list of messages, with a field that they don't know. */
const UNKNOWN_ITEM = [0x9a, 0x01, 0x02, 0x18, 0x01];

const amplifiers: Readonly<Record<string, Test>> = {
  "answers with two bytes, a message with nothing in it": async (isolation) => {
    const [always, most] = [64 * MIB, 256 * MIB];
    for (const [size, limits] of [
      [4 * MIB, {}],
      [25 * MIB, {}],
      [MIB, { decoded: 2 * MIB }],
    ] as const) {
      const module = await answering(UNKNOWN_ITEM, size);
      await using plugin = await EverythingPlugin.load(module, { isolation, limits });
      const error = await plugin.sayHello().catch((error: unknown) => error as Error);
      expect(error).toBeInstanceOf(PluginLimitError);
      const [answered = 0, made = 0] = (error as Error).message.match(/\d+/g)?.map(Number) ?? [];
      const usual = answered + Math.min(most, always + 32 * answered);
      expect(made).toBe("decoded" in limits ? limits.decoded : usual);
    }
  },
  "answers with few bytes that are many small fields": async (isolation) => {
    const options = { isolation, limits: { time: 300, decoded: 8192 * MIB } };
    const module = await answering(EMPTY_ITEM, 64 * MIB);
    await using plugin = await EverythingPlugin.load(module, options);
    await expect(plugin.sayHello()).rejects.toMatchObject({ name: "PluginTimeoutError" });
    await using short = await EverythingPlugin.load(module, {
      isolation,
      limits: { message: MIB },
    });
    await expect(short.sayHello()).rejects.toThrow("(limits.message)");
  },
  "asks for a name that is long": async (isolation) => {
    const stat = (pattern: number, length: number): Parts =>
      counting(
        wasi("path_filestat_get", "i32 i32 i32 i32 i32"),
        `(block (result i32) (memory.fill (i32.const 10000) (i32.const ${pattern}) (i32.const ${length}))
          (call $wasi (i32.const 3) (i32.const 0) (i32.const 10000) (i32.const ${length}) (i32.const 200)))`,
      );
    const options = { isolation, files: { "/": new MemoryFiles(FILES) } };
    const [letter, slash] = ["n".charCodeAt(0), "/".charCodeAt(0)];
    expect(await count(stat(letter, 255), options)).not.toBe(NAMETOOLONG);
    expect(await count(stat(letter, 256), options)).toBe(NAMETOOLONG);
    expect(await count(stat(slash, 4095), options)).not.toBe(NAMETOOLONG);
    expect(await count(stat(slash, 4096), options)).toBe(NAMETOOLONG);
  },
  "writes many small pieces": async (isolation) => {
    let calls = 0;
    const writes: Parts = {
      imports: FD_WRITE,
      more: `${WRITE} (data (i32.const 100) "a")`,
      sayHello: `(loop $again (call $write (i32.const 1) (i32.const 100) (i32.const 1)) (br $again)) unreachable`,
    };
    const options = { isolation, limits: { output: 100 }, stdout: () => void calls++ };
    await expectError(writes, options, "PluginLimitError", "(limits.output)");
    expect(calls).toBeLessThanOrEqual(100);
  },
  "makes many small files": async (isolation) => {
    await expectFullAt(isolation, new MemoryFiles({}, { capacity: 10_000 }));
    await inFolder(async (folder) => {
      await expectFullAt(isolation, new HostDirectory(folder, { writable: true, quota: 50_000 }));
      expect(readdirSync(folder)).toHaveLength(Math.floor(50_000 / 4096));
    });
  },
  "calls host functions without end": async (isolation) => {
    const asks: Parts = {
      imports: ASK,
      sayHello: `(loop $again (drop (call $ask (local.get $ptr) (local.get $size))) (br $again)) unreachable`,
    };
    const options = {
      isolation,
      limits: { time: 200 },
      ...askLibrary((request) => request, false),
    };
    await expectError(asks, options, "PluginTimeoutError", "200 ms");
  },
  "has a large module": async (isolation) => {
    const part = new Uint8Array(64 * MIB);
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(part) });
    await expect(GreeterPlugin.load(new Response(body), { isolation })).rejects.toThrow(
      `has more than ${512 * MIB} bytes`,
    );
  },
};

const uninterrupted: Readonly<Record<string, Test>> = {
  "a host function": async (isolation) => {
    const ends: string[] = [];
    const busy = askLibrary((request) => {
      const start = performance.now();
      while (performance.now() - start < 200);
      ends.push("host function");
      return request;
    }, false);
    await expectError(
      ASK_ONCE,
      { isolation, limits: { time: 50 }, ...busy },
      "PluginTimeoutError",
    ).finally(() => ends.push("call"));
    expect(ends).toEqual(["host function", "call"]);
    // Sleeping is cut.
    await expectError(
      sleeps("60000000000"),
      { isolation, limits: { time: 50 } },
      "PluginTimeoutError",
    );
  },
  "one bulk instruction": async (isolation) => {
    const fills = greeter({
      sayHello: `(loop $again (memory.fill (i32.const 65536) (i32.const 1) (i32.const ${64 * MIB})) (br $again)) unreachable`,
    }).replace(`(memory (export "memory") 1)`, `(memory (export "memory") 1025)`);
    await expectError(fills, { isolation, limits: { time: 50 } }, "PluginTimeoutError");
  },
  "one text or one list of numbers": async (isolation) => {
    // All else of reading an answer is.
    const options = { isolation, limits: { time: 200, decoded: 8192 * MIB } };
    await using plugin = await EverythingPlugin.load(
      await answering(EMPTY_ITEM, 64 * MIB),
      options,
    );
    await expect(plugin.sayHello()).rejects.toMatchObject({ name: "PluginTimeoutError" });
  },
};

const notPromised: Readonly<Record<string, Test>> = {
  "Side channels": async (isolation) => {
    const clock = counting(
      wasi("clock_time_get", "i32 i64 i32"),
      `(block (result i32) (drop (call $wasi (i32.const 1) (i64.const 0) (i32.const 100))) (i32.load (i32.const 100)))`,
    );
    const coarse = () => (process.hrtime.bigint() / 10n ** 18n) * 10n ** 18n;
    const given = { clock: { realtime: coarse, monotonic: coarse } };
    expect(await count(clock, { isolation, ...given })).toBe(0);
  },
  "Host functions": async () => {
    let done = false;
    const slow = askLibrary(async (request) => {
      await delay(200);
      done = true;
      return request;
    }, true);
    const options = { isolation: "worker", limits: { time: 50 }, ...slow } as const;
    await expectError(ASK_ONCE, options, "PluginTimeoutError");
    expect(done).toBe(false);
    await delay(300);
    expect(done).toBe(true);
  },
  "Links that plugins make": async (isolation) => {
    const link = (target: string): Parts => ({
      ...counting(
        wasi("path_symlink", "i32 i32 i32 i32 i32"),
        `(call $wasi (i32.const 100) (i32.const ${target.length}) (i32.const 3) (i32.const 200) (i32.const 4))`,
      ),
      more: `(data (i32.const 100) "${target}") (data (i32.const 200) "link")`,
    });
    await inFolder(async (folder) => {
      const host = new HostDirectory(folder, { writable: true });
      for (const files of [host, new MemoryFiles(FILES)]) {
        const options: LoadOptions = { isolation, files: { "/": files } };
        expect(await count(link("/etc"), options)).toBe(NOTCAPABLE);
        expect(await count(link("a/../../b"), options)).toBe(NOTCAPABLE);
        expect(await count(link("inside"), options)).toBe(0);
      }
    });
  },
  "The time that file operations take": async (isolation) => {
    class Slow extends MemoryFiles {
      override stat(
        ...parameters: Parameters<MemoryFiles["stat"]>
      ): ReturnType<MemoryFiles["stat"]> {
        const start = performance.now();
        while (performance.now() - start < 200);
        return super.stat(...parameters);
      }
    }
    const files = { "/": new Slow(FILES) };
    expect(await longestStop(() => call(STAT, { isolation, files }))).toBeGreaterThan(190);
  },
  "The host's disk": amplifiers["makes many small files"] ?? (() => Promise.reject()),
};

/** Items that say what nothing is done about: there is nothing to see in a test. */
const NOTHING_TO_TEST = [
  "compiling",
  "Bugs of the engine",
  "The work of a start",
  "What the application does with an answer",
  "CPU",
  "Races on other systems",
];

const sentences: Readonly<Record<string, () => Promise<void>>> = {
  "It runs the plugin in a worker and sets every limit that there is; one that you need otherwise goes into the brackets: `untrusted({ time: 200 })`.":
    async () => {
      const { isolation, limits = {} } = untrusted({ time: 200 });
      expect(isolation).toBe("worker");
      const { time, ...others } = limits;
      expect(time).toBe(200);
      expect(others).toEqual({ ...untrusted().limits, time: undefined });
      for (const limit of Object.values(untrusted().limits ?? {})) expect(limit).toBeGreaterThan(0);
    },
  "A plugin that imports anything else is not loaded.": () =>
    expectError(
      { imports: `(import "env" "anything" (func))` },
      {},
      "PluginLoadError",
      "imports env.anything",
    ),
  '`limits.time` alone runs the plugin in a worker; in the host\'s thread only if `isolation: "inline"` or `limits.slice` says so.':
    async () => {
      const answersSync = (options: LoadOptions): Promise<boolean> =>
        use({}, options, async (plugin) => {
          try {
            plugin.sync.sayHello({ name: "a" });
            return true;
          } catch {
            return false;
          }
        });
      expect(await answersSync({ limits: { time: 1000 } })).toBe(false);
      expect(await answersSync({ limits: { time: 1000 }, isolation: "inline" })).toBe(true);
    },
  "Endless recursion needs no limit: the stack ends, which is a `PluginTrapError`.": () =>
    expectError(
      { more: `(func $f (call $f) (call $f))`, sayHello: `(call $f) (i64.const 0)` },
      { isolation: "inline" },
      "PluginTrapError",
    ),
  "A plugin can catch none of these ends, and one that is disposed by its own host function is ended when it next asks.":
    async () => {
      const catches = greeter({
        sayHello: `(loop $again (try (do (loop $in (br $in))) (catch_all)) (br $again)) unreachable`,
      });
      const bytes = await wat(catches, { exceptions: true });
      await using plugin = await GreeterPlugin.load(bytes, {
        isolation: "inline",
        limits: { time: 50 },
      });
      await expect(plugin.sayHello({})).rejects.toMatchObject({ name: "PluginTimeoutError" });
      const asks = greeter({
        imports: ASK,
        sayHello: `(drop (call $ask (local.get $ptr) (local.get $size))) ${FOREVER}`,
      });
      const disposed: GreeterPlugin = await GreeterPlugin.load(await wat(asks), {
        isolation: "inline",
        limits: { time: 60_000 },
        ...askLibrary((request) => {
          void disposed.dispose();
          return request;
        }, false),
      });
      expect(() => disposed.sync.sayHello({ name: "a" })).toThrow("it was disposed");
    },
};

const HEADINGS = {
  threads: "What runs in whose thread",
  amplifiers: "What amplifies",
  uninterrupted: "In the host's thread, or in a worker?",
  notPromised: "What is not promised at all",
};
/** They say when to use what. */
const ADVICE = ["Metered", "A worker"];

describe.each<Isolation>(["inline", "worker"])("%s: in its thread", (isolation) => {
  it.each(Object.entries(threads))("%s", (_, test) => test(isolation));
});

describe.each<Isolation>(["inline", "worker"])("%s: what bounds a plugin that", (isolation) => {
  // Some make hundreds of megabytes.
  it.each(Object.entries(amplifiers))("%s", (_, test) => test(isolation), 60_000);
});

describe("metering does not interrupt", () => {
  it.each(Object.entries(uninterrupted))("%s", (_, test) => test("inline"));
});

describe.each<Isolation>(["inline", "worker"])("%s: as said of", (isolation) => {
  it.each(Object.entries(notPromised))("%s", (_, test) => test(isolation));
});

describe("docs/security.md says:", () => {
  it.each(Object.entries(sentences))("%s", async (sentence, test) => {
    expect(pageSays(sentence)).toBe(true);
    await test();
  });

  it("has a line for each of these tests", () => {
    expect(linesOf(HEADINGS.threads)).toEqual(Object.keys(threads));
    expect(linesOf(HEADINGS.amplifiers)).toEqual(Object.keys(amplifiers));
    const tested = [...Object.keys(uninterrupted), ...Object.keys(notPromised)];
    const items = [...itemsOf(HEADINGS.uninterrupted), ...itemsOf(HEADINGS.notPromised)];
    expect(items.sort()).toEqual([...ADVICE, ...tested, ...NOTHING_TO_TEST].sort());
  });
});
