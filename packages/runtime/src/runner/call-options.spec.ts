import { setTimeout as delay } from "node:timers/promises";

import { hostLibrary } from "../descriptors/host-library.js";
import type { HostCallOptions, LoadOptions } from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";

/** Where plugins run, and whether a host function may answer with a Promise there. */
const settings: readonly (readonly [string, LoadOptions, boolean])[] = [
  ["in the host's thread", { isolation: "inline" }, canSuspend()],
  ["in a metered one", { isolation: "inline", limits: { time: 10_000 } }, canSuspend()],
  ["in a pool in the host's thread", { isolation: "inline", pool: { size: 3 } }, canSuspend()],
  ["in a worker", { isolation: "worker" }, true],
  ["in a pool of workers", { isolation: "worker", pool: { size: 3 } }, true],
];

async function load(call: Ask, isAsync: boolean, options: LoadOptions): Promise<GreeterPlugin> {
  const source = await wat(greeter(BEHAVIOURS));
  return GreeterPlugin.load(source, { ...options, ...askLibrary(call, isAsync) });
}

describe.each(settings)("a host function of a plugin %s", (_where, options, canWait) => {
  it("gets the context of the call, which the plugin does not", async () => {
    const context = { user: "ada" };
    const seen: HostCallOptions[] = [];
    const plugin = await load(
      (request, options) => {
        const { context, signal } = options;
        seen.push({ context, signal });
        return request;
      },
      false,
      options,
    );
    await plugin.sayHello({ name: "h" }, { context });
    await plugin.sayHello({ name: "h" });
    const signal = expect.any(AbortSignal);
    expect(seen).toEqual([
      { context, signal },
      { context: undefined, signal },
    ]);
    expect(seen[0]?.context).toBe(context);
    await plugin.dispose();
  });

  if (canWait) {
    it("gets that of its own call while others wait", async () => {
      const plugin = await load(
        async ({ name }, { context }) => {
          await delay(name.length % 3);
          return { name: String(context) };
        },
        true,
        options,
      );
      const names = Array.from({ length: 20 }, (_, i) => `h${"x".repeat(i)}`);
      const answers = names.map((name) => plugin.sayHello({ name }, { context: name }));
      expect((await Promise.all(answers)).map(({ name }) => name)).toEqual(names);
      await plugin.dispose();
    });

    it("gets that of the innermost call, and then that of the outer one again", async () => {
      const seen: unknown[] = [];
      const plugin: GreeterPlugin = await load(
        async ({ name }, { context }) => {
          seen.push([name, context]);
          if (name === "h1") {
            await plugin.sayHello({ name: "h2" }, { context: "inner" });
            await plugin.sayHello({ name: "h3" });
            return { name: String(context) };
          }
          return {};
        },
        true,
        options,
      );
      expect((await plugin.sayHello({ name: "h1" }, { context: "outer" })).name).toBe("outer");
      await plugin.sayHello({ name: "h4" });
      expect(seen).toEqual([
        ["h1", "outer"],
        ["h2", "inner"],
        ["h3", undefined],
        ["h4", undefined],
      ]);
      await plugin.dispose();
    });
  }
});

it("A host function that is called by `sync` gets its context, also when an earlier call has failed", async () => {
  const plugin: GreeterPlugin = await load(
    ({ name }, { context }) => {
      if (name === "h1") return plugin.sync.sayHello({ name: "h2" }, { context: "inner" });
      if (name === "hfail") expect(() => plugin.sync.sayHello({ name: 1 as never })).toThrow();
      return { name: String(context) };
    },
    false,
    { isolation: "inline" },
  );
  expect(plugin.sync.sayHello({ name: "h1" }, { context: "outer" }).name).toBe("inner");
  expect(plugin.sync.sayHello({ name: "hfail" }, { context: "outer" }).name).toBe("outer");
  expect(plugin.sync.sayHello({ name: "h" }).name).toBe("undefined");
});

it("An implementation of a host service gets them as its second parameter, and says what its context is", async () => {
  const implementation = {
    prefix: "for ",
    async ask(_request: Inner, { context }: HostCallOptions<{ user: string }>) {
      return { name: this.prefix + context.user };
    },
  };
  const ask = { name: "ask", wasmName: "ask", input: Inner, output: Inner };
  const library = hostLibrary(
    { typeName: "test.v1.Host", module: "env", methods: { ask } },
    implementation,
  );
  const plugin = await GreeterPlugin.load(await wat(greeter(BEHAVIOURS)), {
    libraries: [library],
    // Calls are told to hooks, which pass them on.
    hooks: { hostCall: () => undefined },
  });
  const context = { user: "ada" };
  expect((await plugin.sayHello({ name: "h" }, { context })).name).toBe("for ada");
  await plugin.dispose();
});
