import fc from "fast-check";

import { GreeterPlugin } from "../testing/greeter-client.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { greeter, wat } from "../testing/wat.js";
import {
  HostFunctionError,
  PluginLimitError,
  PluginLoadError,
  PluginModule,
  PluginRetiredError,
  PluginTrapError,
  type LoadOptions,
} from "../index.js";
import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import type { InstanceEvent } from "../options/hooks.js";
import type { RestartOptions } from "../options/restart-options.js";
import type { InstanceRunner } from "./plugin-runner.js";
import { PluginPool } from "./pool.js";
import { Restarts, type RestartClock } from "./restarts.js";

/** Time that goes on only when it is told to. */
class TestClock implements RestartClock {
  private time = 0;
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(private readonly chance = 0.999999) {}

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get running(): number {
    return this.timers.size;
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.timers]) {
      if (timer.at <= this.time && this.timers.delete(timer)) timer.callback();
    }
  }
}

/** The waits after so many failures in a row, rounded. */
function waits(options: RestartOptions, clock: TestClock, failures: number): (number | string)[] {
  const restarts = new Restarts(options, clock);
  return Array.from({ length: failures }, () => {
    const verdict = restarts.failed(restarts.era);
    return verdict.kind === "wait" ? Math.round(verdict.milliseconds) : verdict.kind;
  });
}

describe("restarts", () => {
  it("are at once, then later each time, and at last never", () => {
    expect(waits({ times: 5, most: 500 }, new TestClock(), 6)).toEqual([
      0,
      100,
      200,
      400,
      500,
      "give up",
    ]);
    expect(waits({ first: 200 }, new TestClock(), 3)).toEqual([200, 400, 800]);
    expect(waits({ times: Infinity }, new TestClock(), 2000).at(-1)).toBe(30_000);
    expect(waits({ times: 0 }, new TestClock(), 1)).toEqual(["give up"]);
  });

  it("wait by chance for half of the time at least", () => {
    expect(waits({}, new TestClock(0), 4)).toEqual([0, 50, 100, 200]);
  });

  it("are at once again after an answer, and none is given up for what is long ago", () => {
    const clock = new TestClock();
    const restarts = new Restarts({ times: 2, within: 1000 }, clock);
    for (let i = 0; i < 20; i++) {
      expect(restarts.failed(restarts.era).kind).toBe("wait");
      clock.pass(501);
    }
    expect(restarts.failed(restarts.era)).toMatchObject({ kind: "wait" });
    restarts.succeeded();
    expect(restarts.wait).toBe(0);
    expect(restarts.failed(restarts.era)).toEqual({ kind: "wait", milliseconds: 0 });
  });

  it("count instances that ran at the same time as one failure", () => {
    const restarts = new Restarts({ times: 1 }, new TestClock());
    const { era } = restarts;
    expect(restarts.failed(era).kind).toBe("wait");
    expect(restarts.failed(era).kind).toBe("counted");
  });
});

const METHOD = { name: "sayHello" } as MethodDescriptor<never, never>;

/** Compiled once: hundreds of pools are opened. */
let compiled: Promise<PluginModule>;
beforeAll(() => {
  compiled = wat(greeter({})).then((bytes) => PluginModule.compile(bytes));
});

/** A pool whose instances answer "ok", or trap when they are asked to: starts and ends are the pool's own, only wasm is left out. */
async function open(options: RestartOptions, size = 1, queue?: number) {
  const clock = new TestClock();
  const events: InstanceEvent[] = [];
  const module = await compiled;
  let starts = 0;
  const broken = { starts: false };
  const start = (): Promise<InstanceRunner> => {
    if (starts++ > 0 && broken.starts) return Promise.reject(new PluginLoadError("no start"));
    let retired = false;
    const runner = {
      calledHost: false,
      memoryBytes: 0,
      hostCalls: 0,
      fuel: 0,
      get retired() {
        return retired;
      },
      async call(_method: unknown, request: unknown) {
        await Promise.resolve();
        if (request === "ok") return "ok";
        retired = true;
        throw new PluginTrapError("it crashed");
      },
      dispose: () => Promise.resolve(),
    };
    return Promise.resolve(runner as unknown as InstanceRunner);
  };
  const pool = await PluginPool.open(
    module,
    start,
    { size, queue },
    { restarts: new Restarts(options, clock), tell: (event) => events.push(event) },
  );
  const call = (request: "ok" | "trap", signal?: AbortSignal): Promise<string> =>
    pool.call(METHOD, request as never, { signal });
  return { pool, clock, events, call, broken, starts: () => starts };
}

/** Until nothing but the clock is waited for. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a pool", () => {
  it("lets calls wait for a restart that is not due, and tells of it", async () => {
    const { pool, clock, events, call } = await open({});
    await expect(call("trap")).rejects.toThrow("it crashed");
    await expect(call("trap")).rejects.toThrow("it crashed");
    const waiting = call("ok");
    await settled();
    expect(pool.supervised).toEqual({ instances: 0, waiting: 1, restarts: 1 });
    clock.pass(99);
    await settled();
    expect(pool.supervised.waiting).toBe(1);
    clock.pass(1);
    await expect(waiting).resolves.toBe("ok");
    expect(pool.supervised).toEqual({ instances: 1, waiting: 0, restarts: 2 });
    expect(events.map(({ kind }) => kind)).toEqual([
      ...["started", "retired", "restarting"],
      ...["started", "retired", "restarting", "started"],
    ]);
    await pool.dispose();
  });

  it("refuses calls over its queue while it waits", async () => {
    const { pool, clock, call } = await open({ first: 1000 }, 1, 1);
    await expect(call("trap")).rejects.toThrow("it crashed");
    const waiting = call("ok");
    await expect(call("ok")).rejects.toThrow(PluginLimitError);
    clock.pass(1000);
    await expect(waiting).resolves.toBe("ok");
    await pool.dispose();
  });

  it("stops its clock when the call that waits is aborted", async () => {
    const { pool, clock, call } = await open({ first: 1000 });
    await expect(call("trap")).rejects.toThrow("it crashed");
    const abort = new AbortController();
    const waiting = call("ok", abort.signal);
    expect(clock.running).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toThrow("aborted");
    expect(clock.running).toBe(0);
    await pool.dispose();
  });

  it("waits for no restart when it is disposed", async () => {
    const { pool, clock, call } = await open({ first: 1000 });
    await expect(call("trap")).rejects.toThrow("it crashed");
    const waiting = call("ok");
    await pool.dispose();
    await expect(waiting).resolves.toBe("ok");
    expect(clock.running).toBe(0);
  });

  it("waits longer each time while none starts, and gives up; the calls learn why", async () => {
    const { pool, clock, events, call, broken, starts } = await open({ times: 3 });
    await expect(call("trap")).rejects.toThrow("it crashed");
    broken.starts = true;
    for (const [row, wait] of [0, 100, 200].entries()) {
      const made = call("ok").catch((error: unknown) => error);
      if (wait > 0) {
        clock.pass(wait - 1);
        await settled();
        // The first one, and one for each of the rows before.
        expect(starts()).toBe(1 + row);
        clock.pass(1);
      }
      expect(await made).toBeInstanceOf(PluginLoadError);
      expect(starts()).toBe(2 + row);
    }
    expect(events.at(-1)).toMatchObject({ kind: "gaveUp", error: { message: "no start" } });
    const refused = call("ok");
    await expect(refused).rejects.toThrow(PluginRetiredError);
    await expect(refused).rejects.toThrow(/it failed 4 times in a row .* at last with: no start/);
    expect(pool.retired).toBe(true);
    expect(pool.supervised).toEqual({ instances: 0, waiting: 0, restarts: 3 });
    expect(clock.running).toBe(0);
    await pool.dispose();
  });

  it("goes on when starts work again", async () => {
    const { pool, clock, call, broken, starts } = await open({}, 2);
    await expect(call("trap")).rejects.toThrow("it crashed");
    broken.starts = true;
    await expect(call("ok")).rejects.toThrow("no start");
    broken.starts = false;
    const made = [call("ok"), call("ok")];
    expect(pool.supervised.waiting).toBe(2);
    clock.pass(100);
    await expect(Promise.all(made)).resolves.toEqual(["ok", "ok"]);
    expect([starts(), pool.supervised.waiting]).toEqual([4, 0]);
    await pool.dispose();
  });

  it("refuses all that wait when it gives up, those for whom an instance is started as well", async () => {
    const { pool, events, call, broken } = await open({ times: 1 }, 3);
    broken.starts = true;
    const busy = call("trap").catch((error: Error) => error.name);
    // The pool is open to two more, which both fail to start: as they began at the same time, that is one failure.
    const starting = [call("ok"), call("ok"), call("ok")].map((it) =>
      it.catch((error: Error) => error.name),
    );
    expect([await busy, ...(await Promise.all(starting))].sort()).toEqual([
      "PluginLoadError",
      "PluginLoadError",
      "PluginLoadError",
      "PluginTrapError",
    ]);
    const last = ["PluginRetiredError", "PluginRetiredError"];
    const after = [call("ok"), call("ok")].map((it) => it.catch((error: Error) => error.name));
    expect(await Promise.all(after)).toEqual(last);
    expect(events.filter(({ kind }) => kind === "gaveUp")).toHaveLength(1);
    await pool.dispose();
  });

  it("ends every call once, whatever order of calls, failures, starts that fail, and time", async () => {
    const step = fc.oneof(
      fc.constantFrom("ok" as const, "trap" as const, "settle" as const, "abort" as const),
      fc.constantFrom("break" as const, "repair" as const),
      fc.integer({ min: 1, max: 2000 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, size) => {
          const options = { times: 4, within: 5000 };
          const { pool, clock, events, call, broken } = await open(options, size);
          const ends: Promise<string>[] = [];
          for (const it of steps) {
            if (typeof it === "number") clock.pass(it);
            else if (it === "settle") await settled();
            else if (it === "break" || it === "repair") broken.starts = it === "break";
            else {
              const abort = new AbortController();
              const made = call(it === "abort" ? "ok" : it, abort.signal);
              ends.push(made.catch((error: Error) => error.name));
              if (it === "abort") abort.abort();
            }
          }
          await pool.dispose();
          const allowed = ["ok", "Trap", "Aborted", "Retired", "Load"].map((it) =>
            it === "ok" ? it : `Plugin${it}Error`,
          );
          const gaveUp = events.filter(({ kind }) => kind === "gaveUp").length;
          for (const end of await Promise.all(ends)) {
            expect(allowed).toContain(end);
            if (end === "PluginRetiredError") expect(gaveUp).toBe(1);
          }
          const count = (kind: string): number => events.filter((it) => it.kind === kind).length;
          expect(count("started")).toBe(count("retired"));
          expect(gaveUp).toBeLessThanOrEqual(1);
          expect(clock.running).toBe(0);
          expect(pool.supervised).toMatchObject({ instances: 0, waiting: 0 });
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe.each([
  ["a pool in the host's thread", { isolation: "inline", pool: { size: 2 } }],
  ["a worker", { isolation: "worker" }],
] as [string, LoadOptions][])("%s", (_where, where) => {
  async function load(options: LoadOptions): Promise<GreeterPlugin> {
    const fails = (): never => {
      throw new Error("the host function failed");
    };
    return GreeterPlugin.load(await wat(greeter(BEHAVIOURS)), {
      stderr: null,
      ...askLibrary(fails, false),
      ...where,
      ...options,
    });
  }

  it("gives up after too many failures in a row, and says why and what to do", async () => {
    const events: InstanceEvent[] = [];
    const hooks = { instance: (event: InstanceEvent) => void events.push(event) };
    const plugin = await load({ restart: { times: 2, most: 1 }, hooks });
    for (let i = 0; i < 3; i++) {
      await expect(plugin.sayHello({ name: "t" })).rejects.toThrow(PluginTrapError);
    }
    const end = plugin.sayHello({ name: "e" });
    await expect(end).rejects.toThrow(PluginRetiredError);
    await expect(end).rejects.toThrow(
      /^sayHello: the plugin is not usable any more, because it failed 3 times in a row within 60000 ms \(restart\.times\), at last with: .*unreachable[^]*\. Load it again\.$/,
    );
    expect(plugin.retired).toBe(true);
    expect(plugin.stats()).toMatchObject({ instances: 0, restarts: 2, waiting: 0 });
    expect(events.at(-1)).toMatchObject({ kind: "gaveUp", error: { name: "PluginTrapError" } });
    await plugin.dispose();
    await expect(plugin.sayHello({})).rejects.toThrow(PluginRetiredError);
  });

  it("goes on whatever a hook throws", async () => {
    const failed: unknown[] = [];
    const instance = (): never => {
      throw new Error("the hook failed");
    };
    const plugin = await load({ hooks: { instance, failed: (error) => void failed.push(error) } });
    await expect(plugin.sayHello({ name: "t" })).rejects.toThrow(PluginTrapError);
    await expect(plugin.sayHello({ name: "e" })).resolves.toMatchObject({ name: "e" });
    expect(failed).toHaveLength(4);
    await plugin.dispose();
  });

  it("counts neither failing host functions nor aborted calls", async () => {
    const plugin = await load({ isolation: "worker", restart: { times: 0 } });
    await expect(plugin.sayHello({ name: "hx" })).rejects.toThrow(HostFunctionError);
    const signal = AbortSignal.timeout(100);
    await expect(plugin.sayHello({ name: "l" }, { signal })).rejects.toThrow("aborted");
    await expect(plugin.sayHello({ name: "e" })).resolves.toMatchObject({ name: "e" });
    await plugin.dispose();
  });
});

it.each([
  [{ first: -1 }, "restart.first must be a number of milliseconds"],
  [{ times: NaN }, "restart.times must be a number of restarts"],
  [{ within: 0 }, "restart.within must be a number of milliseconds"],
  [7, "restart must be an object"],
])("the option restart: %j is refused", async (restart, message) => {
  const source = await wat(greeter({}));
  await expect(GreeterPlugin.load(source, { restart: restart as never })).rejects.toThrow(message);
});
