import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";

import type { CallSpan, LoadOptions, PluginHooks } from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";

async function load(call: Ask, isAsync: boolean, options: LoadOptions): Promise<GreeterPlugin> {
  const source = await wat(greeter(BEHAVIOURS));
  return GreeterPlugin.load(source, { stderr: null, ...options, ...askLibrary(call, isAsync) });
}

/** Where plugins run, and whether a host function may answer with a Promise there. */
const settings: readonly (readonly [string, LoadOptions, boolean])[] = [
  ["in the host's thread", { isolation: "inline" }, canSuspend()],
  ["in a metered one", { isolation: "inline", limits: { time: 10_000 } }, canSuspend()],
  ["in a pool in the host's thread", { isolation: "inline", pool: { size: 3 } }, canSuspend()],
  ["in a worker", { isolation: "worker" }, true],
  ["in a pool of workers", { isolation: "worker", pool: { size: 2 } }, true],
];

/** Makes the path of calls active, as a tracer does with spans. */
function pathHooks(active: AsyncLocalStorage<string>): PluginHooks {
  const follow = ({ name }: CallSpan) => {
    const path = `${active.getStore() ?? ""} > ${name}`;
    return { run: (part: () => void) => active.run(path, part) };
  };
  return { call: follow, hostCall: follow };
}

const CALL = "> test.v1.Greeter/SayHello";

describe.each(settings)("what hooks make active, of a plugin %s,", (_where, options, canWait) => {
  const active = new AsyncLocalStorage<string>();

  it("is active in the host functions of each call, whoever started the plugin", async () => {
    const seen: string[] = [];
    const plugin = await active.run("start", () =>
      load(
        (request) => {
          seen.push(active.getStore() ?? "none");
          return request;
        },
        false,
        { ...options, hooks: pathHooks(active) },
      ),
    );
    await active.run("a", () => plugin.sayHello({ name: "h" }));
    await Promise.all(
      ["b", "c", "d"].map((id) => active.run(id, () => plugin.sayHello({ name: "h" }))),
    );
    expect(seen.sort()).toEqual(["a", "b", "c", "d"].map((id) => `${id} ${CALL} > env/ask`));
    expect(active.getStore()).toBeUndefined();
    await plugin.dispose();
  });

  if (canWait) {
    it("stays active where a host function waits, and in calls that it makes", async () => {
      const seen: string[] = [];
      const plugin: GreeterPlugin = await load(
        async (request, { context }) => {
          await delay(1);
          seen.push(`${String(context)}: ${active.getStore()}`);
          if (request.name === "h1") await plugin.sayHello({ name: "h2" }, { context: "inner" });
          return request;
        },
        true,
        { ...options, hooks: pathHooks(active) },
      );
      await active.run("a", () => plugin.sayHello({ name: "h1" }, { context: "outer" }));
      expect(seen).toEqual([
        `outer: a ${CALL} > env/ask`,
        `inner: a ${CALL} > env/ask ${CALL} > env/ask`,
      ]);
      await plugin.dispose();
    });
  }
});

const broken = (): never => {
  throw new Error("no span");
};
const twice = (part: () => void): void => {
  part();
  part();
};
const thenThrow = (part: () => void): void => {
  part();
  broken();
};

/** Hooks that fail, and how many errors they have in a call of the plugin with one of the host. */
const BROKEN: Readonly<Record<string, readonly [PluginHooks, number]>> = {
  "throw at the begin": [{ call: broken, hostCall: broken }, 2],
  "throw at the end": [{ call: () => broken, hostCall: () => ({ end: broken }) }, 2],
  // That of the call runs it, and what it calls of the host.
  "throw before the call is run": [
    { call: () => ({ run: broken }), hostCall: () => ({ run: broken }) },
    3,
  ],
  "throw after the call was run": [
    { call: () => ({ run: thenThrow }), hostCall: () => ({ run: thenThrow }) },
    3,
  ],
  "run the call twice": [{ call: () => ({ run: twice }), hostCall: () => ({ run: twice }) }, 0],
  "don't run the call": [
    { call: () => ({ run: () => {} }), hostCall: () => ({ run: () => {} }) },
    0,
  ],
  "answer with null": [{ call: () => null as never, hostCall: () => null as never }, 0],
};

describe.each(Object.entries(BROKEN))("hooks that %s", (_, [hooks, errors]) => {
  it.each(["inline", "worker"] as const)("change no result of a plugin (%s)", async (isolation) => {
    const failed = jest.fn();
    const asked: string[] = [];
    const plugin = await load(
      (request) => {
        asked.push(request.name);
        if (request.name === "hx") throw new Error("bad name");
        return request;
      },
      false,
      { isolation, hooks: { ...hooks, failed } },
    );
    expect(await plugin.sayHello({ name: "h" })).toEqual({ name: "h" });
    expect(failed.mock.calls).toEqual(Array(errors).fill([new Error("no span")]));
    if (isolation === "inline") expect(plugin.sync.sayHello({ name: "hs" }).name).toBe("hs");
    await expect(plugin.sayHello({ name: "hx" })).rejects.toThrow("bad name");
    expect(asked).toEqual(isolation === "inline" ? ["h", "hs", "hx"] : ["h", "hx"]);
    expect(plugin.stats().errors).toBe(1);
    await plugin.dispose();
  });
});

it("What hooks throw is a warning, once, if they don't ask for it, or fail to take it", async () => {
  const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
  for (const hooks of [{ call: broken }, { call: broken, failed: broken }]) {
    const plugin = await load((it) => it, false, { isolation: "inline", hooks });
    await plugin.sayHello({ name: "a" });
    await plugin.sayHello({ name: "a" });
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^a hook of a plugin threw: no span\. /), "WplugWarning"],
    ]);
    warn.mockClear();
    await plugin.dispose();
  }
  warn.mockRestore();
});
