import {
  HostFunctionError,
  MemoryFiles,
  PluginAbortedError,
  PluginLimitError,
  PluginLoadError,
  PluginModule,
  PluginTimeoutError,
  PluginTrapError,
  runProgram,
  type RunOptions,
} from "../index.js";
import { wat } from "../testing/wat.js";

const IMPORTS = `
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))`;

/** A program whose `_start` has this body. "hello" lies at 100, a buffer of it at 0. */
function program(body: string, more = ""): Promise<Uint8Array> {
  return wat(`(module ${IMPORTS}
    (memory (export "memory") 1)
    (data (i32.const 0) "\\64\\00\\00\\00\\05\\00\\00\\00")
    (data (i32.const 100) "hello")
    ${more}
    (func (export "_start") ${body}))`);
}

const PRINT = "(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))";
const PRINT_ERROR = PRINT.replace("i32.const 1", "i32.const 2");
const FOREVER = "(loop $again (br $again))";
/** Sleeps for an hour: a subscription of the clock, with its time in nanoseconds. */
const SLEEP = `
  (i64.store (i32.const 224) (i64.const 3600000000000))
  (drop (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400)))`;

async function timed(run: Promise<unknown>): Promise<{ error: unknown; took: number }> {
  const start = performance.now();
  const error = await run.then(
    (code) => `exit code ${String(code)}`,
    (reason: unknown) => reason,
  );
  return { error, took: performance.now() - start };
}

describe.each(["inline", "worker"] as const)("runProgram, %s", (isolation) => {
  const run = (source: Uint8Array | PluginModule, options: RunOptions = {}) =>
    runProgram(source, { isolation, ...options });

  it("answers the exit code: 0 of a program that returns, else what it ended itself with", async () => {
    expect(await run(await program(""))).toBe(0);
    expect(await run(await program("(call $exit (i32.const 0)) unreachable"))).toBe(0);
    expect(await run(await program("(call $exit (i32.const 3)) unreachable"))).toBe(3);
  });

  it("gives it output, arguments, environment and files of the options", async () => {
    let out = "";
    const files = new MemoryFiles();
    const code = await run(
      await program(`${PRINT}
        (drop (call $mkdir (i32.const 3) (i32.const 100) (i32.const 5)))
        (drop (call $args (i32.const 32) (i32.const 36)))
        (drop (call $env (i32.const 40) (i32.const 44)))
        (call $exit (i32.add (i32.load (i32.const 32)) (i32.mul (i32.const 10) (i32.load (i32.const 40)))))`),
      {
        args: ["program", "word", "other"],
        env: { A: "1" },
        files: { "/": files },
        stdout: (text) => void (out += text),
      },
    );
    expect(code).toBe(13);
    expect(out).toBe("hello");
    expect(files.stat("hello").type).toBe("directory");
  });

  it("gives it clock and random numbers of the options", async () => {
    const code = await run(
      await program(`
        (drop (call $time (i32.const 0) (i64.const 1) (i32.const 32)))
        (drop (call $random (i32.const 40) (i32.const 1)))
        (call $exit (i32.add (i32.load (i32.const 32)) (i32.load8_u (i32.const 40))))`),
      {
        clock: { realtime: () => 1000n, monotonic: () => 0n },
        random: (bytes) => void bytes.fill(7),
      },
    );
    expect(code).toBe(1007);
  });

  it("has handed over all output when it answers, a line without end included", async () => {
    const lines: string[] = [];
    await run(await program(PRINT), { stdout: { line: (text) => void lines.push(text) } });
    expect(lines).toEqual(["hello"]);
  });

  it("runs a module again that is compiled already", async () => {
    const module = await PluginModule.compile(await program("(call $exit (i32.const 7))"));
    expect([await run(module), await run(module)]).toEqual([7, 7]);
  });

  it("says how a program failed", async () => {
    const trap = run(await program(`${PRINT_ERROR} unreachable`), { stderr: null });
    await expect(trap).rejects.toBeInstanceOf(PluginTrapError);
    await expect(trap).rejects.toThrow("trapped: unreachable\n  stderr: hello");
    const full = run(await program(PRINT), { stdout: null, limits: { output: 4 } });
    await expect(full).rejects.toBeInstanceOf(PluginLimitError);
    const failing = run(await program(PRINT), {
      stdout: () => {
        throw new Error("disk full");
      },
    });
    await expect(failing).rejects.toBeInstanceOf(HostFunctionError);
    await expect(failing).rejects.toThrow("the stdout of the load options failed: disk full");
  });

  it("keeps the memory of a program below its limit", async () => {
    const grow = "(call $exit (memory.grow (i32.const 100)))";
    expect(await run(await program(grow))).toBe(1);
    expect(await run(await program(grow), { limits: { memory: 1 << 20 } })).toBe(0xffffffff);
  });

  it.each([
    ["computes", FOREVER],
    ["sleeps", SLEEP],
    ["writes", `(loop $again ${PRINT} (br $again))`],
  ])("ends a program at its limit of time that %s for ever", async (_, body) => {
    const source = await program(`${PRINT_ERROR} ${body}`);
    const { error, took } = await timed(
      run(source, { limits: { time: 100 }, stdout: null, stderr: null }),
    );
    expect(error).toBeInstanceOf(PluginTimeoutError);
    expect(error).toMatchObject({
      message: "the plugin took longer than 100 ms (limits.time)",
      milliseconds: 100,
      stderr: ["hello"],
    });
    expect(took).toBeGreaterThanOrEqual(99);
    expect(took).toBeLessThan(5000);
  });

  it("ends a program at its limit of time that loops in its start section", async () => {
    const source = await program("", `(func $begin ${FOREVER}) (start $begin)`);
    await expect(run(source, { limits: { time: 100 } })).rejects.toBeInstanceOf(PluginTimeoutError);
  });

  it("lets a program end that needs less than its limits", async () => {
    const limits = { time: 10_000, fuel: 1000 };
    expect(await run(await program("(call $exit (i32.const 3))"), { limits })).toBe(3);
  });

  it("ends a program that has used its fuel up", async () => {
    const endless = run(await program(FOREVER), { limits: { fuel: 1000 } });
    await expect(endless).rejects.toBeInstanceOf(PluginLimitError);
    await expect(endless).rejects.toThrow("used more than 1000 units of fuel (limits.fuel)");
  });

  it("ends a program when its signal is aborted", async () => {
    const abort = new AbortController();
    const { error } = await timed(
      run(await program(`${PRINT} ${FOREVER}`), {
        signal: abort.signal,
        stdout: () => abort.abort("enough"),
      }),
    );
    expect(error).toBeInstanceOf(PluginAbortedError);
    expect(error).toMatchObject({ message: "the plugin was aborted", cause: "enough" });
  });

  it("does not begin if the signal is aborted already", async () => {
    let out = "";
    const aborted = run(await program(PRINT), {
      signal: AbortSignal.abort(),
      stdout: (text) => void (out += text),
    });
    await expect(aborted).rejects.toBeInstanceOf(PluginAbortedError);
    expect(out).toBe("");
  });
});

describe("runProgram", () => {
  it("lets the host's thread go on with a program that has a time or a signal, unless told otherwise", async () => {
    for (const options of [
      () => ({ limits: { time: 300 } }),
      () => ({ signal: AbortSignal.timeout(300) }),
    ]) {
      let ticks = 0;
      const timer = setInterval(() => ticks++, 10);
      await timed(runProgram(await program(FOREVER), options()));
      clearInterval(timer);
      expect(ticks).toBeGreaterThan(3);
    }
  });

  it("forgets its signal when the program has ended", async () => {
    const abort = new AbortController();
    const added = jest.spyOn(abort.signal, "addEventListener");
    const removed = jest.spyOn(abort.signal, "removeEventListener");
    expect(await runProgram(await program(""), { signal: abort.signal })).toBe(0);
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });

  it("refuses options that it can't keep to", async () => {
    const source = await program("");
    await expect(runProgram(source, { files: { data: new MemoryFiles() } })).rejects.toThrow(
      'files: "data" is not a path where a plugin can see files',
    );
    const limits = { depth: 100 } as object;
    await expect(runProgram(source, { limits })).rejects.toThrow(
      "limits.depth is not for programs: runProgram holds limits.time, limits.fuel, limits.memory, limits.output",
    );
    await expect(runProgram(source, { limits: null as unknown as object })).rejects.toThrow(
      "limits must be an object, not null",
    );
    // Else it fails when a thread is there already, which nobody ends.
    await expect(runProgram(source, { signal: {} as AbortSignal })).rejects.toThrow(
      "signal must be an AbortSignal",
    );
    const isolation = "workers" as "worker";
    await expect(runProgram(source, { isolation })).rejects.toThrow(
      'isolation must be "inline" or "worker", not "workers"',
    );
  });

  it("refuses what is no program, or needs more than WASI", async () => {
    const library = runProgram(await wat(`(module (memory (export "memory") 1))`));
    await expect(library).rejects.toBeInstanceOf(PluginLoadError);
    await expect(library).rejects.toThrow("is no program: it does not export _start");
    const other = await wat(`(module (import "env" "f" (func)) (func (export "_start")))`);
    await expect(runProgram(other)).rejects.toThrow("plugin imports env.f");
    const memoryless = await wat(`(module (func (export "_start")))`);
    await expect(runProgram(memoryless)).rejects.toThrow("memory is not exported");
    await expect(runProgram(await program(""), { sha256: "00" })).rejects.toThrow(PluginLoadError);
  });
});
