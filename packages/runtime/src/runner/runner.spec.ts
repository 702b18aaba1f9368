import { setTimeout as delay } from "node:timers/promises";
import {
  HostFunctionError,
  PluginAbortedError,
  PluginError,
  PluginExitError,
  PluginLimitError,
  PluginLoadError,
  PluginModule,
  PluginRetiredError,
  PluginTimeoutError,
  PluginTrapError,
  WireError,
  WplugError,
  type LoadOptions,
} from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { FD_WRITE, WRITE, greeter, wat, type Parts } from "../testing/wat.js";

const opened: GreeterPlugin[] = [];
const load = async (parts: Parts = {}, options: LoadOptions = {}): Promise<GreeterPlugin> => {
  const plugin = await GreeterPlugin.load(await wat(greeter(parts)), options);
  opened.push(plugin);
  return plugin;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((plugin) => plugin.dispose()));
});

const FOREVER = `(loop $again (br $again)) unreachable`;
const IMPORTS = `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`;
const ASK: Parts = { imports: IMPORTS, sayHello: `(call $ask (local.get $ptr) (local.get $size))` };
/** Counts its calls in a global, after a host function has answered; answers with the count as a name of one letter. */
const COUNTER: Parts = {
  imports: IMPORTS,
  sayHello: `
    (local $was i32)
    (local.set $was (global.get $count))
    (drop (call $ask (local.get $ptr) (local.get $size)))
    (global.set $count (i32.add (local.get $was) (i32.const 1)))
    (i32.store8 (i32.const 100) (i32.const 0x0a)) (i32.store8 (i32.const 101) (i32.const 1))
    (i32.store8 (i32.const 102) (i32.add (i32.const 0x30) (global.get $count)))
    (call $answer (i32.const 100) (i32.const 3))`,
  more: `(global $count (mut i32) (i32.const 0))`,
};

const ask = (call: Ask, isAsync = true) => askLibrary(call, isAsync);

// In this thread only where the engine can suspend wasm: elsewhere the worker takes its place.
describe.each([undefined, "worker"] as const)("async host functions, isolation %s", (isolation) => {
  it("are awaited by the plugin", async () => {
    const plugin = await load(ASK, {
      isolation,
      ...ask(async ({ name }) => {
        await delay(5);
        return { name: `${name}!` };
      }),
    });
    expect(await plugin.sayHello({ name: "hey" })).toEqual(new Inner({ name: "hey!" }));
    expect((await plugin.sayHello({ name: "é".repeat(200_000) })).name).toHaveLength(200_001);
    expect(plugin.stats()).toMatchObject({ calls: 2, errors: 0, hostCalls: 2 });
  });

  it("run while the host does other things, and its other calls wait", async () => {
    const events: string[] = [];
    let begin = (): void => {};
    let end = (): void => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const ended = new Promise<void>((resolve) => (end = resolve));
    const plugin = await load(ASK, {
      isolation,
      ...ask(async ({ name }) => {
        events.push(`${name} begins`);
        begin();
        await ended;
        events.push(`${name} ends`);
        return { name };
      }),
    });
    const calls = ["a", "b"].map((name) => plugin.sayHello({ name }));
    await begun;
    // Time for the other call to begin, if it did not wait.
    await delay(10);
    events.push("host");
    end();
    await Promise.all(calls);
    expect(events).toEqual(["a begins", "host", "a ends", "b begins", "b ends"]);
  });

  it("may call the plugin again, before and after they waited", async () => {
    const plugin = await load(ASK, {
      isolation,
      ...ask(async ({ name }) => {
        if (name.length >= 4) return { name };
        const before = await plugin.sayHello({ name: `${name}<` });
        await delay(1);
        const [after, third] = await Promise.all([
          plugin.sayHello({ name: `${name}>` }),
          plugin.sayHello({ name: `${name}${name}${name}${name}` }),
        ]);
        return { name: `(${before.name} ${after.name} ${third.name})` };
      }),
    });
    expect((await plugin.sayHello({ name: "aaa" })).name).toBe("(aaa< aaa> aaaaaaaaaaaa)");
    expect((await plugin.sayHello({ name: "aa" })).name).toMatch(/^\(\(aa<< aa<> /);
  });

  it("let no other call see the plugin between two of its steps", async () => {
    const plugin = await load(COUNTER, { isolation, ...ask(() => delay(3, {})) });
    const answers = await Promise.all([1, 2, 3, 4].map(() => plugin.sayHello({})));
    expect(answers.map(({ name }) => name)).toEqual(["1", "2", "3", "4"]);
  });

  it("may call the plugin again through another plugin, for which the call has to wait", async () => {
    const other = await load(ASK, {
      isolation,
      ...ask(async ({ name }) => {
        await delay(5);
        return name === "back" ? plugin.sayHello({ name: "inner" }) : { name };
      }),
    });
    const plugin = await load(ASK, {
      isolation,
      ...ask(async ({ name }) => {
        await delay(1);
        return name === "outer" ? other.sayHello({ name: "back" }) : { name };
      }),
    });
    const [first, outer] = await Promise.all([
      other.sayHello({ name: "first" }),
      plugin.sayHello({ name: "outer" }),
    ]);
    expect([first.name, outer.name]).toEqual(["first", "inner"]);
  });

  it("may start a call and not wait for it", async () => {
    let later: Promise<Inner> | undefined;
    const plugin = await load(ASK, {
      isolation,
      ...ask(async ({ name }) => {
        if (name === "first") later = plugin.sayHello({ name: "second" });
        return { name };
      }),
    });
    expect((await plugin.sayHello({ name: "first" })).name).toBe("first");
    expect((await later)?.name).toBe("second");
  });

  it("end the call when they fail, with the cause", async () => {
    const cause = new TypeError("no network");
    const plugin = await load(ASK, { isolation, ...ask(() => Promise.reject(cause)) });
    const call = plugin.sayHello({ name: "a" });
    await expect(call).rejects.toBeInstanceOf(HostFunctionError);
    await expect(call).rejects.toMatchObject({
      message: "host function env.ask failed: no network",
      cause,
    });
    if (isolation === undefined) {
      await expect(plugin.sayHello({})).rejects.toThrow(
        /earlier call failed: host function env.ask/,
      );
    }
  });

  it("and the plugin can't call each other for ever", async () => {
    const plugin = await load(ASK, {
      isolation,
      limits: { depth: 10 },
      ...ask((request) => plugin.sayHello(request)),
    });
    await expect(plugin.sayHello({ name: "a" })).rejects.toThrow(
      "plugin and host call each other more than 10 times deep (limits.depth)",
    );
  });

  it("are given up when the call is aborted", async () => {
    const plugin = await load(ASK, {
      isolation,
      ...ask(({ name }) => (name === "a" ? delay(60_000, {}, { ref: false }) : {})),
    });
    const controller = new AbortController();
    const call = plugin.sayHello({ name: "a" }, { signal: controller.signal });
    const waiting = plugin.sayHello({ name: "b" });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(call).rejects.toMatchObject({
      name: "PluginAbortedError",
      message: "sayHello was aborted",
      cause: new Error("enough"),
    });
    if (isolation === undefined) {
      await expect(waiting).rejects.toThrow(
        "sayHello: the plugin is not usable any more, because an earlier call failed: sayHello was aborted. Load it again.",
      );
    } else {
      expect(await waiting).toEqual(new Inner());
    }
  });

  it("are given up when the plugin is disposed, unless it is waited for", async () => {
    const plugin = await load(ASK, { isolation, ...ask(() => delay(30, { name: "done" })) });
    const call = plugin.sayHello({ name: "a" });
    call.catch(() => {});
    await delay(10);
    await plugin.dispose();
    if (isolation === "worker") expect((await call).name).toBe("done");
    else await expect(call).rejects.toThrow("disposed");
    await expect(plugin.sayHello({})).rejects.toThrow("because it was disposed");
  });
});

describe("host functions and the engine", () => {
  it("that is known to be async can't run in the host's thread if the engine can't suspend", async () => {
    const loading = load(ASK, { isolation: "inline", ...ask(async () => ({})) });
    if (canSuspend()) await expect(loading).resolves.toBeDefined();
    else {
      await expect(loading).rejects.toThrow(
        'host function env.ask is async, which needs isolation "worker" here',
      );
    }
  });

  it("can't be called from a worker where threads share no memory, which is known at load", async () => {
    const scope = globalThis as { SharedArrayBuffer: unknown };
    const { SharedArrayBuffer: shared } = scope;
    scope.SharedArrayBuffer = undefined;
    try {
      const loading = load(ASK, { isolation: "worker", ...ask(async () => ({})) });
      await expect(loading).rejects.toBeInstanceOf(PluginLoadError);
      await expect(loading).rejects.toThrow(
        /the plugin calls host functions or uses files.*Cross-Origin-Opener-Policy: same-origin/,
      );
      const plugin = await load({}, { isolation: "worker" });
      expect(await plugin.sayHello({ name: "alone" })).toEqual(new Inner({ name: "alone" }));
    } finally {
      scope.SharedArrayBuffer = shared;
    }
  });

  it("that only turns out to be async works, or says what to do", async () => {
    const plugin = await load(
      ASK,
      ask(() => Promise.resolve({ name: "late" }), false),
    );
    const call = plugin.sayHello({ name: "a" });
    if (canSuspend()) expect((await call).name).toBe("late");
    else await expect(call).rejects.toThrow(/declare it async/);
  });

  it("answer calls of `sync` if they are not async", async () => {
    const plugin = await load(
      ASK,
      ask(({ name }) => ({ name: `${name}?` }), false),
    );
    expect(plugin.sync.sayHello({ name: "a" }).name).toBe("a?");
    expect((await plugin.sayHello({ name: "a" })).name).toBe("a?");
  });

  it("can't make a call of `sync` wait", async () => {
    const plugin = await load(
      ASK,
      ask(async () => ({})),
    );
    const call = (): unknown => plugin.sync.sayHello({ name: "a" });
    if (canSuspend()) expect(call).toThrow(/for which a call of `sync` can't wait/);
    else expect(call).toThrow(/the plugin runs in a worker, which can't answer at once/);
  });
});

describe("a plugin in a worker", () => {
  const worker = { isolation: "worker" } as const;

  it("answers like another", async () => {
    const plugin = await load({}, worker);
    expect(await plugin.sayHello({ name: "wplug", inner: { name: "nested" } })).toEqual(
      new Inner({ name: "wplug", inner: new Inner({ name: "nested" }) }),
    );
    expect(await plugin.sayHello({})).toEqual(new Inner());
    await expect(plugin.sayHello({ name: 5 } as object)).rejects.toBeInstanceOf(WireError);
    expect((await plugin.sayHello({ name: "é".repeat(300_000) })).name).toHaveLength(300_000);
    expect(plugin.stats()).toMatchObject({ calls: 4, errors: 1, hostCalls: 0 });
    expect(plugin.stats().memoryBytes).toBeGreaterThan(600_000);
  });

  it("writes to the outputs of the host", async () => {
    let text = "";
    const plugin = await load(
      {
        imports: FD_WRITE,
        sayHello: `(call $write (i32.const 1) (local.get $ptr) (local.get $size))
          (call $write (i32.const 2) (local.get $ptr) (local.get $size)) (i64.const 0)`,
        more: WRITE,
      },
      { ...worker, stdout: (it) => void (text += it), stderr: null },
    );
    await plugin.sayHello({ name: "a\nb" });
    expect(text).toBe("\n\x03a\nb");
  });

  it.each<[string, Parts, new (...args: never[]) => Error, string]>([
    ["answers an error", { sayHello: `(i64.const 0x80000000)` }, PluginError, ""],
    ["traps", { sayHello: "unreachable" }, PluginTrapError, "sayHello trapped: unreachable"],
    [
      "answers out of its memory",
      { sayHello: `(i64.const 0x7fffffff7fffffff)` },
      PluginTrapError,
      "is not in the plugin's memory",
    ],
    [
      "answers with what is no message",
      {
        sayHello: `(call $answer (i32.const 100) (i32.const 1))`,
        more: `(data (i32.const 100) "\\ff")`,
      },
      WireError,
      "test.v1.Inner",
    ],
    [
      "ends itself",
      {
        imports: `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`,
        sayHello: `(call $exit (i32.const 3)) unreachable`,
      },
      PluginExitError,
      "exit code 3",
    ],
  ])("that %s is replaced when it is of no use", async (_, parts, type, message) => {
    const plugin = await load(parts, worker);
    for (let i = 0; i < 2; i++) {
      const call = plugin.sayHello({ name: "a" });
      await expect(call).rejects.toBeInstanceOf(type);
      await expect(call).rejects.toThrow(message);
    }
  });

  it("is killed at its time limit; the host goes on, and so does the next call", async () => {
    const plugin = await load(
      {
        sayHello: `(if (i32.gt_u (local.get $size) (i32.const 3)) (then ${FOREVER}))
          (call $answer (local.get $ptr) (local.get $size))`,
      },
      { limits: { time: 1000 }, isolation: "worker" },
    );
    let beats = 0;
    const timer = setInterval(() => beats++, 5);
    const call = plugin.sayHello({ name: "long" });
    await expect(call).rejects.toMatchObject({
      name: "PluginTimeoutError",
      message: "sayHello took longer than 1000 ms (limits.time)",
      milliseconds: 1000,
    });
    await expect(call).rejects.toBeInstanceOf(PluginTimeoutError);
    clearInterval(timer);
    expect(beats).toBeGreaterThan(3);
    expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
  });

  it.each([
    ["a start function", `(func $start ${FOREVER}) (start $start)`],
    ["_initialize", `(func (export "_initialize") ${FOREVER})`],
  ])("whose %s does not end is not loaded", async (_, more) => {
    await expect(load({ more }, { limits: { time: 100 } })).rejects.toThrow(
      "starting the plugin took longer than 100 ms (limits.time)",
    );
  });

  it("is where a plugin with a time limit runs unless the options say otherwise", async () => {
    const sync = (await load({}, { limits: { time: 1000 } })).sync;
    expect(() => sync.sayHello({})).toThrow("the plugin runs in a worker");
    const inline = await load({}, { isolation: "inline", limits: { time: 1000 } });
    expect(inline.sync.sayHello({ name: "a" }).name).toBe("a");
  });

  it("that was not asked for by name is not replaced", async () => {
    const plugin = await load({ sayHello: "unreachable" }, { limits: { time: 1000 } });
    await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginTrapError);
    await expect(plugin.sayHello({})).rejects.toThrow(
      "sayHello: the plugin is not usable any more, because an earlier call failed: sayHello trapped: unreachable. Load it again.",
    );
    expect(plugin.retired).toBe(true);
  });

  it("is killed when a call that runs is aborted", async () => {
    const plugin = await load({ sayHello: FOREVER }, worker);
    const call = plugin.sayHello({}, { signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toBeInstanceOf(PluginAbortedError);
  });

  it("that fails to start says why", async () => {
    const loading = load({ more: `(func (export "_initialize") unreachable)` }, worker);
    await expect(loading).rejects.toBeInstanceOf(PluginLoadError);
    await expect(loading).rejects.toThrow("can't be started: starting the plugin trapped");
  });
});

describe("limits", () => {
  it.each(["inline", "worker"] as const)("of output, %s", async (isolation) => {
    const plugin = await load(
      {
        imports: FD_WRITE,
        sayHello: `(call $write (i32.const 1) (i32.const 0) (i32.const 60)) (i64.const 0)`,
        more: WRITE,
      },
      { isolation, stdout: null, limits: { output: 100 } },
    );
    for (let i = 0; i < 5; i++) await plugin.sayHello({});
    const flood = await load(
      {
        imports: FD_WRITE,
        sayHello: `(loop $again (call $write (i32.const 1) (i32.const 0) (i32.const 60)) (br $again)) unreachable`,
        more: WRITE,
      },
      { isolation, stdout: null, limits: { output: 100 } },
    );
    const call = flood.sayHello({});
    await expect(call).rejects.toBeInstanceOf(PluginLimitError);
    await expect(call).rejects.toThrow(
      "the plugin wrote more than 100 bytes to stdout and stderr in one call (limits.output)",
    );
  });

  it("of the requests to host functions", async () => {
    const plugin = await load(ASK, { limits: { message: 5 }, ...ask(() => ({}), false) });
    await expect(plugin.sayHello({ name: "long" })).rejects.toThrow(
      "the plugin sent 6 bytes to env.ask; the limit is 5 (limits.message)",
    );
  });

  describe("of memory", () => {
    const GROW = `(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable`;

    it.each(["inline", "worker"] as const)(
      "stop a plugin that wants more, %s",
      async (isolation) => {
        const plugin = await load({ sayHello: GROW }, { isolation, limits: { memory: 1 << 20 } });
        const call = plugin.sayHello({});
        await expect(call).rejects.toBeInstanceOf(PluginLimitError);
        await expect(call).rejects.toThrow(
          "sayHello trapped: unreachable; its memory has 1048576 bytes and may have 1048576 (limits.memory)",
        );
      },
    );

    it("leave one alone that wants less", async () => {
      const plugin = await load({}, { limits: { memory: 1 << 20 } });
      expect((await plugin.sayHello({ name: "a".repeat(100_000) })).name).toHaveLength(100_000);
      await expect(plugin.sayHello({ name: "a".repeat(2_000_000) })).rejects.toThrow(
        "the plugin has no room for a message of 2000004 bytes: its memory may have 1048576 bytes (limits.memory)",
      );
    });

    it("hold for tables as well", async () => {
      const plugin = await load(
        {
          sayHello: `(if (i32.eq (table.grow $t (ref.null func) (i32.const 1000000)) (i32.const -1)) (then unreachable)) (i64.const 0)`,
          more: `(table $t 1 funcref)`,
        },
        { limits: { memory: 1 << 20 } },
      );
      await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginTrapError);
    });

    it("refuse a plugin that begins with more", async () => {
      await expect(load({}, { limits: { memory: 1000 } })).rejects.toThrow(
        "the plugin needs 65536 bytes for memory to begin with, but limits.memory is 1000",
      );
    });

    it("are kept for all instances of a module", async () => {
      const module = await PluginModule.compile(await wat(greeter({ sayHello: GROW })));
      const options = { limits: { memory: 1 << 20 } };
      for (let i = 0; i < 2; i++) {
        await using plugin = await GreeterPlugin.load(module, options);
        await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginLimitError);
      }
      const rewriting = { memory: 1 << 20, meter: undefined };
      expect(await module.rewrite(rewriting)).toBe(await module.rewrite(rewriting));
    });

    it("need the bytes of the module", async () => {
      const { module } = await PluginModule.compile(await wat(greeter()));
      await expect(GreeterPlugin.load(module, { limits: { memory: 1 << 20 } })).rejects.toThrow(
        "limits.memory needs the bytes of the plugin",
      );
    });
  });
});

describe("a pool", () => {
  const slow = ask(async ({ name }) => {
    await delay(20);
    return { name };
  });

  it("makes several calls at the same time", async () => {
    const plugin = await load(COUNTER, { pool: { size: 3 }, ...slow });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => plugin.sayHello({})));
    expect(answers.filter(({ name }) => name === "1")).toHaveLength(3);
    expect(plugin.stats()).toMatchObject({ calls: 6, errors: 0, hostCalls: 6 });
    expect(plugin.stats().p50).toBeGreaterThan(15);
    expect(plugin.stats().memoryBytes).toBe(3 * 65536);
  });

  it("lets no more calls wait than it may", async () => {
    const plugin = await load(ASK, { pool: { size: 1, queue: 1 }, ...slow });
    const calls = [1, 2, 3].map((n) => plugin.sayHello({ name: String(n) }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    await expect(calls[2]).rejects.toThrow("1 calls wait for an instance already (pool.queue)");
  });

  it("forgets a call that was aborted while it waited", async () => {
    const plugin = await load(ASK, { pool: { size: 1 }, ...slow });
    const first = plugin.sayHello({ name: "a" });
    const second = plugin.sayHello({ name: "b" }, { signal: AbortSignal.timeout(5) });
    await expect(second).rejects.toBeInstanceOf(PluginAbortedError);
    expect((await first).name).toBe("a");
    expect(plugin.stats().hostCalls).toBe(1);
  });

  it("replaces instances that failed, made enough calls, or grew too large", async () => {
    const failing = await load(
      {
        sayHello: `(if (i32.gt_u (local.get $size) (i32.const 3)) (then unreachable)) ${COUNT}`,
        more: `(global $count (mut i32) (i32.const 0))`,
      },
      { pool: {} },
    );
    expect((await failing.sayHello({})).name).toBe("1");
    expect((await failing.sayHello({})).name).toBe("2");
    await expect(failing.sayHello({ name: "long" })).rejects.toBeInstanceOf(PluginTrapError);
    expect((await failing.sayHello({})).name).toBe("1");

    const counting = { sayHello: COUNT, more: `(global $count (mut i32) (i32.const 0))` };
    const worn = await load(counting, { pool: { maxCalls: 2 } });
    const names: string[] = [];
    for (let i = 0; i < 5; i++) names.push((await worn.sayHello({})).name);
    expect(names).toEqual(["1", "2", "1", "2", "1"]);

    const large = await load(counting, { pool: { maxMemory: 1 << 18 } });
    expect((await large.sayHello({ name: "a".repeat(1000) })).name).toBe("1");
    expect((await large.sayHello({ name: "a".repeat(1 << 18) })).name).toBe("2");
    expect((await large.sayHello({})).name).toBe("1");
  });

  it("calls the instance that waits when a host function calls the plugin", async () => {
    const plugin = await load(ASK, {
      pool: { size: 1 },
      ...ask(async ({ name }) => (name === "a" ? plugin.sayHello({ name: "b" }) : { name })),
    });
    expect((await plugin.sayHello({ name: "a" })).name).toBe("b");
  });

  it("makes the calls that wait before it is disposed", async () => {
    const plugin = await load(ASK, { pool: { size: 2 }, ...slow });
    const calls = ["1", "2", "3", "4", "5"].map((name) => plugin.sayHello({ name }));
    const disposal = plugin.dispose();
    await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginRetiredError);
    expect(await Promise.all(calls)).toHaveLength(5);
    await disposal;
    expect(plugin.stats().memoryBytes).toBe(0);
    await plugin.dispose();
  });

  it("answers `sync` while an instance is idle", async () => {
    const plugin = await load({}, { pool: { size: 1 } });
    expect(plugin.sync.sayHello({ name: "a" }).name).toBe("a");
    await plugin.dispose();
    expect(() => plugin.sync.sayHello({})).toThrow(PluginRetiredError);
  });

  it("of workers survives what kills them", async () => {
    const plugin = await load(
      {
        sayHello: `(if (i32.gt_u (local.get $size) (i32.const 3)) (then ${FOREVER})) (i64.const 0)`,
      },
      { isolation: "worker", pool: { size: 2 }, limits: { time: 1000 } },
    );
    const outcomes = await Promise.allSettled(
      ["long", "", "long", "", ""].map((name) => plugin.sayHello({ name })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(plugin.stats()).toMatchObject({ calls: 5, errors: 2 });
  });
});

const COUNT = `
  (global.set $count (i32.add (global.get $count) (i32.const 1)))
  (i32.store8 (i32.const 100) (i32.const 0x0a)) (i32.store8 (i32.const 101) (i32.const 1))
  (i32.store8 (i32.const 102) (i32.add (i32.const 0x30) (global.get $count)))
  (call $answer (i32.const 100) (i32.const 3))`;

describe("hooks", () => {
  it("are told about calls and calls of the host, begun and ended", async () => {
    const events: unknown[] = [];
    const begin =
      (kind: string) =>
      ({ name, attributes }: { name: string; attributes: object }) => {
        events.push([kind, name, attributes]);
        return (error?: unknown) => void events.push([`${kind} ends`, error]);
      };
    const plugin = await load(ASK, {
      ...ask(({ name }) => {
        if (name === "bad") throw new Error("bad name");
        return { name };
      }, false),
      hooks: { call: begin("call"), hostCall: begin("hostCall") },
    });
    await plugin.sayHello({ name: "a" });
    const call = {
      "rpc.system": "wplug",
      "rpc.service": "test.v1.Greeter",
      "rpc.method": "SayHello",
      "wplug.plugin": "the plugin",
    };
    const hostCall = { "rpc.system": "wplug", "rpc.service": "env", "rpc.method": "ask" };
    expect(events).toEqual([
      ["call", "test.v1.Greeter/SayHello", call],
      ["hostCall", "env/ask", hostCall],
      ["hostCall ends", undefined],
      ["call ends", undefined],
    ]);
    events.length = 0;
    expect(() => plugin.sync.sayHello({ name: "bad" })).toThrow(WplugError);
    expect(events).toMatchObject([
      ["call", "test.v1.Greeter/SayHello", call],
      ["hostCall", "env/ask", hostCall],
      ["hostCall ends", new Error("bad name")],
      ["call ends", { name: "HostFunctionError" }],
    ]);
  });
});

describe("a pinned hash", () => {
  it("is compared with the bytes", async () => {
    const bytes = await wat(greeter());
    const digest = await crypto.subtle.digest("SHA-256", bytes.slice().buffer);
    const sha256 = Buffer.from(digest).toString("hex");
    await using plugin = await GreeterPlugin.load(bytes, { sha256: sha256.toUpperCase() });
    expect(plugin.retired).toBe(false);
    await expect(GreeterPlugin.load(bytes, { sha256: "0".repeat(64) })).rejects.toThrow(
      `the plugin is not the plugin that was pinned: its SHA-256 is ${sha256}, not ${"0".repeat(64)}`,
    );
    await expect(GreeterPlugin.load(bytes, { sha256: "abc" })).rejects.toThrow("64 hexadecimal");
    const module = await PluginModule.compile(bytes);
    await expect(GreeterPlugin.load(module, { sha256: "0".repeat(64) })).rejects.toThrow("pinned");
    await expect(GreeterPlugin.load(module.module, { sha256 })).rejects.toThrow("needs the bytes");
  });
});
