import { ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { setTimeout as delay } from "node:timers/promises";

import { connectRoutes } from "../connect/connect-routes.js";
import {
  PluginAbortedError,
  PluginRetiredError,
  PluginTimeoutError,
  type ConnectTransport,
  type HostCallOptions,
  type LoadOptions,
} from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { serveRoutes, type TestServer } from "../testing/connect-server.js";
import type { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";

type Setting = readonly [
  name: string,
  options: LoadOptions,
  /** Whether `dispose` ends calls that run, instead of waiting for them. */
  endsCalls: boolean,
];

const hooks = { call: () => undefined, hostCall: () => undefined };

const suspended: readonly Setting[] = [
  ["in the host's thread", { isolation: "inline" }, true],
  ["that is metered", { isolation: "inline", limits: { fuel: 1e9 } }, true],
  ["that runs in slices", { limits: { slice: 5 } }, true],
  ["in a pool in the host's thread", { isolation: "inline", pool: { size: 2 } }, false],
];

const settings: readonly Setting[] = [
  ...(canSuspend() ? suspended : []),
  ["in a worker", { isolation: "worker" }, false],
  ["in a pool of workers", { isolation: "worker", pool: { size: 2 } }, false],
  ["that hooks follow", { isolation: "worker", hooks }, false],
];

async function load(call: Ask, isAsync: boolean, options: LoadOptions): Promise<GreeterPlugin> {
  const source = await wat(greeter(BEHAVIOURS));
  return GreeterPlugin.load(source, { stderr: null, ...options, ...askLibrary(call, isAsync) });
}

/** Ends in the end, so that a test that fails does not go on for ever. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !isSo(); i++) await delay(5);
}

/** A host function that waits for ever, and what the signals that it got were aborted with. */
function waiting() {
  const reasons: unknown[] = [];
  let called = (): void => {};
  const isCalled = new Promise<void>((resolve) => (called = resolve));
  const wait = (_request: Inner, { signal }: HostCallOptions): Promise<never> => {
    called();
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => {
        reasons.push(signal.reason);
        reject(signal.reason as Error);
      }),
    );
  };
  return { wait, reasons, isCalled };
}

describe.each(settings)("the signal of a host function of a plugin %s", (_where, options, ends) => {
  it("is aborted at limits.time, with the error that the call has", async () => {
    const { wait, reasons } = waiting();
    const limits = { ...options.limits, time: 200 };
    const plugin = await load(wait, true, { ...options, limits });
    const error = await plugin.sayHello({ name: "h" }).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(PluginTimeoutError);
    expect(reasons).toEqual([error]);
    await plugin.dispose();
  });

  it("is aborted with that of the caller, for the same reason", async () => {
    const { wait, reasons, isCalled } = waiting();
    const plugin = await load(wait, true, options);
    const abort = new AbortController();
    const call = plugin.sayHello({ name: "h" }, { signal: abort.signal });
    await isCalled;
    const reason = new Error("gone");
    abort.abort(reason);
    await expect(call).rejects.toThrow(PluginAbortedError);
    expect(reasons).toEqual([reason]);
    await plugin.dispose();
  });

  it("is aborted in all calls, the one inside of the other, when the outer one is", async () => {
    const { wait, reasons, isCalled } = waiting();
    const outer: unknown[] = [];
    const plugin: GreeterPlugin = await load(
      async (request, call) => {
        if (request.name === "hinner") return wait(request, call);
        call.signal.addEventListener("abort", () => outer.push(call.signal.reason));
        return plugin.sayHello({ name: "hinner" });
      },
      true,
      options,
    );
    const abort = new AbortController();
    const call = plugin.sayHello({ name: "houter" }, { signal: abort.signal });
    await isCalled;
    abort.abort("gone");
    await expect(call).rejects.toThrow(PluginAbortedError);
    expect(outer).toEqual(["gone"]);
    // It had no signal of its own: what it learns is why the plugin has ended.
    expect(reasons).toEqual([expect.any(PluginAbortedError)]);
    await plugin.dispose();
  });

  it("is aborted when another host function of the call fails", async () => {
    const signals: AbortSignal[] = [];
    const plugin = await load(
      async (_request, { signal }) => {
        signals.push(signal);
        await delay(1);
        throw new Error("no route");
      },
      true,
      options,
    );
    const error = await plugin.sayHello({ name: "h" }).catch((it: unknown) => it);
    expect(signals.map((it) => it.reason)).toEqual([error]);
    await plugin.dispose();
  });

  it("is not aborted by anything after the call has been answered", async () => {
    const signals: AbortSignal[] = [];
    const plugin = await load(
      async (request, { signal }) => {
        signals.push(signal);
        await delay(1);
        return request;
      },
      true,
      { ...options, limits: { ...options.limits, time: 10_000 } },
    );
    const abort = new AbortController();
    await plugin.sayHello({ name: "h" }, { signal: abort.signal });
    abort.abort();
    await plugin.dispose();
    expect(signals.map((it) => it.aborted)).toEqual([false]);
  });

  if (ends) {
    it("is aborted when the plugin is disposed", async () => {
      const { wait, reasons, isCalled } = waiting();
      const plugin = await load(wait, true, options);
      const call = plugin.sayHello({ name: "h" });
      await isCalled;
      await Promise.all([
        plugin.dispose(),
        expect(call).rejects.toThrow("the plugin was disposed during the call"),
      ]);
      expect(reasons).toEqual([expect.any(PluginRetiredError)]);
    });
  } else {
    it("is not aborted by dispose, which waits for the call", async () => {
      const signals: AbortSignal[] = [];
      const plugin = await load(
        async (request, { signal }) => {
          signals.push(signal);
          await delay(100);
          return request;
        },
        true,
        options,
      );
      const call = plugin.sayHello({ name: "h" });
      await until(() => signals.length > 0);
      await plugin.dispose();
      expect((await call).name).toBe("h");
      expect(signals.map((it) => it.aborted)).toEqual([false]);
    });
  }

  it("is aborted when the host function itself disposes the plugin", async () => {
    const signals: AbortSignal[] = [];
    const plugin: GreeterPlugin = await load(
      async (request, { signal }) => {
        signals.push(signal);
        void plugin.dispose();
        return request;
      },
      true,
      options,
    );
    await expect(plugin.sayHello({ name: "h" })).rejects.toThrow(PluginRetiredError);
    expect(signals.map((it) => it.reason)).toEqual([expect.any(PluginRetiredError)]);
  });
});

describe("the signal of a host function that answers at once", () => {
  it("is aborted by what the host function itself does, also for `sync`", async () => {
    const abort = new AbortController();
    const plugin: GreeterPlugin = await load(
      (request, { signal }) => {
        const before = signal.aborted;
        if (request.name === "habort") abort.abort("gone");
        else void plugin.dispose();
        return { name: `${before} ${signal.aborted} ${signal.reason}` };
      },
      false,
      { isolation: "inline" },
    );
    if (!canSuspend()) {
      const { signal } = abort;
      const answer = await plugin.sayHello({ name: "habort" }, { signal });
      expect(answer.name).toBe("false true gone");
      // It is so from the beginning for the next one, in a plugin that nobody can interrupt.
      await expect(plugin.sayHello({ name: "habort" }, { signal })).rejects.toThrow("aborted");
    }
    expect(() => plugin.sync.sayHello({ name: "hdispose" })).toThrow(PluginRetiredError);
  });

  it("is the same each time that it is asked for", async () => {
    const signals: AbortSignal[] = [];
    const plugin = await load(
      (request, options) => {
        const { signal } = options;
        signals.push(signal, options.signal);
        return request;
      },
      false,
      { isolation: "inline" },
    );
    await plugin.sayHello({ name: "h" });
    expect(signals[0]).toBeInstanceOf(AbortSignal);
    expect(signals[0]).toBe(signals[1]);
    await plugin.dispose();
  });

  it("leaves no listener behind on that of the caller", async () => {
    const plugin = await load((request, { signal }) => ({ name: `h${signal.aborted}` }), false, {});
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, "addEventListener");
    const removed = jest.spyOn(signal, "removeEventListener");
    for (let i = 0; i < 10; i++) await plugin.sayHello({ name: "h" }, { signal });
    expect(added.mock.calls.length).toBeGreaterThanOrEqual(10);
    expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
    await plugin.dispose();
  });
});

describe("the signal of a host function of a plugin on another machine", () => {
  let plugin: GreeterPlugin;
  let server: TestServer;
  const { wait, reasons, isCalled } = waiting();

  beforeAll(async () => {
    // Connect reports there what it can't tell a caller who is gone.
    jest.spyOn(console, "error").mockImplementation(() => {});
    plugin = await load(wait, true, { isolation: "worker" });
    server = await serveRoutes(2, connectRoutes(GreeterPlugin, plugin));
  });

  afterAll(async () => {
    await server.close();
    await plugin.dispose();
    jest.restoreAllMocks();
  });

  it.each(["goes away", "has a deadline"])("is aborted when the caller %s", async (what) => {
    const transport = createGrpcTransport({ baseUrl: server.url }) as ConnectTransport;
    const hasDeadline = what === "has a deadline";
    const limits = hasDeadline ? { time: 500 } : {};
    const remote = await GreeterPlugin.connect(transport, { limits });
    const abort = new AbortController();
    const call = remote.sayHello({ name: "h" }, { signal: abort.signal });
    call.catch(() => {});
    await isCalled;
    if (!hasDeadline) abort.abort();
    await expect(call).rejects.toThrow(hasDeadline ? PluginTimeoutError : PluginAbortedError);
    await until(() => reasons.length > 0);
    expect(reasons.splice(0)).toEqual([expect.any(ConnectError)]);
  });
});
