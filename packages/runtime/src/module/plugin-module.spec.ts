import { PluginLoadError, PluginModule, type PluginSource } from "../index.js";
import { concat, customSection, wat } from "../testing/wat.js";
import { hex } from "../testing/hex.js";

async function compileError(source: PluginSource): Promise<string> {
  const error: unknown = await PluginModule.compile(source).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(PluginLoadError);
  return error instanceof Error ? error.message : "";
}

describe("PluginModule.compile", () => {
  it("lists imports and exports without running anything", async () => {
    const module = await PluginModule.compile(
      await wat(`(module
        (import "env" "http_get" (func (param i32 i32) (result i64)))
        (memory (export "memory") 1)
        (func $start unreachable)
        (start $start))`),
    );
    expect(module.imports).toEqual([{ module: "env", name: "http_get", kind: "function" }]);
    expect([...module.exports]).toEqual([["memory", "memory"]]);
    expect(module.toolchain).toBe("other");
    expect(module.name).toBe("the plugin");
    expect(await PluginModule.compile(module)).toBe(module);
  });

  it("knows plugins of wplug", async () => {
    const bytes = concat(await wat("(module)"), customSection("wplug", "greeter"));
    expect((await PluginModule.compile(bytes)).toolchain).toBe("wplug");
  });

  it.each([
    ["nothing", "", "the plugin is empty, not a WebAssembly module"],
    [
      "text",
      "3c68746d6c3e3c2f",
      "the plugin is not a WebAssembly module: it begins with the bytes 3c 68 74 6d, not 00 61 73 6d",
    ],
    ["a few bytes", "0061", "the plugin is a cut-off WebAssembly module"],
    ["half a header", "0061736d01", "the plugin is a cut-off WebAssembly module"],
    [
      "a component",
      "0061736d0d000100",
      "the plugin is a WebAssembly component; a plugin is a core module, as wplug and go-plugin build it",
    ],
  ])("refuses %s", async (_, bytes, message) => {
    expect(await compileError(hex(bytes))).toBe(message);
  });

  it("refuses a damaged module", async () => {
    const bytes = await wat(`(module (func (export "f") (result i32) (i32.const 1)))`);
    expect(await compileError(bytes.subarray(0, -3))).toMatch(
      /^the plugin is not a valid WebAssembly module: /,
    );
  });

  it("names the file that is missing or a folder", async () => {
    expect(await compileError("no/such/plugin.wasm")).toBe(
      "can't read no/such/plugin.wasm: there is no such file (was the plugin built?)",
    );
    expect(await compileError(__dirname)).toBe(`can't read ${__dirname}: it is a folder`);
  });

  it("names the status of a response that is none", async () => {
    expect(await compileError(new Response("", { status: 404 }))).toBe(
      "can't read the plugin: HTTP status 404",
    );
  });

  it("refuses what is no source", async () => {
    const sources: unknown[] = [{}, [], 5, new Date()];
    for (const source of sources) {
      expect(await compileError(source as PluginSource)).toMatch(/^a plugin is loaded from a path/);
    }
  });
});
