import { checkHandshake, ApiVersionMismatchError, PluginLoadError, WplugError } from "../index.js";
import { GreeterPlugin, service } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";

async function loadError(text: string): Promise<WplugError> {
  const error: unknown = await GreeterPlugin.load(await wat(text)).catch(
    (caught: unknown) => caught,
  );
  if (error instanceof WplugError) return error;
  throw new Error("it was loaded");
}

const withoutVersion = greeter({ version: "" });
const version2 = greeter({
  version: `(func (export "greeter_api_version") (result i64) (i64.const 2))`,
});
const withoutMethod = greeter().replace(`(export "greeter_say_hello")`, "");

describe("loading", () => {
  it.each([
    ["greeter_api_version is not exported (the plugin, loaded as test.v1.Greeter)", withoutVersion],
    ["greeter_say_hello is not exported (the plugin, loaded as test.v1.Greeter)", withoutMethod],
    [
      "greeter_api_version is not exported, malloc is not exported, free is not exported, memory is not exported (the plugin, loaded as test.v1.Greeter)",
      "(module)",
    ],
    [
      "malloc is not exported (the plugin, loaded as test.v1.Greeter)",
      greeter({
        memory: `(func $malloc (param i32) (result i32) (i32.const 0)) (func (export "free") (param i32))`,
      }),
    ],
    [
      "plugin imports env.http_get, which the host does not provide (the plugin, loaded as test.v1.Greeter)",
      greeter({ imports: `(import "env" "http_get" (func (param i32 i32) (result i64)))` }),
    ],
    [
      "plugin imports env.table, which the host does not provide (the plugin, loaded as test.v1.Greeter)",
      greeter({ imports: `(import "env" "table" (table 1 funcref))` }),
    ],
    [
      "invalid malloc signature (the plugin)",
      greeter({
        memory: `(func $malloc (export "malloc") (param i32 i32) (result i32) (i32.const 0)) (func (export "free") (param i32))`,
      }).replace(/\(call \$malloc \(local.get \$size\)\)/, "(i32.const 0)"),
    ],
    [
      "invalid greeter_api_version signature (the plugin, loaded as test.v1.Greeter)",
      greeter({
        version: `(func (export "greeter_api_version") (param i32) (result i64) (i64.const 1))`,
      }),
    ],
    [
      "invalid greeter_api_version signature (the plugin, loaded as test.v1.Greeter)",
      greeter({ version: `(func (export "greeter_api_version") (result i32) (i32.const 1))` }),
    ],
    [
      "invalid greeter_say_hello signature (the plugin, loaded as test.v1.Greeter)",
      greeter({ more: `(func (export "x"))` })
        .replace("(param $ptr i32) (param $size i32) (result i64)\n      \n", "")
        .replace(
          /\(func \(export "greeter_say_hello"\)[^]*?\(func \(export "x"\)\)\)/,
          `(func (export "greeter_say_hello") (result i64) (i64.const 0)))`,
        ),
    ],
    [
      "the plugin can't be started: starting the plugin trapped: unreachable",
      greeter({ more: `(func (export "_initialize") unreachable)` }),
    ],
    [
      "the plugin can't be started: starting the plugin: the plugin ended itself with exit code 2",
      greeter({
        imports: `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`,
        more: `(func (export "_start") (call $exit (i32.const 2)))`,
      }),
    ],
  ])("fails: %s", async (message, text) => {
    const error = await loadError(text);
    expect(error).toBeInstanceOf(PluginLoadError);
    expect(error.message).toBe(message);
  });

  it("compares versions in go-plugin's words, before it looks for methods", async () => {
    for (const text of [version2, version2.replace(`(export "greeter_say_hello")`, "")]) {
      const error = await loadError(text);
      expect(error).toBeInstanceOf(ApiVersionMismatchError);
      expect(error).toMatchObject({ hostVersion: 1n, pluginVersion: 2n });
      expect(error.message).toBe(
        "API version mismatch, host: 1, plugin: 2 (the plugin, loaded as test.v1.Greeter): build the plugin and the host from the same version of the contract",
      );
    }
  });

  it("calls _initialize, or _start, and takes proc_exit(0) in _start for success", async () => {
    const exit = `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`;
    const set = `(i32.store (i32.const 200) (i32.const 1))`;
    const sayHello = `(if (i32.eqz (i32.load (i32.const 200))) (then unreachable)) (i64.const 0)`;
    for (const more of [
      `(func (export "_initialize") ${set}) (func (export "_start") unreachable)`,
      `(func (export "_start") ${set})`,
      `(func (export "_start") ${set} (call $exit (i32.const 0)) unreachable)`,
    ]) {
      const plugin = await GreeterPlugin.load(
        await wat(greeter({ imports: exit, sayHello, more })),
      );
      await expect(plugin.sayHello({})).resolves.toBeDefined();
    }
  });
});

describe("checkHandshake", () => {
  const good = {
    service: "test.v1.Greeter",
    hostVersion: 1,
    pluginVersion: 1,
    missingExports: [],
    unknownImports: [],
    calls: [],
    problems: [],
  };
  const http = `(import "env" "http_get" (func $http_get (param i32 i32) (result i64)))`;

  it("finds nothing wrong with a plugin that fits", async () => {
    expect(await checkHandshake(await wat(greeter()), service)).toEqual(good);
  });

  it("knows the host functions of the contract", async () => {
    const bytes = await wat(greeter({ imports: http }));
    const hostFunctions = [{ module: "env", name: "http_get" }];
    expect(await checkHandshake(bytes, { ...service, hostFunctions })).toEqual(good);
  });

  it("takes the functions that a host really has for those of the contract, if it is told", async () => {
    const bytes = await wat(greeter({ imports: http }));
    const hostFunctions = [{ module: "env", name: "http_get", rpc: "test.v1.Web.HttpGet" }];
    const report = await checkHandshake(
      bytes,
      { ...service, hostFunctions },
      { hostFunctions: [{ module: "env", name: "other" }] },
    );
    expect(report.unknownImports).toEqual(["env.http_get"]);
    expect(report.problems).toEqual([
      "plugin imports env.http_get (test.v1.Web.HttpGet), which the host does not provide",
    ]);
  });

  const calls = { calls: true, time: 1000 };
  const call = { name: "greeter_say_hello", outcome: "answered", message: "" };

  it("calls every rpc, with host functions that answer with empty messages", async () => {
    const bytes = await wat(
      greeter({
        imports: http,
        sayHello: `(drop (call $http_get (i32.const 0) (i32.const 0))) (i64.const 0)`,
      }),
    );
    const hostFunctions = [{ module: "env", name: "http_get" }];
    expect(await checkHandshake(bytes, { ...service, hostFunctions }, calls)).toEqual({
      ...good,
      calls: [call],
    });
  });

  it("takes an error for an answer, and a plugin that breaks or never answers for a problem", async () => {
    const answer = (sayHello: string) =>
      wat(greeter({ sayHello })).then((bytes) => checkHandshake(bytes, service, calls));
    // One byte at address 200, with the bit that says that it is the text of an error.
    const error = await answer(
      `(i32.store8 (i32.const 200) (i32.const 33)) (i64.const ${(200n << 32n) | (1n << 31n) | 1n})`,
    );
    expect(error).toEqual({ ...good, calls: [{ ...call, outcome: "error", message: "!" }] });
    const trap = await answer("unreachable");
    expect(trap.calls).toMatchObject([{ outcome: "failed" }]);
    expect(trap.problems).toEqual([
      expect.stringMatching(/^greeter_say_hello fails with an empty request: .*unreachable/),
    ]);
    const endless = await answer("(loop (br 0)) (i64.const 0)");
    expect(endless.problems).toEqual([expect.stringMatching(/1000 ms/)]);
  });

  it("reports version, exports and imports together", async () => {
    const bytes = await wat(
      greeter({
        imports: http,
        version: `(func (export "greeter_api_version") (result i64) (i64.const 2))`,
      }).replace(`(export "greeter_say_hello")`, ""),
    );
    expect(await checkHandshake(bytes, service)).toEqual({
      ...good,
      pluginVersion: 2,
      missingExports: ["greeter_say_hello"],
      unknownImports: ["env.http_get"],
      problems: [
        "plugin imports env.http_get, which the host does not provide",
        "API version mismatch, host: 1, plugin: 2",
        "greeter_say_hello is not exported",
      ],
    });
  });

  it("reports what is no plugin at all", async () => {
    expect(await checkHandshake(await wat("(module)"), service)).toEqual({
      ...good,
      pluginVersion: undefined,
      missingExports: ["greeter_api_version", "malloc", "free", "memory", "greeter_say_hello"],
      problems: [
        "greeter_api_version is not exported",
        "malloc is not exported",
        "free is not exported",
        "memory is not exported",
        "greeter_say_hello is not exported",
      ],
    });
    const noWasm = await checkHandshake(new TextEncoder().encode("<html>"), service);
    expect(noWasm).toMatchObject({
      pluginVersion: undefined,
      problems: [expect.stringContaining("is not a WebAssembly module")],
    });
  });

  it("reports a plugin that can't be started, or calls the host while it is started", async () => {
    const traps = await wat(greeter({ more: `(func (export "_initialize") unreachable)` }));
    expect((await checkHandshake(traps, service)).problems).toEqual([
      "the plugin can't be started: starting the plugin trapped: unreachable",
    ]);
    const calls = await wat(
      greeter({
        imports: http,
        more: `(func (export "_initialize") (drop (call $http_get (i32.const 0) (i32.const 0))))`,
      }),
    );
    const hostFunctions = [{ module: "env", name: "http_get" }];
    expect((await checkHandshake(calls, { ...service, hostFunctions })).problems).toEqual([
      "the plugin can't be started: host function env.http_get failed: a plugin must not call the host while it is started",
    ]);
  });
});
