import {
  HostFunctionError,
  MemoryFiles,
  PluginLimitError,
  PluginLoadError,
  PluginModule,
  PluginTrapError,
  runProgram,
} from "../index.js";
import { wat } from "../testing/wat.js";

const IMPORTS = `
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))`;

/** A program whose `_start` has this body. "hello" lies at 100, a buffer of it at 0. */
function program(body: string): Promise<Uint8Array> {
  return wat(`(module ${IMPORTS}
    (memory (export "memory") 1)
    (data (i32.const 0) "\\64\\00\\00\\00\\05\\00\\00\\00")
    (data (i32.const 100) "hello")
    (func (export "_start") ${body}))`);
}

const PRINT = "(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))";

describe("runProgram", () => {
  it("answers the exit code: 0 of a program that returns, else what it ended itself with", async () => {
    expect(await runProgram(await program(""))).toBe(0);
    expect(await runProgram(await program("(call $exit (i32.const 0)) unreachable"))).toBe(0);
    expect(await runProgram(await program("(call $exit (i32.const 3)) unreachable"))).toBe(3);
  });

  it("gives it output, arguments, environment and files of the options", async () => {
    let out = "";
    const files = new MemoryFiles();
    const code = await runProgram(
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

  it("runs a module again that is compiled already", async () => {
    const module = await PluginModule.compile(await program("(call $exit (i32.const 7))"));
    expect([await runProgram(module), await runProgram(module)]).toEqual([7, 7]);
  });

  it("says how a program failed", async () => {
    const trap = runProgram(await program("unreachable"));
    await expect(trap).rejects.toBeInstanceOf(PluginTrapError);
    await expect(trap).rejects.toThrow("trapped: unreachable");
    const full = runProgram(await program(PRINT), { stdout: null, limits: { output: 4 } });
    await expect(full).rejects.toBeInstanceOf(PluginLimitError);
    const failing = runProgram(await program(PRINT), {
      stdout: () => {
        throw new Error("disk full");
      },
    });
    await expect(failing).rejects.toBeInstanceOf(HostFunctionError);
  });

  it("keeps the memory of a program below its limit", async () => {
    const grow = "(call $exit (memory.grow (i32.const 100)))";
    expect(await runProgram(await program(grow))).toBe(1);
    expect(await runProgram(await program(grow), { limits: { memory: 1 << 20 } })).toBe(0xffffffff);
  });

  it("refuses options that it can't keep to", async () => {
    const source = await program("");
    await expect(runProgram(source, { files: { data: new MemoryFiles() } })).rejects.toThrow(
      'files: "data" is not a path where a plugin can see files',
    );
    const limits = { time: 100 } as object;
    await expect(runProgram(source, { limits })).rejects.toThrow(
      "limits.time is for plugins: runProgram holds limits.memory and limits.output, and nothing interrupts it",
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
