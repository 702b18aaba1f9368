import type { HostFunction, LoadOptions } from "./index.js";
import {
  answering,
  answeringBlock,
  EMPTY_ITEM,
  EverythingPlugin,
  fill,
  MIB,
  START,
  withRoom,
} from "./testing/answering.js";
import { Everything, Inner } from "./testing/everything.js";
import { GreeterPlugin } from "./testing/greeter-client.js";
import { greeter, wat } from "./testing/wat.js";

/** What few bytes make much of. */
const bombs: Record<string, () => Promise<Uint8Array>> = {
  "messages with nothing in them": () => answering(EMPTY_ITEM, MIB),
  "map entries with nothing in them": () => answering([0xb2, 0x01, 0x00], MIB),
  "map entries with different keys": () =>
    answering([0xb2, 0x01, 0x06, 0x08, 0x80, 0x80, 0x80, 0x80, 0x01], MIB, 4),
  "texts of two characters": () => answering([0x9a, 0x01, 0x04, 0x0a, 0x02, 0x61, 0x62], MIB),
  "messages in messages": () =>
    answering([0x9a, 0x01, 0x08, 0x12, 0x06, 0x12, 0x04, 0x12, 0x02, 0x12, 0x00], MIB),
  "numbers in a packed list": () => answeringBlock([0x92, 0x01], [1], MIB),
  "numbers in a list that is not packed": () => answering([0x90, 0x01, 0x01], 3 * MIB),
  "unknown fields in messages": () => answering([0x9a, 0x01, 0x02, 0x18, 0x01], MIB),
  "unknown fields between known ones": () => answering([0xf8, 0x07, 0x01, 0x08, 0x01], MIB),
  "one text": () => answeringBlock([0xba, 0x01], [0x61], 5 * MIB),
};

const isolations = ["inline", "worker"] as const;

describe.each(isolations)("%s: an answer of", (isolation) => {
  it.each(Object.entries(bombs))("%s makes no more than it may", async (_, module) => {
    const options: LoadOptions = { isolation, limits: { decoded: 4 * MIB } };
    await using plugin = await EverythingPlugin.load(await module(), options);
    await expect(plugin.sayHello()).rejects.toMatchObject({
      name: "PluginLimitError",
      message: expect.stringMatching(
        /^sayHello answered with \d+ bytes that would make more than 4194304 bytes of objects in the host \(limits.decoded\)$/,
      ) as string,
    });
    // One in a worker is replaced.
    expect(plugin.retired).toBe(isolation === "inline");
  });

  it.each([24, 32, 64])(
    "%i MiB of messages with nothing in them is refused without a limit, too",
    async (size) => {
      const module = await answering(EMPTY_ITEM, size * MIB);
      await using plugin = await EverythingPlugin.load(module, { isolation });
      const bytes = Math.floor((size * MIB) / EMPTY_ITEM.length) * EMPTY_ITEM.length;
      const most = bytes + Math.min(256 * MIB, 64 * MIB + 32 * bytes);
      await expect(plugin.sayHello()).rejects.toMatchObject({
        name: "PluginLimitError",
        message: `sayHello answered with ${bytes} bytes that would make more than ${most} bytes of objects in the host (limits.decoded)`,
      });
    },
    20_000,
  );

  it("8 MiB of small objects, of as many as a JSON document may have, is read without a limit", async () => {
    await using plugin = await EverythingPlugin.load(await answering(EMPTY_ITEM, 8 * MIB), {
      isolation,
    });
    const { items } = await plugin.sayHello();
    expect(items.length).toBe(Math.floor((8 * MIB) / EMPTY_ITEM.length));
  }, 20_000);

  it("4 MiB of texts, numbers and messages with something in them is read without a limit", async () => {
    const item = [0x9a, 0x01, 0x0a, 0x0a, 0x08, 0x77, 0x61, 0x73, 0x6d, 0x77, 0x61, 0x73, 0x6d];
    await using plugin = await EverythingPlugin.load(await answering(item, 4 * MIB), { isolation });
    const { items } = await plugin.sayHello();
    expect(items.length).toBe(Math.floor((4 * MIB) / item.length));
    expect(items.at(-1)?.name).toBe("wasmwasm");
  });

  it("a long list is within the time of the call", async () => {
    const module = await answering(EMPTY_ITEM, 64 * MIB);
    const limits = { time: 200, decoded: 4096 * MIB };
    await using plugin = await EverythingPlugin.load(module, { isolation, limits });
    const start = performance.now();
    await expect(plugin.sayHello()).rejects.toMatchObject({
      name: "PluginTimeoutError",
      message: "sayHello took longer than 200 ms (limits.time)",
    });
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("a pool", () => {
  it("replaces an instance whose answer makes too much", async () => {
    const module = await answering(EMPTY_ITEM, MIB);
    await using plugin = await EverythingPlugin.load(module, {
      pool: { size: 2 },
      isolation: "worker",
      limits: { decoded: MIB },
    });
    const calls = await Promise.allSettled([1, 2, 3, 4].map(() => plugin.sayHello()));
    const errors = calls.map((call) => (call.status === "rejected" ? call.reason : call.value));
    for (const error of errors) expect(error).toMatchObject({ name: "PluginLimitError" });
    expect(plugin.retired).toBe(false);
  });
});

describe.each(isolations)("%s: a request to a host function", (isolation) => {
  async function load(
    limits: LoadOptions["limits"],
    call: (request: Everything) => Inner,
  ): Promise<GreeterPlugin> {
    const ask = `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`;
    const sayHello = `${fill(EMPTY_ITEM, 32 * MIB)} (drop (call $ask (i32.const ${START}) (local.get $size))) (i64.const 0)`;
    const hostFunction = { module: "env", name: "ask", input: Everything, output: Inner, call };
    return GreeterPlugin.load(await wat(withRoom(greeter({ imports: ask, sayHello }), 32 * MIB)), {
      isolation,
      limits,
      libraries: [{ functions: [hostFunction as unknown as HostFunction] }],
    });
  }

  it("makes no more than it may, and the host function is not called", async () => {
    const call = jest.fn(() => new Inner());
    await using plugin = await load({ decoded: 4 * MIB }, call);
    await expect(plugin.sayHello({ name: "a" })).rejects.toMatchObject({
      name: "PluginLimitError",
      message:
        "the plugin sent to env.ask 33554430 bytes that would make more than 4194304 bytes of objects in the host (limits.decoded)",
    });
    expect(call).not.toHaveBeenCalled();
    // One in a worker is replaced.
    expect(plugin.retired).toBe(isolation === "inline");
  });

  it("is within the time of the call", async () => {
    const call = jest.fn(() => new Inner());
    await using plugin = await load({ time: 200, decoded: 4096 * MIB }, call);
    await expect(plugin.sayHello({ name: "a" })).rejects.toMatchObject({
      name: "PluginTimeoutError",
    });
    expect(call).not.toHaveBeenCalled();
  });
});
