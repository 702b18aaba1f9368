import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import { HostDirectory } from "./node.js";
import { MemoryFiles, PluginTrapError, type LoadOptions } from "./index.js";
import { canSuspend } from "./instance/suspending.js";
import { askLibrary } from "./testing/ask.js";
import { GreeterPlugin } from "./testing/greeter-client.js";
import {
  ASK,
  ASK_ONCE,
  call,
  count,
  counting,
  expectError,
  FOREVER,
  turnsDuring,
  use,
  wasi,
} from "./testing/greeters.js";
import { linesOf } from "./testing/security-page.js";
import { ECHO, FD_WRITE, WRITE, greeter, wat, type Parts } from "./testing/wat.js";

/** What docs/security.md promises: each line of its first two tables has a test of that name here, and each test is a line there. */
type Isolation = "inline" | "worker";
type Test = (isolation: Isolation) => Promise<void>;

const MIB = 1 << 20;
const EXIT = `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`;

const reach: Readonly<Record<string, Test>> = {
  "functions of the host": async (isolation) => {
    await expectError(ASK_ONCE, { isolation }, "PluginLoadError", "imports env.ask");
    const given = askLibrary((request) => request, false);
    await expect(call(ASK_ONCE, { isolation, ...given })).resolves.toMatchObject({ name: "a" });
    const lies = { imports: ASK, sayHello: `(call $ask (i32.const 1000000) (i32.const 9))` };
    await expectError(
      lies,
      { isolation, ...given },
      "HostFunctionError",
      "not in the plugin's memory",
    );
  },
  files: async (isolation) => {
    const open = counting(
      wasi("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32"),
      `(block (result i32) (i64.store (i32.const 100) (i64.const 0x7478742e61)) (call $wasi (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 5) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 200)))`,
    );
    const [opened, noDescriptor, noFile] = [0, 8, 44];
    expect(await count(open, { isolation })).toBe(noDescriptor);
    const files = { "/": new MemoryFiles({ "a.txt": "text" }) };
    expect(await count(open, { isolation, files })).toBe(opened);
    const folder = { "/": new HostDirectory(__dirname) };
    expect(await count(open, { isolation, files: folder })).toBe(noFile);
    expect(folder["/"].writable).toBe(false);
  },
  "network, processes": async (isolation) => {
    const accept = counting(
      wasi("sock_accept", "i32 i32 i32"),
      `(call $wasi (i32.const 3) (i32.const 0) (i32.const 100))`,
    );
    expect(await count(accept, { isolation })).not.toBe(0);
    const kill = { imports: `(import "env" "kill" (func (param i32 i32) (result i32)))` };
    await expectError(kill, { isolation }, "PluginLoadError", "imports env.kill");
  },
  "environment, arguments, stdin": async (isolation) => {
    const sizes = (name: string): Parts =>
      counting(
        wasi(name, "i32 i32"),
        `(block (result i32) (drop (call $wasi (i32.const 100) (i32.const 104))) (i32.load (i32.const 100)))`,
      );
    const given = { env: { A: "1", B: "2" }, args: ["x"] };
    expect(await count(sizes("environ_sizes_get"), { isolation })).toBe(0);
    expect(await count(sizes("environ_sizes_get"), { isolation, ...given })).toBe(2);
    expect(await count(sizes("args_sizes_get"), { isolation })).toBe(0);
    expect(await count(sizes("args_sizes_get"), { isolation, ...given })).toBe(1);
    const read = counting(
      wasi("fd_read", "i32 i32 i32 i32"),
      `(block (result i32) (i32.store (i32.const 100) (i32.const 300)) (i32.store (i32.const 104) (i32.const 9))
        (drop (call $wasi (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) (i32.load (i32.const 200)))`,
    );
    expect(await count(read, { isolation })).toBe(0);
  },
  "stdout, stderr": async (isolation) => {
    let output = "";
    const writes = {
      imports: FD_WRITE,
      more: `${WRITE} (data (i32.const 100) "text")`,
      sayHello: `(call $write (i32.const 1) (i32.const 100) (i32.const 4)) ${ECHO}`.replace(
        /^(.*)(\(local \$to i32\))/s,
        "$2 $1",
      ),
    };
    await call(writes, { isolation, stdout: (text) => void (output += text) });
    expect(output).toBe("text");
  },
  "time, random numbers": async (isolation) => {
    const clock = counting(
      wasi("clock_time_get", "i32 i64 i32"),
      `(block (result i32) (drop (call $wasi (i32.const 0) (i64.const 0) (i32.const 100))) (i32.load (i32.const 100)))`,
    );
    const given = { clock: { realtime: () => 7n, monotonic: () => 8n } };
    expect(await count(clock, { isolation, ...given })).toBe(7);
    const random = counting(
      wasi("random_get", "i32 i32"),
      `(block (result i32) (drop (call $wasi (i32.const 100) (i32.const 1))) (i32.load8_u (i32.const 100)))`,
    );
    expect(await count(random, { isolation, random: (bytes) => bytes.fill(9) })).toBe(9);
  },
};

const promises: Readonly<Record<string, Test>> = {
  "reads and writes no memory but its own": async (isolation) => {
    for (const code of [
      `(drop (i32.load (i32.const 65533)))`,
      `(i32.store offset=0xffffffff (i32.const -1) (i32.const 1))`,
      `(memory.fill (i32.const 65000) (i32.const 1) (i32.const 1000))`,
    ]) {
      await expectError({ sayHello: `${code} (i64.const 0)` }, { isolation }, "PluginTrapError");
    }
  },
  "a trap, an exit, a stack overflow ends the call, not the host": async (isolation) => {
    await expectError({ sayHello: "unreachable" }, { isolation }, "PluginTrapError");
    const exit = { imports: EXIT, sayHello: `(call $exit (i32.const 3)) unreachable` };
    await expectError(exit, { isolation }, "PluginExitError", "exit code 3");
    const deep = { more: `(func $f (call $f) (call $f))`, sayHello: `(call $f) (i64.const 0)` };
    await expectError(deep, { isolation }, "PluginTrapError", "call stack");
    await expect(call({}, { isolation })).resolves.toMatchObject({ name: "a" });
  },
  "pointers, sizes and messages that lie are refused": async (isolation) => {
    const outside = { sayHello: `(call $answer (i32.const 65530) (i32.const 7))` };
    await expectError(outside, { isolation }, "PluginTrapError", "not in the plugin's memory");
    const message = {
      sayHello: `(call $answer (i32.const 100) (i32.const 2))`,
      more: `(data (i32.const 100) "\\0a\\7f")`,
    };
    await expectError(message, { isolation }, "WireError", "past the end of the message");
  },
  "after a failure the instance is not used again": async (isolation) => {
    const counter = {
      more: `(global $calls (mut i32) (i32.const 0))`,
      sayHello: `(local $to i32) (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (if (i32.eq (global.get $calls) (i32.const 2)) (then unreachable)) ${ECHO.replace("(local $to i32)", "")}`,
    };
    await use(
      counter,
      { isolation, pool: isolation === "worker" ? {} : undefined },
      async (plugin) => {
        await plugin.sayHello({ name: "a" });
        await expect(plugin.sayHello({ name: "a" })).rejects.toBeInstanceOf(PluginTrapError);
        // One in a worker is replaced: the third call is the first of another instance.
        const third = await plugin.sayHello({ name: "a" }).then(
          () => "answered",
          (error: Error) => error.name,
        );
        expect(third).toBe(isolation === "worker" ? "answered" : "PluginRetiredError");
      },
    );
  },
  "memory and tables stay below `limits.memory`": async (isolation) => {
    const grows = {
      more: `(table $t 0 externref)`,
      sayHello: `(if (i32.ne (memory.grow (i32.const 32)) (i32.const -1)) (then (return (i64.const -1))))
        (if (i32.ne (table.grow $t (ref.null extern) (i32.const 200000)) (i32.const -1)) (then (return (i64.const -1))))
        (i64.const 0)`,
    };
    const options = { isolation, limits: { memory: MIB } };
    await expect(call(grows, options)).resolves.toMatchObject({ name: "" });
  },
  "answers, requests and output stay below their limits": async (isolation) => {
    const answers = { sayHello: `(call $answer (i32.const 0) (i32.const 5000))` };
    const limits = { message: 4000, output: 1000 };
    await expectError(answers, { isolation, limits }, "PluginLimitError", "(limits.message)");
    const asks = { imports: ASK, sayHello: `(call $ask (i32.const 0) (i32.const 5000))` };
    const given = askLibrary((request) => request, false);
    await expectError(
      asks,
      { isolation, limits, ...given },
      "PluginLimitError",
      "(limits.message)",
    );
    const writes = {
      imports: FD_WRITE,
      more: WRITE,
      sayHello: `(call $write (i32.const 2) (i32.const 0) (i32.const 1001)) (i64.const 0)`,
    };
    await expectError(writes, { isolation, limits }, "PluginLimitError", "(limits.output)");
  },
  "objects made of answers and requests stay below `limits.decoded`": async (isolation) => {
    // A text of two characters, 10,000 times.
    const fill = `(local $i i32) (loop $next
        (i32.store (i32.add (i32.const 8000) (i32.mul (local.get $i) (i32.const 4))) (i32.const 0x6161020a))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10000))))`;
    const limits = { decoded: 50_000 };
    const answers = { sayHello: `${fill} (call $answer (i32.const 8000) (i32.const 40000))` };
    await expectError(answers, { isolation, limits }, "PluginLimitError", "(limits.decoded)");
    const asks = {
      imports: ASK,
      sayHello: `${fill} (call $ask (i32.const 8000) (i32.const 40000))`,
    };
    const given = askLibrary((request) => request, false);
    await expectError(
      asks,
      { isolation, limits, ...given },
      "PluginLimitError",
      "(limits.decoded)",
    );
  },
  "reading an answer or a request counts as time of the call": async (isolation) => {
    // 48 MiB of messages in messages: some seconds.
    const text = greeter({
      sayHello: `(local $i i32) (local.set $i (i32.const 65536)) (loop $next
          (i32.store (local.get $i) (i32.const 0x00120212))
          (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 50331648))))
        (call $answer (i32.const 65536) (i32.const 50266112))`,
    }).replace(`(memory (export "memory") 1)`, `(memory (export "memory") 800)`);
    const limits = { time: 150, decoded: 8192 * MIB };
    await expectError(text, { isolation, limits }, "PluginTimeoutError", "150 ms");
  },
  "what `sha256` names is what runs": async (isolation) => {
    const bytes = await wat(greeter());
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await expectError({}, { isolation, sha256: "0".repeat(64) }, "PluginLoadError", "pinned");
    const loading = GreeterPlugin.load(bytes, { isolation, sha256 });
    bytes.fill(0);
    await using plugin = await loading;
    await expect(plugin.sayHello({ name: "a" })).resolves.toMatchObject({ name: "a" });
  },
  "a call or a start that does not end is ended": async (isolation) => {
    const options = { isolation, limits: { time: 100 } };
    await expectError({ sayHello: FOREVER }, options, "PluginTimeoutError", "sayHello");
    const start = { more: `(func $start ${FOREVER}) (start $start)` };
    await expectError(start, options, "PluginTimeoutError", "starting the plugin");
    const fuel = { isolation, limits: { fuel: 100_000 } };
    await expectError({ sayHello: FOREVER }, fuel, "PluginLimitError", "(limits.fuel)");
  },
  "what a call computes is limited, the same on every machine": async (isolation) => {
    const turns = (times: number): Parts => ({
      sayHello: `(local $i i32) (loop $next (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${times})))) (i64.const 0)`,
    });
    const used = (): Promise<number> =>
      use(turns(10_000), { isolation, limits: { fuel: MIB } }, async (plugin) => {
        await plugin.sayHello({ name: "a" });
        return plugin.stats().fuel;
      });
    const fuel = await used();
    expect(await used()).toBe(fuel);
    const options = { isolation, limits: { fuel } };
    await call(turns(10_000), options);
    await expectError(turns(11_000), options, "PluginLimitError", "(limits.fuel)");
  },
  "a call that runs is ended when its `signal` is aborted": async (isolation) => {
    const aborted = (parts: Parts, options: LoadOptions): Promise<void> =>
      use(parts, { isolation, ...options }, async (plugin) => {
        const signal = AbortSignal.timeout(50);
        const call = plugin.sayHello({ name: "a" }, { signal });
        await expect(call).rejects.toMatchObject({ name: "PluginAbortedError" });
      });
    if (isolation === "worker") return aborted({ sayHello: FOREVER }, {});
    if (!canSuspend()) return;
    await aborted({ sayHello: FOREVER }, { isolation: undefined, limits: { slice: 5 } });
    await aborted(
      ASK_ONCE,
      askLibrary(() => new Promise(() => {}), true),
    );
  },
  "the host's thread stays free while the plugin computes": async (isolation) => {
    const limits = { time: 300, slice: isolation === "inline" ? 5 : undefined };
    if (isolation === "inline" && !canSuspend()) return;
    const turns = await turnsDuring(() =>
      call(
        { sayHello: FOREVER },
        { isolation: isolation === "inline" ? undefined : isolation, limits },
      ),
    );
    expect(turns).toBeGreaterThan(10);
  },
  "the host's thread stays free while the plugin sleeps": async (isolation) => {
    const sleeps = {
      imports: wasi("poll_oneoff", "i32 i32 i32 i32"),
      sayHello: `(i32.store (i32.const 16) (i32.const 1)) (i64.store (i32.const 24) (i64.const 200000000))
        (drop (call $wasi (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) (i64.const 0)`,
    };
    await use(sleeps, { isolation }, async (plugin) => {
      await delay(10);
      const turns = await turnsDuring(() => plugin.sayHello({ name: "a" }));
      if (isolation === "worker") expect(turns).toBeGreaterThan(10);
      // As the page says.
      else expect(turns).toBeLessThan(5);
    });
  },
};

describe.each<Isolation>(["inline", "worker"])("%s: what a plugin can reach", (isolation) => {
  it.each(linesOf("What a plugin can reach"))("%s", async (line) => {
    expect(Object.keys(reach)).toContain(line);
    await reach[line]?.(isolation);
  });
});

describe.each<Isolation>(["inline", "worker"])("%s: a plugin that", (isolation) => {
  it.each(linesOf("What is promised where"))("%s", async (line) => {
    expect(Object.keys(promises)).toContain(line);
    await promises[line]?.(isolation);
  });
});

describe("docs/security.md", () => {
  it("has a line for each of these tests", () => {
    expect(linesOf("What a plugin can reach")).toEqual(Object.keys(reach));
    expect(linesOf("What is promised where")).toEqual(Object.keys(promises));
  });
});
