import { readFileSync } from "node:fs";
import { PluginTrapError } from "../index.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { watOfToday } from "../testing/metered.js";
import { greeter } from "../testing/wat.js";
import { originalStack } from "./original-stack.js";

/** The class of what Node itself throws. */
function errorOutside(): unknown {
  try {
    return readFileSync("/not/there");
  } catch (error) {
    return (error as Error).constructor;
  }
}

describe("the stack of a metered plugin", () => {
  it("has places of the plugin as its author has it, and others as they are", () => {
    const stack = [
      "RuntimeError: unreachable",
      "    at f (wasm://wasm/one-12ab:wasm-function[3]:0x1f)",
      "    at wasm://wasm/34cd:wasm-function[1]:0x3b",
      "    at wasm://wasm/one-12ab:wasm-function[4]:0xff",
      "    at call (file:///plugin.js:1:2)",
    ].join("\n");
    expect(originalStack(stack, (offset) => offset - 15)).toBe(
      stack.replace("0x1f", "0x10").replace("0xff", "0xf0"),
    );
    expect(originalStack("Error: no", () => 0)).toBe("Error: no");
  });

  // Stacks as jest writes them have no offsets. It has its say in the sandbox and outside.
  const realms = [Error, errorOutside()].map((realm) => realm as { prepareStackTrace?: unknown });
  const writers = realms.map(({ prepareStackTrace }) => prepareStackTrace);
  beforeEach(() => realms.forEach((realm) => (realm.prepareStackTrace = undefined)));
  afterEach(() => realms.forEach((realm, i) => (realm.prepareStackTrace = writers[i])));

  it.each([undefined, 1 << 20])("is that of the plain one, memory limit %s", async (memory) => {
    const bytes = await watOfToday(
      greeter({
        more: `(func $deep (param i32) (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) unreachable)`,
        sayHello: `(call $deep (i32.const 1000)) (i64.const 0)`,
      }),
    );
    const places: unknown[] = [];
    for (const time of [undefined, 60_000]) {
      await using plugin = await GreeterPlugin.load(bytes, {
        isolation: "inline",
        limits: { time, memory: time === undefined ? undefined : memory },
      });
      const error: unknown = await plugin
        .sayHello({ name: "a" })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(PluginTrapError);
      const { stack = "" } = (error as PluginTrapError).cause as Error;
      places.push([...stack.matchAll(/wasm-function\[\d+\]:0x[0-9a-f]+/g)].map(([place]) => place));
    }
    expect(places[0]).toHaveLength(2);
    expect(places[1]).toEqual(places[0]);
  });
});
