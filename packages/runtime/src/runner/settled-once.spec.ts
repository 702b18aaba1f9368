import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import {
  checkHandshake,
  PluginLoadError,
  PluginRetiredError,
  PluginTimeoutError,
  PluginTrapError,
  type LoadOptions,
} from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { BEHAVIOURS, hostBehaviours } from "../testing/behaviours.js";
import { type Inner } from "../testing/everything.js";
import { GreeterPlugin, service } from "../testing/greeter-client.js";
import { FD_WRITE, WRITE, greeter, wat, type Parts } from "../testing/wat.js";
import { Turns } from "./turns.js";

const FOREVER = `(loop $again (br $again))`;
/** Asks the host when it is started, and loops for ever if it gets an answer that is not empty. */
const ASKS_AT_START: Parts = {
  ...BEHAVIOURS,
  more: `${BEHAVIOURS.more ?? ""} (func (export "_initialize")
    (if (i64.ne (call $ask (i32.const 0) (i32.const 0)) (i64.const 0)) (then ${FOREVER})))`,
};

const ask = (call: Ask) => askLibrary(call, false);

async function loadBehaviours(options: LoadOptions): Promise<GreeterPlugin> {
  const plugin: GreeterPlugin = await GreeterPlugin.load(await wat(greeter(BEHAVIOURS)), {
    stderr: null,
    ...hostBehaviours(() => plugin),
    ...options,
  });
  return plugin;
}

const nameOf = (call: Promise<Inner>): Promise<string> =>
  call.then(
    ({ name }) => name,
    (error: unknown) => (error as Error).name,
  );

describe("a call that waits in a pool", () => {
  it("is aborted alone, also while the instance starts that it waits for", async () => {
    const plugin = await loadBehaviours({ isolation: "worker", pool: { size: 1 } });
    const abort = new AbortController();
    const failing = nameOf(plugin.sayHello({ name: "trap" }));
    const aborted = nameOf(plugin.sayHello({ name: "a" }, { signal: abort.signal }));
    const innocent = nameOf(plugin.sayHello({ name: "b" }));
    expect(await failing).toBe("PluginTrapError");
    abort.abort();
    expect(await aborted).toBe("PluginAbortedError");
    expect(await innocent).toBe("b");
    expect(await nameOf(plugin.sayHello({ name: "c" }))).toBe("c");
    await plugin.dispose();
  });

  it("is aborted while an instance starts for it that never does", async () => {
    let starts = 0;
    const plugin = await GreeterPlugin.load(await wat(greeter(ASKS_AT_START)), {
      isolation: "worker",
      ...ask(() => (starts++ > 0 ? { name: "loop" } : {})),
    });
    expect(await nameOf(plugin.sayHello({ name: "trap" }))).toBe("PluginTrapError");
    const signal = AbortSignal.timeout(100);
    expect(await nameOf(plugin.sayHello({ name: "a" }, { signal }))).toBe("PluginAbortedError");
    // Nobody waits for that instance any more.
    await plugin.dispose();
  });

  it("is given up with the pool while its thread is not even there", async () => {
    let starts = 0;
    const plugin = await GreeterPlugin.load(await wat(greeter(ASKS_AT_START)), {
      isolation: "worker",
      ...ask(() => (starts++ > 0 ? { name: "loop" } : {})),
    });
    expect(await nameOf(plugin.sayHello({ name: "trap" }))).toBe("PluginTrapError");
    const abort = new AbortController();
    const call = nameOf(plugin.sayHello({ name: "a" }, { signal: abort.signal }));
    abort.abort();
    await plugin.dispose();
    expect(await call).toBe("PluginAbortedError");
    expect(starts).toBe(1);
  });

  it("fails if no instance can be started, and dispose does not wait for one", async () => {
    let starts = 0;
    const plugin = await GreeterPlugin.load(await wat(greeter(ASKS_AT_START)), {
      isolation: "worker",
      ...ask(() => {
        if (starts++ > 0) throw new Error("no more");
        return {};
      }),
    });
    expect(await nameOf(plugin.sayHello({ name: "trap" }))).toBe("PluginTrapError");
    const call = nameOf(plugin.sayHello({ name: "a" }));
    const disposal = plugin.dispose();
    expect(await call).toBe("PluginLoadError");
    await disposal;
  });
});

const disposable: readonly LoadOptions[] = [
  ...(canSuspend() ? [{ isolation: "inline" as const }] : []),
  { isolation: "worker" },
  { isolation: "worker", pool: { size: 2 } },
];
describe.each(disposable)("a plugin that a host function disposes, %j", (options) => {
  it("ends that call, and lets the host function go on", async () => {
    const plugin = await loadBehaviours(options);
    expect(await nameOf(plugin.sayHello({ name: "hd" }))).toBe("PluginRetiredError");
    await plugin.dispose();
    expect(plugin.retired).toBe(true);
  });
});

it("a plugin that a host function disposes in the middle of a call of `sync` ends that call", async () => {
  const plugin: GreeterPlugin = await GreeterPlugin.load(await wat(greeter(BEHAVIOURS)), {
    ...ask(() => {
      void plugin.dispose();
      return {};
    }),
  });
  expect(() => plugin.sync.sayHello({ name: "h" })).toThrow(PluginRetiredError);
});

describe("what an application's output throws when the plugin has ended", () => {
  const partialLine = (then: string): Parts => ({
    imports: FD_WRITE,
    more: `${WRITE} (data (i32.const 100) "{\\"level\\":")`,
    sayHello: `(call $write (i32.const 2) (i32.const 100) (i32.const 9)) ${then}`,
  });
  const stderr = { line: (text: string) => void JSON.parse(text) };

  it.each([undefined, "worker"] as const)("hides no trap: %s", async (isolation) => {
    const plugin = await GreeterPlugin.load(await wat(greeter(partialLine("unreachable"))), {
      isolation,
      stderr,
    });
    await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginTrapError);
    await plugin.dispose();
  });

  it("lets no thread live", async () => {
    const plugin = await GreeterPlugin.load(
      await wat(greeter(partialLine(`${FOREVER} unreachable`))),
      { limits: { time: 100 }, stderr },
    );
    await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginTimeoutError);
    await plugin.dispose();
  });
});

it.each([undefined, "worker"] as const)(
  "what a clock throws is an error of the host: %s",
  async (isolation) => {
    const plugin = await GreeterPlugin.load(
      await wat(
        greeter({
          imports: `(import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))`,
          sayHello: `(drop (call $time (i32.const 0) (i64.const 0) (i32.const 100))) (i64.const 0)`,
        }),
      ),
      {
        isolation,
        clock: {
          realtime() {
            throw new Error("no battery");
          },
          monotonic: () => 0n,
        },
      },
    );
    await expect(plugin.sayHello({})).rejects.toMatchObject({
      name: "HostFunctionError",
      message: "clock_time_get failed in the host: no battery",
    });
    await plugin.dispose();
  },
);

describe("what a hook throws", () => {
  it("changes no result, and it is told once", async () => {
    let told = 0;
    const failed = jest.fn();
    const plugin = await loadBehaviours({
      isolation: "worker",
      hooks: {
        failed,
        call: () => () => {
          told++;
          throw new Error("no span");
        },
      },
    });
    expect(await nameOf(plugin.sayHello({ name: "trap" }))).toBe("PluginTrapError");
    expect(await plugin.sayHello({ name: "a" })).toEqual({ name: "a" });
    expect(told).toBe(2);
    expect(failed).toHaveBeenCalledTimes(2);
    await plugin.dispose();
  });
});

it("an option that can't be sent to a thread is refused, and no thread stays", async () => {
  const env = { A: (() => 1) as unknown as string };
  await expect(
    GreeterPlugin.load(await wat(greeter()), { isolation: "worker", env }),
  ).rejects.toThrow(new PluginLoadError("env.A must be a string, not a function"));
});

it("a handshake with a plugin whose start never ends is told when its time is up", async () => {
  const endless = await wat(greeter({ more: `(func (export "_initialize") ${FOREVER})` }));
  const report = await checkHandshake(endless, service, { time: 200 });
  expect(report.problems).toEqual([
    expect.stringContaining("starting the plugin took longer than 200 ms"),
  ]);
});

describe("nothing stays behind a call", () => {
  it("no listener of its signal, whatever it ended with", async () => {
    const plugin = await loadBehaviours({ limits: { time: 100 } });
    const { signal } = new AbortController();
    for (const name of ["loop", "trap", "hx", "hn", "a", "hc"]) {
      await nameOf(plugin.sayHello({ name }, { signal }));
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await plugin.dispose();
  });

  it("no call that has ended, where a host function schedules the next one", async () => {
    const turns = new Turns();
    const events = { run: () => {}, fail: () => {} };
    let frame = turns.enter(events);
    for (let i = 0; i < 5; i++) {
      const scheduled = turns.runHostFunction(() => delay(1).then(() => turns.enter(events)));
      turns.leave(frame);
      frame = await scheduled;
      expect(frame).toMatchObject({ state: "running", caller: undefined });
    }
  });
});

describe("limits that are no limits", () => {
  it.each([
    [{ limits: { time: Number.NaN } }, "limits.time must be a number of milliseconds"],
    [{ limits: { time: Infinity } }, "limits.time must be"],
    [{ limits: { time: 2 ** 31 } }, "from 1 to 2147483647, not 2147483648"],
    [{ limits: { fuel: 0 } }, "limits.fuel must be a number of units from 1"],
    [{ limits: { fuel: 2 ** 60 } }, "limits.fuel must be"],
    [{ limits: { slice: 0 } }, "limits.slice must be a number of milliseconds from 1"],
    [{ limits: { slice: Number.NaN } }, "limits.slice must be"],
    [{ limits: { memory: 8 * 2 ** 30 } }, "limits.memory must be a number of bytes"],
    [{ limits: { message: -1 } }, "limits.message must be"],
    [{ limits: { output: Number.NaN } }, "limits.output must be"],
    [{ limits: { depth: Number.NaN } }, "limits.depth must be"],
    [{ limits: { memory: "16 MB" as unknown as number } }, "not a string"],
    [{ pool: { size: 0 } }, "pool.size must be a number of instances from 1"],
    [{ pool: { queue: Infinity } }, "pool.queue must be"],
    [{ env: { "A=B": "c" } }, 'env: "A=B" is no name of a variable'],
    [{ args: ["a\0b"] }, "args[0] must not contain U+0000"],
  ])("are refused: %j", async (options: LoadOptions, message) => {
    const loading = GreeterPlugin.load(await wat(greeter()), options);
    await expect(loading).rejects.toBeInstanceOf(PluginLoadError);
    await expect(loading).rejects.toThrow(message);
  });
});
