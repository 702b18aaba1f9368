import { setTimeout as delay } from "node:timers/promises";
import {
  PluginLimitError,
  PluginLoadError,
  PluginModule,
  PluginRetiredError,
  PluginTimeoutError,
  PluginTrapError,
  type LoadOptions,
} from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { watOfToday } from "../testing/metered.js";
import { ECHO, greeter, wat, type Parts } from "../testing/wat.js";

const opened: GreeterPlugin[] = [];
async function load(parts: Parts, options: LoadOptions): Promise<GreeterPlugin> {
  const plugin = await GreeterPlugin.load(await watOfToday(greeter(parts)), options);
  opened.push(plugin);
  return plugin;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((plugin) => plugin.dispose()));
});

const FOREVER = `(loop $again (br $again)) unreachable`;
/** Turns so often as the first letter of the name says in thousands; for ever if it is "l". */
const TURNS: Parts = {
  sayHello: `
    (local $left i32)
    (local.set $left (i32.mul (i32.const 1000) (i32.load8_u offset=2 (local.get $ptr))))
    (if (i32.eq (i32.load8_u offset=2 (local.get $ptr)) (i32.const ${"l".charCodeAt(0)})) (then ${FOREVER}))
    (loop $again (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    ${ECHO.replace("(local $to i32)", "")}`.replace(
    "(local $left i32)",
    "(local $left i32) (local $to i32)",
  ),
};
const ASK = `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`;
/** Asks the host; loops for ever afterwards if the name is "l". */
const ASKS: Parts = {
  imports: ASK,
  sayHello: `
    (local $answer i64)
    (if (i32.eq (i32.load8_u offset=2 (local.get $ptr)) (i32.const ${"e".charCodeAt(0)}))
      (then (return (call $answer (local.get $ptr) (local.get $size)))))
    (if (i32.eq (i32.load8_u offset=2 (local.get $ptr)) (i32.const ${"f".charCodeAt(0)})) (then ${FOREVER}))
    (local.set $answer (call $ask (local.get $ptr) (local.get $size)))
    (if (i32.eq (i32.load8_u offset=2 (local.get $ptr)) (i32.const ${"l".charCodeAt(0)})) (then ${FOREVER}))
    (local.get $answer)`,
};

const ask = (call: Ask, isAsync = false) => askLibrary(call, isAsync);

const inline = { isolation: "inline" as const, stderr: null };

describe("a time limit in the host's thread", () => {
  const options = { ...inline, limits: { time: 100 } };

  it("ends a call that computes, also one of sync, soon after", async () => {
    for (const call of [
      (plugin: GreeterPlugin) => plugin.sayHello({ name: "l" }),
      async (plugin: GreeterPlugin) => plugin.sync.sayHello({ name: "l" }),
    ]) {
      const plugin = await load(TURNS, options);
      const start = performance.now();
      const error = await call(plugin).catch((reason: unknown) => reason);
      const took = performance.now() - start;
      expect(error).toBeInstanceOf(PluginTimeoutError);
      expect(error).toMatchObject({
        message: "sayHello took longer than 100 ms (limits.time)",
        milliseconds: 100,
      });
      expect(took).toBeGreaterThanOrEqual(100);
      // It is 0.5 ms on a machine with nothing else to do.
      expect(took).toBeLessThan(1000);
      expect(plugin.retired).toBe(true);
      await expect(plugin.sayHello({ name: "a" })).rejects.toBeInstanceOf(PluginRetiredError);
    }
  });

  it("counts for each call anew", async () => {
    const plugin = await load(TURNS, options);
    const start = performance.now();
    while (performance.now() - start < 250) await plugin.sayHello({ name: "~" });
    expect(plugin.stats()).toMatchObject({ errors: 0 });
  });

  it("ends the calls that a host function makes, and the one that made it", async () => {
    let inner: unknown;
    const plugin: GreeterPlugin = await load(ASKS, {
      ...options,
      ...ask((request) => {
        try {
          plugin.sync.sayHello({ name: "f" });
        } catch (error) {
          inner = error;
        }
        return request;
      }),
    });
    expect(() => plugin.sync.sayHello({ name: "a" })).toThrow(PluginTimeoutError);
    expect(inner).toBeInstanceOf(PluginTimeoutError);
  });

  it("goes on after a call inside", async () => {
    const plugin: GreeterPlugin = await load(ASKS, {
      ...options,
      ...ask((request) => {
        plugin.sync.sayHello({ name: "e" });
        return request;
      }),
    });
    expect(() => plugin.sync.sayHello({ name: "l" })).toThrow(PluginTimeoutError);
  });

  it("counts the time of host functions, which are not interrupted", async () => {
    const plugin = await load(ASKS, {
      ...options,
      ...ask((request) => {
        const start = performance.now();
        while (performance.now() - start < 150);
        return request;
      }),
    });
    expect(() => plugin.sync.sayHello({ name: "a" })).toThrow(PluginTimeoutError);
  });

  it("is not for catch_all to swallow", async () => {
    const plugin = await load(
      {
        sayHello: `(loop $again (try (do ${FOREVER.replaceAll("$again", "$in")}) (catch_all)) (br $again)) unreachable`,
      },
      options,
    );
    await expect(plugin.sayHello({ name: "a" })).rejects.toBeInstanceOf(PluginTimeoutError);
  });

  it("ends what catches a host function's error and goes on", async () => {
    const plugin = await load(
      {
        imports: ASK,
        sayHello: `(try (do (drop (call $ask (local.get $ptr) (local.get $size)))) (catch_all)) ${FOREVER}`,
      },
      {
        ...options,
        ...ask(() => {
          throw new Error("no");
        }),
      },
    );
    expect(() => plugin.sync.sayHello({ name: "a" })).toThrow(PluginTimeoutError);
  });

  it("ends a plugin that is disposed by its host function", async () => {
    const plugin: GreeterPlugin = await load(ASKS, {
      ...inline,
      limits: { time: 60_000 },
      ...ask((request) => {
        void plugin.dispose();
        return request;
      }),
    });
    expect(() => plugin.sync.sayHello({ name: "l" })).toThrow(PluginRetiredError);
  });

  it("holds for a panic that tells no end", async () => {
    const plugin = await load(
      { sayHello: "unreachable", more: `(func (export "wplug_panic") (result i64) ${FOREVER})` },
      options,
    );
    const error = await plugin.sayHello({ name: "a" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PluginTrapError);
    expect(error).toMatchObject({ message: "sayHello trapped: unreachable" });
  });

  it("lets a plugin that trapped tell why", async () => {
    const plugin = await load(
      {
        sayHello: "unreachable",
        more: `(data (i32.const 100) "panic: boom")
          (func (export "wplug_panic") (result i64) (call $answer (i32.const 100) (i32.const 11)))`,
      },
      options,
    );
    await expect(plugin.sayHello({ name: "a" })).rejects.toThrow("sayHello trapped: panic: boom");
  });

  it("takes instances of a pool one by one, which are replaced", async () => {
    const plugin = await load(TURNS, { ...options, pool: { size: 2 } });
    const calls = ["l", "a", "l", "b", "l", "c"].map((name) => plugin.sayHello({ name }));
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(
      ["l", "a", "l", "b", "l", "c"].map((name) => (name === "l" ? "rejected" : "fulfilled")),
    );
    expect(plugin.retired).toBe(false);
    expect(plugin.stats()).toMatchObject({ calls: 6, errors: 3 });
  });

  it("needs the bytes of the plugin", async () => {
    const { module } = await PluginModule.compile(await wat(greeter()));
    await expect(GreeterPlugin.load(module, options)).rejects.toThrow(
      new PluginLoadError(
        "limits.time and limits.fuel in the host's thread need the bytes of the plugin: load it from a path, a URL or bytes, not from a WebAssembly.Module",
      ),
    );
  });

  it("adds nothing to the exports that applications see", async () => {
    const plugin = await load({}, options);
    const plain = await load({}, inline);
    expect([...plugin.module.exports]).toEqual([...plain.module.exports]);
  });

  it("is no property of a module that is loaded again", async () => {
    const bytes = await wat(greeter());
    const first = await GreeterPlugin.load(bytes, options);
    opened.push(first);
    for (const more of [options, inline, { limits: { memory: 1 << 20 } }]) {
      const again = await GreeterPlugin.load(first.module, more);
      opened.push(again);
      await again.sayHello({ name: "a" });
      expect(again.module.isMetered).toBe(more === options);
    }
  });

  it("is with a limit of memory", async () => {
    const plugin = await load(TURNS, { ...inline, limits: { time: 100, memory: 1 << 20 } });
    expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
    await expect(plugin.sayHello({ name: "l" })).rejects.toBeInstanceOf(PluginTimeoutError);
  });
});

describe("a signal in the host's thread", () => {
  it("ends a call that computes after a host function aborted it", async () => {
    const abort = new AbortController();
    const plugin = await load(ASKS, {
      ...inline,
      limits: { time: 60_000 },
      ...ask((request) => {
        abort.abort(new Error("enough"));
        return request;
      }),
    });
    await expect(plugin.sayHello({ name: "l" }, { signal: abort.signal })).rejects.toMatchObject({
      name: "PluginAbortedError",
      message: "sayHello was aborted",
      cause: new Error("enough"),
    });
    expect(plugin.retired).toBe(true);
  });

  it("that is aborted before ends nothing else", async () => {
    const plugin = await load(TURNS, { ...inline, limits: { time: 60_000 } });
    const signal = AbortSignal.abort();
    await expect(plugin.sayHello({ name: "l" }, { signal })).rejects.toMatchObject({
      name: "PluginAbortedError",
    });
    expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
  });
});

describe.each([undefined, "inline", "worker"] as const)(
  "a limit of fuel, isolation %s",
  (isolation) => {
    const limits = { fuel: 5_000_000 };

    it("ends a call that uses more, and only that", async () => {
      const plugin = await load(TURNS, { isolation, limits });
      for (let i = 0; i < 30; i++) expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
      await expect(plugin.sayHello({ name: "l" })).rejects.toMatchObject({
        name: "PluginLimitError",
        message: "sayHello used more than 5000000 units of fuel (limits.fuel)",
      });
    });

    it("counts the same in every run", async () => {
      const run = async (): Promise<number[]> => {
        const plugin = await load(TURNS, { isolation, limits });
        const used: number[] = [];
        for (const name of ["A", "z", "\x01", "a".repeat(1000)]) {
          await plugin.sayHello({ name });
          used.push(plugin.stats().fuel);
        }
        await plugin.sayHello({ name: "l" }).catch(() => {});
        return [...used, plugin.stats().fuel];
      };
      const [first, second] = [await run(), await run()];
      expect(second).toEqual(first);
      // 65,000, 122,000 and 1,000 turns of five instructions; more is for the rest.
      expect(first[0]).toBeGreaterThan(5 * 65_000);
      expect(first[0]).toBeLessThan(5.1 * 65_000);
      expect(first[1]! - first[0]!).toBeGreaterThan(5 * 122_000);
      expect(first[4]! - first[3]!).toBeGreaterThan(limits.fuel);
      expect(first[4]! - first[3]!).toBeLessThan(limits.fuel + 20_000);
    });

    it("ends a start that uses more", async () => {
      const loading = load(
        { more: `(func (export "_initialize") ${FOREVER})` },
        { isolation, limits },
      );
      await expect(loading).rejects.toThrow(
        "can't be started: starting the plugin used more than 5000000 units of fuel (limits.fuel)",
      );
      await expect(loading).rejects.toBeInstanceOf(PluginLoadError);
    });
  },
);

describe("fuel", () => {
  it("is taken from the call outside by those inside", async () => {
    const plugin: GreeterPlugin = await load(ASKS, {
      limits: { fuel: 1_000_000 },
      ...ask((request) => {
        for (;;) plugin.sync.sayHello({ name: "e" });
        return request;
      }),
    });
    expect(() => plugin.sync.sayHello({ name: "a" })).toThrow(PluginLimitError);
  });

  it("of a pool is the sum of all instances, former ones too", async () => {
    const plugin = await load(TURNS, {
      limits: { fuel: 1_000_000 },
      pool: { size: 1, maxCalls: 1 },
    });
    await plugin.sayHello({ name: "A" });
    const once = plugin.stats().fuel;
    await plugin.sayHello({ name: "A" });
    expect(plugin.stats().fuel).toBe(2 * once);
  });

  it("is not counted without a limit", async () => {
    const plugin = await load(TURNS, inline);
    await plugin.sayHello({ name: "A" });
    expect(plugin.stats().fuel).toBe(0);
  });
});

if (canSuspend()) {
  describe("a call that waits for a host function in the host's thread", () => {
    const options = { ...inline, limits: { time: 100 } };

    it("is ended at its time limit", async () => {
      const plugin = await load(ASKS, { ...options, ...ask(() => new Promise(() => {}), true) });
      const start = performance.now();
      await expect(plugin.sayHello({ name: "a" })).rejects.toMatchObject({
        name: "PluginTimeoutError",
        message: "sayHello took longer than 100 ms (limits.time)",
      });
      expect(performance.now() - start).toBeGreaterThanOrEqual(99);
    });

    it("has its time for itself", async () => {
      const plugin = await load(ASKS, {
        ...options,
        ...ask(async (request) => {
          await delay(60);
          return request;
        }, true),
      });
      const names = ["a", "b", "c"];
      const answers = await Promise.all(names.map((name) => plugin.sayHello({ name })));
      expect(answers.map(({ name }) => name)).toEqual(names);
      await expect(plugin.sayHello({ name: "l" })).rejects.toBeInstanceOf(PluginTimeoutError);
    });
  });

  describe("slices of time", () => {
    const options = { stderr: null, limits: { slice: 5 } };

    async function beatsDuring(calls: Promise<unknown>): Promise<number> {
      let beats = 0;
      const timer = setInterval(() => beats++, 5);
      await calls.catch(() => {});
      clearInterval(timer);
      return beats;
    }

    it("let the event loop run while a plugin computes", async () => {
      const plugin = await load(TURNS, { stderr: null, limits: { slice: 5, time: 300 } });
      const call = plugin.sayHello({ name: "l" });
      // 30 on a machine with nothing else to do.
      expect(await beatsDuring(call)).toBeGreaterThan(5);
      await expect(call).rejects.toBeInstanceOf(PluginTimeoutError);
    });

    it("let a signal end it", async () => {
      const plugin = await load(TURNS, options);
      const call = plugin.sayHello({ name: "l" }, { signal: AbortSignal.timeout(50) });
      await expect(call).rejects.toMatchObject({ name: "PluginAbortedError" });
    });

    it("let it be disposed", async () => {
      const plugin = await load(TURNS, options);
      const call = plugin.sayHello({ name: "l" });
      setTimeout(() => void plugin.dispose(), 20);
      await expect(call).rejects.toMatchObject({ name: "PluginRetiredError" });
    });

    it("let several instances compute in turns", async () => {
      const plugin = await load(TURNS, { ...options, pool: { size: 2 } });
      const long = plugin.sayHello({ name: "l" }, { signal: AbortSignal.timeout(2000) });
      expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
      await expect(long).rejects.toMatchObject({ name: "PluginAbortedError" });
    });

    it("change no result and no fuel", async () => {
      const used: number[] = [];
      for (const slice of [undefined, 1]) {
        const plugin = await load(TURNS, { ...inline, limits: { fuel: 50_000_000, slice } });
        expect((await plugin.sayHello({ name: "z" })).name).toBe("z");
        await expect(plugin.sayHello({ name: "l" })).rejects.toBeInstanceOf(PluginLimitError);
        used.push(plugin.stats().fuel);
      }
      expect(used[1]).toBe(used[0]);
    });

    it("keep other calls waiting, and those of sync out", async () => {
      const plugin = await load(TURNS, { stderr: null, limits: { slice: 1, fuel: 400_000_000 } });
      const long = plugin.sayHello({ name: "l" }).catch((error: unknown) => error);
      await delay(10);
      expect(() => plugin.sync.sayHello({ name: "a" })).toThrow("in the middle of another call");
      expect(await long).toBeInstanceOf(PluginLimitError);
    });

    it("don't interrupt what can't be suspended: sync, malloc, calls from host functions", async () => {
      const busy = `(local $left i32) (local.set $left (i32.const 30000000))
        (loop $again (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))`;
      const plugin: GreeterPlugin = await load(
        {
          ...ASKS,
          memory: `(func $malloc (export "malloc") (param i32) (result i32) ${busy} (i32.const 8192))
            (func (export "free") (param i32) ${busy})`,
          sayHello: (ASKS.sayHello ?? "").replace(
            "(local $answer i64)",
            `(local $answer i64) ${busy}`,
          ),
        },
        {
          stderr: null,
          limits: { slice: 1 },
          ...ask((request) => {
            if (request.name === "a") plugin.sync.sayHello({ name: "e" });
            return request;
          }),
        },
      );
      expect(plugin.sync.sayHello({ name: "a" }).name).toBe("a");
      expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
      expect((await plugin.sayHello({ name: "b" })).name).toBe("b");
    });

    it("are not for workers", async () => {
      await expect(load(TURNS, { ...options, isolation: "worker" })).rejects.toThrow(
        'limits.slice is for plugins in the host\'s thread: with isolation "worker" the event loop runs all the time',
      );
    });
  });
} else {
  it("slices need an engine that can suspend wasm", async () => {
    await expect(load(TURNS, { limits: { slice: 5 } })).rejects.toThrow(
      "limits.slice needs an engine that can suspend wasm (Node 24 can): this one can't",
    );
  });
}
