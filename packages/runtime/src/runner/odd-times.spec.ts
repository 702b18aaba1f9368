import { setTimeout as delay } from "node:timers/promises";

import { MemoryFiles, type LoadOptions } from "../index.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { wasi } from "../testing/greeters.js";
import { FD_WRITE, WRITE, greeter, wat, type Parts } from "../testing/wat.js";

/** Places where code of the application runs in the middle of a call. */
interface Place {
  readonly parts: Parts;
  readonly options?: (act: () => void) => LoadOptions;
  readonly request?: (act: () => void) => object;
}

const WRITES: Parts = {
  imports: FD_WRITE,
  more: WRITE,
  sayHello: `(call $write (i32.const 1) (i32.const 0) (i32.const 4)) (i64.const 0)`,
};

const PLACES: Readonly<Record<string, Place>> = {
  "a getter of the request": {
    parts: {},
    request: (act) => ({
      get name(): string {
        act();
        return "a";
      },
    }),
  },
  "a host function": {
    parts: BEHAVIOURS,
    options: (act) =>
      askLibrary((request) => {
        act();
        return request;
      }, false),
    request: () => ({ name: "h" }),
  },
  "a getter of a host function's answer": {
    parts: BEHAVIOURS,
    options: (act) =>
      askLibrary(
        () => ({
          get name(): string {
            act();
            return "a";
          },
        }),
        false,
      ),
    request: () => ({ name: "h" }),
  },
  "an output": { parts: WRITES, options: (act) => ({ stdout: act }) },
  "a clock": {
    parts: {
      imports: wasi("clock_time_get", "i32 i64 i32"),
      sayHello: `(drop (call $wasi (i32.const 0) (i64.const 0) (i32.const 100))) (i64.const 0)`,
    },
    options: (act) => ({
      clock: {
        realtime: () => {
          act();
          return 0n;
        },
        monotonic: () => 0n,
      },
    }),
  },
  "random numbers": {
    parts: {
      imports: wasi("random_get", "i32 i32"),
      sayHello: `(drop (call $wasi (i32.const 0) (i32.const 8))) (i64.const 0)`,
    },
    options: (act) => ({ random: act }),
  },
  "a file system": {
    parts: {
      imports: wasi("path_filestat_get", "i32 i32 i32 i32 i32"),
      more: `(data (i32.const 100) "a")`,
      sayHello: `(drop (call $wasi (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) (i64.const 0)`,
    },
    options: (act) => ({
      files: {
        "/": new (class extends MemoryFiles {
          override stat(...parameters: Parameters<MemoryFiles["stat"]>) {
            act();
            return super.stat(...parameters);
          }
        })({ a: "text" }),
      },
    }),
  },
  "a hook that is told of the call": {
    parts: {},
    options: (act) => ({ hooks: { call: () => void act() } }),
  },
  "a hook that is told of its end": {
    parts: {},
    options: (act) => ({ hooks: { call: () => act } }),
  },
};

const ISOLATIONS: Readonly<Record<string, LoadOptions>> = {
  inline: { isolation: "inline" },
  metered: { isolation: "inline", limits: { time: 60_000 } },
  worker: { isolation: "worker" },
  pool: { isolation: "worker", pool: { size: 2 } },
};

const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "answered",
    (error: Error) => error.name,
  );

describe.each(Object.entries(ISOLATIONS))("%s: in the middle of a call, in", (_, isolation) => {
  describe.each(Object.entries(PLACES))("%s,", (_, { parts, options, request }) => {
    const load = async (act: () => void): Promise<GreeterPlugin> =>
      GreeterPlugin.load(await wat(greeter(parts)), {
        stderr: null,
        ...options?.(act),
        ...isolation,
      });
    const make = (plugin: GreeterPlugin, act: () => void, signal?: AbortSignal) =>
      plugin.sayHello(request?.(act) ?? { name: "a" }, { signal });

    it("an application may dispose the plugin", async () => {
      let acted = 0;
      let disposal: Promise<void> | undefined;
      const act = (): void => {
        acted++;
        disposal ??= plugin.dispose();
      };
      const plugin = await load(act);
      // What was made before may be answered; what is ended says so.
      expect(["answered", "PluginRetiredError"]).toContain(await nameOf(make(plugin, act)));
      expect(acted).toBeGreaterThan(0);
      await disposal;
      expect(plugin.retired).toBe(true);
      expect(await nameOf(plugin.sayHello({ name: "a" }))).toBe("PluginRetiredError");
    });

    it("it may abort the call", async () => {
      const abort = new AbortController();
      const act = (): void => abort.abort();
      const plugin = await load(act);
      const ended = await nameOf(make(plugin, act, abort.signal));
      expect(["answered", "PluginAbortedError"]).toContain(ended);
      await plugin.dispose();
    });

    it("it may make another call", async () => {
      const calls: Promise<string>[] = [];
      let acts = 0;
      const act = (): void => {
        if (acts++ === 0) calls.push(nameOf(plugin.sayHello({ name: "a" })));
      };
      const plugin = await load(act);
      expect(await nameOf(make(plugin, act))).toBe("answered");
      expect(await Promise.all(calls)).toEqual(["answered"]);
      await plugin.dispose();
      await delay(0);
    });
  });
});
