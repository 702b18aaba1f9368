import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect, PluginLoadError, PluginModule, type PluginSource } from "../index.js";
import { concat, customSection, wat } from "../testing/wat.js";
import { hex } from "../testing/hex.js";
import { wasmApi, type WasmApi } from "./wasm-api.js";

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
    ["go", customSection("wplug", '{"language":"go"}')],
    ["tinygo", customSection("wplug", '{"language":"tinygo"}')],
    ["wplug", customSection("wplug", '{"language":"cobol"}')],
    ["wplug", customSection("wplug", "null")],
    // One field, "language", with one value, "Go" in version "go1.26".
    ["go", customSection("producers", "\x01\x08language\x01\x02Go\x06go1.26")],
  ])("knows that a plugin is of %s, also if wplug built it", async (toolchain, section) => {
    const bytes = concat(await wat("(module)"), section, customSection("wplug", "{}"));
    expect((await PluginModule.compile(bytes)).toolchain).toBe(toolchain);
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

describe("a plugin from a server", () => {
  const server = createServer((request, response) => {
    const type = request.url === "/plain" ? "text/plain" : "application/wasm";
    response.setHeader("content-type", type);
    if (request.url === "/missing") response.statusCode = 404;
    void wat("(module (memory 3))").then((bytes) => {
      const sent = request.url === "/damaged" ? bytes.subarray(0, 10) : bytes;
      response.write(sent.subarray(0, 5));
      setTimeout(() => response.end(sent.subarray(5)), 10);
    });
  });
  let origin: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each(["/plain", "/wasm"])("is compiled: %s", async (path) => {
    const compileStreaming = jest.spyOn(wasmApi() as Required<WasmApi>, "compileStreaming");
    for (const source of [origin + path, new URL(origin + path), await fetch(origin + path)]) {
      const { name, memory } = await inspect(source);
      expect({ name, memory }).toEqual({
        name: origin + path,
        memory: { initial: 196608, maximum: undefined },
      });
    }
    expect(compileStreaming).toHaveBeenCalledTimes(path === "/wasm" ? 3 : 0);
    compileStreaming.mockRestore();
  });

  it("that is not there, or not whole, is an error that names it", async () => {
    expect(await compileError(`${origin}/missing`)).toBe(
      `can't read ${origin}/missing: HTTP status 404`,
    );
    expect(await compileError(`${origin}/damaged`)).toContain(
      `${origin}/damaged is not a valid WebAssembly module`,
    );
    expect(await compileError("http://127.0.0.1:1/x")).toContain("can't read http://127.0.0.1:1/x");
  });
});

describe("inspect", () => {
  const module = `(module
    (import "env" "http_get" (func (param i32 i32) (result i64)))
    (import "json-parser" "parse" (func (param i32 i32) (result i64)))
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 2 10)
    (func $start unreachable)
    (start $start)
    (func (export "greeter_api_version") (result i64) (i64.const 1))
    (func (export "greeter_say_hello"))
    (func (export "greeter_admin_api_version") (result i64) (i64.const 2))
    (func (export "greeter_admin_reset")))`;

  it("tells what a plugin is without running it", async () => {
    expect(await inspect(await wat(module))).toEqual({
      name: "the plugin",
      toolchain: "other",
      services: [
        { name: "greeter", typeName: undefined, version: undefined, methods: ["say_hello"] },
        { name: "greeter_admin", typeName: undefined, version: undefined, methods: ["reset"] },
      ],
      exports: [
        "memory",
        "greeter_api_version",
        "greeter_say_hello",
        "greeter_admin_api_version",
        "greeter_admin_reset",
      ],
      hostFunctions: ["env.http_get", "json-parser.parse"],
      wasi: ["fd_write"],
      memory: { initial: 131072, maximum: 655360 },
      producers: [],
      parts: [
        { name: "type", size: 24 },
        { name: "import", size: 72 },
        { name: "function", size: 8 },
        { name: "memory", size: 6 },
        { name: "export", size: 104 },
        { name: "start", size: 3 },
        { name: "code", size: 23 },
      ],
      section: undefined,
      descriptors: undefined,
    });
  });

  it("tells the parts of a file, what made it, and the contract as it is in it", async () => {
    const producers = "\x01\x0cprocessed-by\x01\x03asc\x060.28.1";
    const bytes = concat(
      await wat("(module)"),
      customSection("producers", producers),
      customSection("wplug.descriptors", "zipped"),
    );
    const inspection = await inspect(bytes);
    expect(inspection.producers).toEqual([
      { field: "processed-by", name: "asc", version: "0.28.1" },
    ]);
    expect(inspection.parts?.map(({ name }) => name)).toEqual(["producers", "wplug.descriptors"]);
    const sizes = inspection.parts?.map(({ size }) => size) ?? [];
    expect(8 + sizes.reduce((sum, size) => sum + size)).toBe(bytes.length);
    expect(inspection.descriptors).toEqual(new TextEncoder().encode("zipped"));
    const { module: compiled } = await PluginModule.compile(bytes);
    expect(await inspect(compiled)).toMatchObject({ parts: undefined });
  });

  it("reads what wplug wrote when it built the plugin", async () => {
    const section = {
      services: [{ typeName: "a.v1.GreeterAdmin", version: 2 }],
      generator: "wplug",
    };
    const bytes = concat(await wat(module), customSection("wplug", JSON.stringify(section)));
    const { toolchain, services, section: read } = await inspect(bytes);
    expect(toolchain).toBe("wplug");
    expect(read).toEqual(section);
    expect(services[1]).toMatchObject({ typeName: "a.v1.GreeterAdmin", version: 2 });
    const damaged = concat(await wat(module), customSection("wplug", "{"));
    expect(await inspect(damaged)).toMatchObject({ section: undefined });
  });

  it("knows the memory only from the bytes", async () => {
    const compiled = await PluginModule.compile(await wat("(module (memory 1))"));
    expect(compiled.memorySize()).toEqual({ initial: 65536, maximum: undefined });
    expect((await inspect(compiled.module)).memory).toBeUndefined();
    expect((await inspect(await wat("(module)"))).memory).toBeUndefined();
  });
});
