import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SourceMap, type SourceMapping, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PluginTrapError, type LoadOptions } from "../index.js";
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

  describe("of a plugin in AssemblyScript with a source map", () => {
    const SOURCE = `
      export function malloc(size: i32): i32 { return 1024; }
      export function free(pointer: i32): void {}
      export function greeter_api_version(): i64 { return 1; }
      function third(by: i32): i32 {
        let sum = 0;
        for (let i = 0; i < 1000; i++) sum += i * by;
        return 8 / by + sum; // HERE
      }
      export function greeter_say_hello(pointer: i32, size: i32): i64 { return third(size - 3); }
      export const more = new StaticArray<i32>(8);
    `;
    const folder = mkdtempSync(join(tmpdir(), "wplug-"));
    afterAll(() => rmSync(folder, { recursive: true }));
    let map: SourceMap;

    beforeAll(() => {
      writeFileSync(join(folder, "plugin.ts"), SOURCE);
      const asc = join(require.resolve("assemblyscript/package.json"), "../bin/asc.js");
      const args = ["plugin.ts", "--outFile", "plugin.wasm", "--sourceMap", "--debug"];
      const options = ["--runtime", "stub", "--use", "abort="];
      execFileSync(process.execPath, [asc, ...args, ...options], { cwd: folder });
      const text = readFileSync(join(folder, "plugin.wasm.map"), "utf8");
      map = new SourceMap(JSON.parse(text) as SourceMapPayload);
    }, 60_000);

    it.each<LoadOptions>([
      { isolation: "inline" },
      { isolation: "inline", limits: { memory: 1 << 20 } },
      { isolation: "inline", limits: { time: 60_000, memory: 1 << 20 } },
      { isolation: "worker" },
      { isolation: "worker", limits: { memory: 1 << 20 } },
      { isolation: "worker", limits: { fuel: 1 << 20 } },
      { isolation: "worker", limits: { fuel: 1 << 20, memory: 1 << 20 } },
    ])("leads to the author's file and line: %j", async (options) => {
      await using plugin = await GreeterPlugin.load(join(folder, "plugin.wasm"), options);
      const error: unknown = await plugin.sayHello({ name: "a" }).catch((it: unknown) => it);
      expect(error).toMatchObject({ name: "PluginTrapError" });
      const { stack = "" } = (error as PluginTrapError).cause as Error;
      const offset = /wasm-function\[\d+\]:0x([0-9a-f]+)/.exec(stack)?.[1] ?? "";
      const entry = map.findEntry(0, Number.parseInt(offset, 16)) as Partial<SourceMapping>;
      const line = SOURCE.split("\n").findIndex((text) => text.includes("HERE"));
      expect(entry).toMatchObject({ originalSource: "plugin.ts", originalLine: line });
    });
  });
});
