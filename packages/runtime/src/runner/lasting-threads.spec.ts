import { PluginTimeoutError, runProgram, untrusted } from "../index.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { FOREVER } from "../testing/greeters.js";
import { greeter, wat } from "../testing/wat.js";

const isBun = process.versions["bun"] !== undefined;
const REFUSAL =
  /^limits\.time can't be held in a worker on Bun, which does not end a thread while wasm runs in it: use isolation "inline"/;

describe("a limit of time", () => {
  it("is held in a worker, or refused there by the name of the engine", async () => {
    const loading = GreeterPlugin.load(await wat(greeter({ sayHello: FOREVER })), {
      ...untrusted({ time: 300 }),
    });
    if (isBun) return expect(loading).rejects.toThrow(REFUSAL);
    const plugin = await loading;
    await expect(plugin.sayHello({})).rejects.toThrow(PluginTimeoutError);
    await plugin.dispose();
  });

  it("is held wherever the plugin runs if the options don't say", async () => {
    const plugin = await GreeterPlugin.load(await wat(greeter({ sayHello: FOREVER })), {
      limits: { time: 300 },
    });
    await expect(plugin.sayHello({})).rejects.toThrow(PluginTimeoutError);
    await plugin.dispose();
  });

  it("is held for programs as well", async () => {
    const program = await wat(
      `(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))`,
    );
    await expect(runProgram(program, { limits: { time: 300 } })).rejects.toThrow(
      PluginTimeoutError,
    );
    const inWorker = runProgram(program, { limits: { time: 300 }, isolation: "worker" });
    await expect(inWorker).rejects.toThrow(isBun ? REFUSAL : PluginTimeoutError);
  });
});
