import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  HostFunctionError,
  PluginAbortedError,
  PluginError,
  PluginExitError,
  PluginLimitError,
  PluginModule,
  PluginRetiredError,
  PluginTrapError,
  WireError,
  type HostFunction,
} from "../index.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { Inner } from "../testing/everything.js";
import {
  FD_WRITE,
  WRITE,
  concat,
  customSection,
  greeter,
  wat,
  type Parts,
} from "../testing/wat.js";

const load = async (parts: Parts = {}, options = {}): Promise<GreeterPlugin> =>
  GreeterPlugin.load(await wat(greeter(parts)), options);

/** Reads a global that the test plugins export to tell what they count. */
function counter(plugin: GreeterPlugin, name: string): number {
  const { opened } = plugin as unknown as {
    opened: { runner: { instance: { exports: Record<string, { value: number }> } } };
  };
  return opened.runner.instance.exports[name]?.value ?? Number.NaN;
}

/** Answers an error with the text of 12 bytes at 100. */
const FAIL: Parts = {
  sayHello: `(call $answer (i32.const 100) (i32.const 0x8000000c))`,
  more: `(data (i32.const 100) "no such user")`,
};

describe("a loaded plugin", () => {
  it("answers a call, with a Promise and without", async () => {
    const plugin = await load();
    expect(await plugin.sayHello({ name: "wplug" })).toEqual(new Inner({ name: "wplug" }));
    const answer = plugin.sync.sayHello({ name: "wplug", inner: { name: "nested" } });
    expect(answer.inner).toBeInstanceOf(Inner);
    expect(answer.inner?.name).toBe("nested");
  });

  it("takes an empty request and an empty answer without memory", async () => {
    const plugin = await load({
      memory: `
      (func $malloc (export "malloc") (param i32) (result i32) unreachable)
      (func (export "free") (param i32) unreachable)`,
    });
    expect(plugin.sync.sayHello({})).toEqual(new Inner());
  });

  it("frees every request and every answer", async () => {
    const plugin = await load();
    for (let i = 1; i <= 1000; i++) plugin.sync.sayHello({ name: "x".repeat(i) });
    expect(counter(plugin, "live")).toBe(0);
    expect(counter(plugin, "frees")).toBe(2000);
  });

  it("sees memory that grew during a call", async () => {
    const plugin = await load();
    const name = "é".repeat(300_000);
    expect((await plugin.sayHello({ name })).name).toBe(name);
    expect((await plugin.sayHello({ name: "after" })).name).toBe("after");
  });

  it("is loaded from a path, a URL, bytes, a buffer, a response, a module", async () => {
    const bytes = await wat(greeter());
    const folder = await mkdtemp(join(tmpdir(), "wplug-"));
    const path = join(folder, "greeter plugin.wasm");
    await writeFile(path, bytes);
    const sources = [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      bytes,
      bytes.slice().buffer,
      new Response(bytes.slice().buffer),
      await PluginModule.compile(bytes),
      (await PluginModule.compile(bytes)).module,
    ];
    for (const source of sources) {
      await using plugin = await GreeterPlugin.load(source);
      expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
    }
    await rm(folder, { recursive: true });
  });

  it("passes the plugin's error on and stays usable", async () => {
    const plugin = await load(FAIL);
    for (let i = 0; i < 2; i++) {
      await expect(plugin.sayHello({ name: "x" })).rejects.toThrow(new PluginError("no such user"));
    }
    await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginError);
    expect(() => plugin.sync.sayHello({})).toThrow(PluginError);
    expect(plugin.retired).toBe(false);
  });

  it("knows an error without text from an empty answer", async () => {
    const plugin = await load({ sayHello: `(i64.const 0x80000000)` });
    await expect(plugin.sayHello({})).rejects.toThrow(new PluginError(""));
  });

  it("refuses a request that can't be encoded and stays usable", async () => {
    const plugin = await load();
    const request: object = { name: 5 };
    await expect(plugin.sayHello(request)).rejects.toThrow(
      new WireError("test.v1.Inner.name: expected a string, got 5"),
    );
    expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
  });

  it("doesn't start a call whose signal is aborted", async () => {
    const plugin = await load();
    const signal = AbortSignal.abort(new Error("too late"));
    const call = plugin.sayHello({ name: "a" }, { signal });
    await expect(call).rejects.toBeInstanceOf(PluginAbortedError);
    await expect(call).rejects.toMatchObject({ cause: new Error("too late") });
    expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
  });

  it("answers every call with the reason after dispose", async () => {
    const plugin = await load();
    await plugin[Symbol.asyncDispose]();
    await plugin.dispose();
    await expect(plugin.sayHello({})).rejects.toThrow(
      new PluginRetiredError(
        "sayHello: the plugin is not usable any more, because it was disposed. Load it again.",
      ),
    );
  });
});

describe("who frees the answer", () => {
  const producers = (language: string, tool: string, version: string): Uint8Array => {
    const name = (text: string): Uint8Array =>
      Uint8Array.of(text.length, ...new TextEncoder().encode(text));
    return customSection(
      "producers",
      concat(
        Uint8Array.of(2),
        name("language"),
        Uint8Array.of(1),
        name(language),
        name(""),
        name("processed-by"),
        Uint8Array.of(1),
        name(tool),
        name(version),
      ),
    );
  };
  const initialize = { more: `(func (export "_initialize"))` };

  it.each<[string, Uint8Array, Parts, number]>([
    ["the host for a wplug plugin", customSection("wplug", "x"), {}, 2],
    ["the host for C", producers("C99", "clang", "14"), {}, 2],
    ["the collector for Go", producers("Go", "Go cmd/compile", "go1.24.4"), initialize, 1],
    ["the host for TinyGo", producers("C99", "clang", "15 (tinygo-org)"), initialize, 2],
    ["the host for TinyGo with any LLVM", producers("C99", "TinyGo", "0.39.0"), initialize, 2],
    ["the collector for old TinyGo", producers("C99", "clang", "15 (tinygo-org)"), {}, 1],
    ["the host where the section makes no sense", customSection("producers", "\x7f"), {}, 2],
  ])("is %s", async (_, section, parts, frees) => {
    const plugin = await GreeterPlugin.load(concat(await wat(greeter(parts)), section));
    plugin.sync.sayHello({ name: "a" });
    expect(counter(plugin, "frees")).toBe(frees);
  });
});

describe("a plugin that misbehaves is retired:", () => {
  const huge = `(i64.const 0xfffffff000000020)`;

  it.each<[string, Parts, new (...args: never[]) => Error, string]>([
    ["a trap", { sayHello: "unreachable" }, PluginTrapError, "sayHello trapped: unreachable"],
    [
      "endless recursion",
      { sayHello: "(call $deep) (i64.const 0)", more: "(func $deep (call $deep))" },
      PluginTrapError,
      "sayHello trapped: Maximum call stack size exceeded",
    ],
    [
      "an answer outside of memory",
      { sayHello: huge },
      PluginTrapError,
      "sayHello: its answer, 32 bytes at 4294967280, is not in the plugin's memory",
    ],
    [
      "an answer that wraps around",
      { sayHello: `(i64.const 0xffffffff7fffffff)` },
      PluginTrapError,
      "sayHello: its answer, 2147483647 bytes at 4294967295, is not in the plugin's memory",
    ],
    [
      "an error text outside of memory",
      { sayHello: `(i64.const 0x00010000ffffffff)` },
      PluginTrapError,
      "sayHello: its answer, 2147483647 bytes at 65536, is not in the plugin's memory",
    ],
    [
      "an answer that is no message",
      { sayHello: `(i64.const 0x0000006400000002)`, more: `(data (i32.const 100) "\\0a\\05")` },
      WireError,
      "test.v1.Inner.name: the length runs past the end of the message (at byte 1)",
    ],
    [
      "malloc that is out of memory",
      {
        memory: `(func $malloc (export "malloc") (param i32) (result i32) (i32.const 0)) (func (export "free") (param i32))`,
      },
      PluginTrapError,
      "malloc: it answered 0 when asked for 3 bytes",
    ],
    [
      "malloc that points outside of memory",
      {
        memory: `(func $malloc (export "malloc") (param i32) (result i32) (i32.const -2)) (func (export "free") (param i32))`,
      },
      PluginTrapError,
      "malloc: it answered 4294967294 when asked for 3 bytes",
    ],
    [
      "malloc that traps",
      {
        memory: `(func $malloc (export "malloc") (param i32) (result i32) unreachable) (func (export "free") (param i32))`,
      },
      PluginTrapError,
      "sayHello trapped: unreachable",
    ],
    [
      "free that traps",
      {
        memory: `(func $malloc (export "malloc") (param i32) (result i32) (i32.const 64)) (func (export "free") (param i32) unreachable)`,
      },
      PluginTrapError,
      "sayHello trapped: unreachable",
    ],
    [
      "proc_exit",
      {
        imports: `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`,
        sayHello: `(call $exit (i32.const 3)) (i64.const 0)`,
      },
      PluginExitError,
      "sayHello: the plugin ended itself with exit code 3",
    ],
  ])("%s", async (_, parts, errorClass, message) => {
    const plugin = await load(parts);
    const call = plugin.sayHello({ name: "a" });
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toBeInstanceOf(errorClass);
    expect(plugin.retired).toBe(true);
    await expect(plugin.sayHello({})).rejects.toThrow(
      `sayHello: the plugin is not usable any more, because an earlier call failed: ${message}`,
    );
    await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginRetiredError);
  });

  it("an answer over the limit", async () => {
    const plugin = await load({}, { limits: { message: 10 } });
    expect((await plugin.sayHello({ name: "a".repeat(8) })).name).toHaveLength(8);
    const call = plugin.sayHello({ name: "a".repeat(9) });
    await expect(call).rejects.toBeInstanceOf(PluginLimitError);
    await expect(call).rejects.toThrow(
      "sayHello answered with 11 bytes; the limit is 10 (limits.message)",
    );
  });

  it("shows what the author said, and the last lines of stderr", async () => {
    const plugin = await load(
      {
        imports: FD_WRITE,
        sayHello: `(call $write (i32.const 2) (i32.const 100) (i32.const 15)) unreachable`,
        more: `${WRITE} (data (i32.const 100) "about to crash\\npanic: boom (assembly/index.ts:13:34)")
          (func (export "wplug_panic") (result i64) (call $answer (i32.const 115) (i32.const 37)))`,
      },
      { stderr: null },
    );
    const error: unknown = await plugin.sayHello({}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PluginTrapError);
    expect(error).toMatchObject({
      message: "sayHello trapped: panic: boom (assembly/index.ts:13:34)\n  stderr: about to crash",
      stderr: ["about to crash"],
      cause: { message: "unreachable" },
    });
  });

  it("shows the panic of a Go plugin, and what caused that later calls fail in one line", async () => {
    const report = "panic: index out of range\\n\\ngoroutine 1 [running]:\\n";
    const plugin = await load(
      {
        imports: FD_WRITE,
        sayHello: `(call $write (i32.const 2) (i32.const 100) (i32.const 50)) unreachable`,
        more: `${WRITE} (data (i32.const 100) "${report}")`,
      },
      { stderr: null },
    );
    await expect(plugin.sayHello({})).rejects.toThrow(
      "sayHello trapped: panic: index out of range\n  stderr: goroutine 1 [running]:",
    );
    const later = plugin.sayHello({});
    await expect(later).rejects.toThrow(
      /failed: sayHello trapped: panic: index out of range\. Load it again\.$/,
    );
    await expect(later).rejects.toMatchObject({ cause: { name: "PluginTrapError" } });
  });

  it("shows the panic of a TinyGo plugin, which it prints to stdout", async () => {
    const bytes = await wat(
      greeter({
        imports: FD_WRITE,
        sayHello: `(call $write (i32.const 1) (i32.const 100) (i32.const 25)) unreachable`,
        more: `${WRITE} (data (i32.const 100) "panic: index out of range\\n")
          (func (export "_initialize"))`,
      }),
    );
    const panics = async (section: Uint8Array): Promise<unknown> => {
      const plugin = await GreeterPlugin.load(concat(bytes, section), { stdout: null });
      return plugin.sayHello({}).catch((error: unknown) => (error as Error).message);
    };
    expect(await panics(customSection("wplug", '{"language":"tinygo"}'))).toBe(
      "sayHello trapped: panic: index out of range",
    );
    // What others print is theirs.
    expect(await panics(customSection("wplug", "{}"))).toBe("sayHello trapped: unreachable");
  });

  it.each(["(i64.const 0)", "(i64.const -1)", "unreachable"])(
    "and a wplug_panic that is broken too (%s) changes nothing",
    async (body) => {
      const plugin = await load({
        sayHello: "unreachable",
        more: `(func (export "wplug_panic") (result i64) ${body})`,
      });
      await expect(plugin.sayHello({})).rejects.toThrow(/^sayHello trapped: unreachable$/);
    },
  );
});

describe("host functions", () => {
  const imports = `(import "env" "shout" (func $shout (param i32 i32) (result i64)))`;
  const sayHello = `(call $shout (local.get $ptr) (local.get $size))`;
  const shout = (
    call: HostFunction<Inner, Inner>["call"],
  ): { libraries: { functions: HostFunction<Inner, Inner>[] }[] } => ({
    libraries: [
      { functions: [{ module: "env", name: "shout", input: Inner, output: Inner, call }] },
    ],
  });

  it("get the plugin's request and answer into its memory", async () => {
    const plugin = await load(
      { imports, sayHello },
      shout(({ name }) => ({ name: `${name}!` })),
    );
    expect((await plugin.sayHello({ name: "hey" })).name).toBe("hey!");
    expect((await plugin.sayHello({})).name).toBe("!");
    expect(counter(plugin, "live")).toBe(0);
  });

  it("may answer with an empty message", async () => {
    const plugin = await load(
      { imports, sayHello },
      shout(() => ({})),
    );
    expect(await plugin.sayHello({ name: "hey" })).toEqual(new Inner());
  });

  it("retire the plugin when they fail", async () => {
    const cause = new Error("no network");
    const plugin = await load(
      { imports, sayHello },
      shout(() => {
        throw cause;
      }),
    );
    const call = plugin.sayHello({ name: "hey" });
    await expect(call).rejects.toBeInstanceOf(HostFunctionError);
    await expect(call).rejects.toMatchObject({
      message: "host function env.shout failed: no network",
      cause,
    });
    expect(plugin.retired).toBe(true);
  });

  it("can't answer with a wrong type, nor be called with hostile pointers", async () => {
    const wrong: unknown = () => ({ name: 1 });
    const typed = await load({ imports, sayHello }, shout(wrong as () => Inner));
    await expect(typed.sayHello({})).rejects.toThrow(
      "test.v1.Inner.name: expected a string, got 1",
    );
    const hostile = await load(
      { imports, sayHello: `(call $shout (i32.const -1) (i32.const 2))` },
      shout(() => ({})),
    );
    await expect(hostile.sayHello({})).rejects.toThrow("the request is not in the plugin's memory");
  });

  it("may call the plugin again: at once without a Promise, else when the call is over", async () => {
    const order: string[] = [];
    let later: Promise<Inner> | undefined;
    const plugin = await load(
      { imports, sayHello },
      shout(({ name }) => {
        order.push(`${name} begins`);
        if (name === "outer") {
          later = plugin.sayHello({ name: "later" });
          plugin.sync.sayHello({ name: "inner" });
        }
        order.push(`${name} ends`);
        return { name };
      }),
    );
    expect((await plugin.sayHello({ name: "outer" })).name).toBe("outer");
    expect((await later)?.name).toBe("later");
    expect(order).toEqual([
      "outer begins",
      "inner begins",
      "inner ends",
      "outer ends",
      "later begins",
      "later ends",
    ]);
  });

  it("and the plugin can't call each other for ever", async () => {
    const plugin = await load(
      { imports, sayHello },
      shout((request) => plugin.sync.sayHello(request)),
    );
    await expect(plugin.sayHello({ name: "a" })).rejects.toThrow(
      /call each other more than 64 times deep/,
    );
  });

  it("answers to a Go plugin are freed after the call", async () => {
    const producers = customSection("producers", "\x01\x08language\x01\x02Go\x08go1.24.4");
    const bytes = concat(await wat(greeter({ imports, sayHello })), producers);
    const plugin = await GreeterPlugin.load(
      bytes,
      shout(({ name }) => ({ name })),
    );
    for (let i = 0; i < 10; i++) plugin.sync.sayHello({ name: "abc" });
    expect(counter(plugin, "live")).toBe(0);
    expect(counter(plugin, "frees")).toBe(20);
  });
});
