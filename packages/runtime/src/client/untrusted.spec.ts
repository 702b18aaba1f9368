import { untrusted, type HostFunction, type LoadOptions } from "../index.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { ECHO, FD_WRITE, WRITE, greeter, wat, type Parts } from "../testing/wat.js";

const MEMORY = `(memory (export "memory") 1)`;

async function call(parts: Parts, options: LoadOptions = untrusted(), pages = 1): Promise<unknown> {
  const text = greeter(parts).replace(MEMORY, `(memory (export "memory") ${pages})`);
  await using plugin = await GreeterPlugin.load(await wat(text), options);
  return await plugin.sayHello({ name: "wplug" });
}

describe("untrusted()", () => {
  it("runs a plugin as it is", async () => {
    await expect(call({})).resolves.toMatchObject({ name: "wplug" });
  });

  it.each<[string, Parts, object, number]>([
    [
      "computes for ever",
      { sayHello: `(loop $again (br $again)) unreachable` },
      { name: "PluginTimeoutError", message: "sayHello took longer than 1000 ms (limits.time)" },
      1,
    ],
    [
      "takes memory without end",
      {
        sayHello: `(loop $again (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable`,
      },
      { name: "PluginLimitError", message: expect.stringContaining("(limits.memory)") },
      1,
    ],
    [
      "answers with 5 MiB",
      { sayHello: `(call $answer (i32.const 0) (i32.const ${5 << 20}))` },
      { name: "PluginLimitError", message: expect.stringContaining("(limits.message)") },
      100,
    ],
    [
      "writes without end",
      {
        imports: FD_WRITE,
        more: WRITE,
        sayHello: `(loop $again (call $write (i32.const 2) (i32.const 0) (i32.const 60000)) (br $again)) unreachable`,
      },
      { name: "PluginLimitError", message: expect.stringContaining("(limits.output)") },
      1,
    ],
  ])("ends one that %s", async (_, parts, error, pages) => {
    const options = { ...untrusted(), stderr: null };
    await expect(call(parts, options, pages)).rejects.toMatchObject(error);
  });

  it("bounds what an answer makes, and how deep calls are nested", () => {
    expect(untrusted().limits).toMatchObject({ decoded: 64 << 20, depth: 16 });
  });

  it("takes other limits, and the other options beside it", async () => {
    const limits = untrusted({ time: 50 }).limits;
    expect(limits).toEqual({ ...untrusted().limits, time: 50 });
    const ask: HostFunction<Inner, Inner> = {
      module: "env",
      name: "ask",
      input: Inner,
      output: Inner,
      call: (request) => request,
    };
    const parts = {
      imports: `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`,
      sayHello: ECHO,
    };
    const libraries = [{ functions: [ask as unknown as HostFunction] }];
    await expect(call(parts, { ...untrusted({ time: 5000 }), libraries })).resolves.toMatchObject({
      name: "wplug",
    });
  });
});
