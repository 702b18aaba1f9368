import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { HostDirectory } from "../node.js";
import { MemoryFiles, type FileSystem } from "../index.js";
import { ExitSignal } from "./exit-signal.js";
import { wasiImports } from "./preview1.js";
import { Sandbox } from "./sandbox.js";

const { Memory } = (
  globalThis as unknown as {
    WebAssembly: { Memory: new (size: { initial: number }) => { buffer: ArrayBuffer } };
  }
).WebAssembly;

/** What the functions take: i for 32 bits, I for 64. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  args_get: "ii",
  args_sizes_get: "ii",
  environ_get: "ii",
  environ_sizes_get: "ii",
  clock_res_get: "ii",
  clock_time_get: "iIi",
  fd_advise: "iIIi",
  fd_allocate: "iII",
  fd_close: "i",
  fd_datasync: "i",
  fd_fdstat_get: "ii",
  fd_fdstat_set_flags: "ii",
  fd_fdstat_set_rights: "iII",
  fd_filestat_get: "ii",
  fd_filestat_set_size: "iI",
  fd_filestat_set_times: "iIIi",
  fd_pread: "iiiIi",
  fd_prestat_get: "ii",
  fd_prestat_dir_name: "iii",
  fd_pwrite: "iiiIi",
  fd_read: "iiii",
  fd_readdir: "iiiIi",
  fd_renumber: "ii",
  fd_seek: "iIii",
  fd_sync: "i",
  fd_tell: "ii",
  fd_write: "iiii",
  path_create_directory: "iii",
  path_filestat_get: "iiiii",
  path_filestat_set_times: "iiiiIIi",
  path_link: "iiiiiii",
  path_open: "iiiiiIIii",
  path_readlink: "iiiiii",
  path_remove_directory: "iii",
  path_rename: "iiiiii",
  path_symlink: "iiiii",
  path_unlink_file: "iii",
  proc_exit: "i",
  proc_raise: "i",
  random_get: "ii",
  sched_yield: "",
  sock_accept: "iii",
  sock_recv: "iiiiii",
  sock_send: "iiiii",
  sock_shutdown: "ii",
};

/** Where texts lie in memory, one after the other. Before them are numbers. */
const TEXTS = 4096;
const TEXT_SIZE = 32;
const NAMES = ["a", "b/c", "..", ".", "", "a/", "/", "b/../a", "\0", "\xff", "l", "b/x"];
const SMALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 48, 64, 100, 1024, 4096];
const WORDS = [-1, 2 ** 31 - 1, -(2 ** 31), 65535, 65536, 65528, 0x10000001, 1025];
const LONGS = [
  0n,
  1n,
  7n,
  64n,
  4096n,
  -1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 53n,
  2n ** 32n,
  2n ** 31n,
  0x1fffffffn,
];

/** A generator of numbers that is the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Calls of one sandbox: most of them have closed their descriptors by then. */
const CALLS = 40;
const SANDBOXES = 100;

/** What WASI answers where it can, and the largest number of an error. */
const SUCCESS = 0;
const LAST_ERRNO = 76;

const folders: string[] = [];
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

const PLACES: Readonly<Record<string, () => FileSystem>> = {
  memory: () => new MemoryFiles({ a: "text", "b/c": "more" }, { capacity: 1 << 20 }),
  "the host": () => {
    const folder = mkdtempSync(join(tmpdir(), "wplug-extremes-"));
    folders.push(folder);
    mkdirSync(join(folder, "b"));
    writeFileSync(join(folder, "a"), "text");
    return new HostDirectory(folder, { writable: true, quota: 1 << 20 });
  },
};

describe.each(Object.entries(PLACES))("with files of %s", (_, makeFiles) => {
  it.each([1, 2, 3, 4])("WASI answers any parameters with a number, seed %i", (seed) => {
    const random = generator(seed);
    const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
    const word = (): number => {
      switch (random(4)) {
        case 0:
          return pick(WORDS);
        case 1:
          return TEXTS + TEXT_SIZE * random(NAMES.length);
        default:
          return pick(SMALL);
      }
    };
    const memory = new Memory({ initial: 1 });
    const view = new DataView(memory.buffer);
    const fill = (): void => {
      for (let at = 0; at < TEXTS; at += 4) view.setInt32(at, word(), true);
      NAMES.forEach((name, i) => {
        const text = Buffer.alloc(TEXT_SIZE, name, "latin1").fill(0, name.length);
        new Uint8Array(memory.buffer).set(text, TEXTS + TEXT_SIZE * i);
      });
    };
    let successes = 0;
    for (let i = 0; i < SANDBOXES; i++) {
      const files = { "/": makeFiles() };
      const sandbox = new Sandbox({
        files,
        stdout: null,
        stderr: null,
        env: { A: "1" },
        args: ["a"],
      });
      sandbox.memory.attach(memory);
      const imports = wasiImports(sandbox.context(), Object.keys(FUNCTIONS));
      fill();
      for (let call = 0; call < CALLS; call++) {
        const name = pick(Object.keys(FUNCTIONS));
        const parameters = Array.from(FUNCTIONS[name] ?? "", (type) =>
          type === "i" ? word() : pick(LONGS),
        );
        const answer = answerOf(() => imports[name]?.(...(parameters as never[])));
        if (typeof answer === "number" && answer >= SUCCESS && answer <= LAST_ERRNO) {
          if (answer === SUCCESS) successes++;
          continue;
        }
        throw new Error(`${name}(${parameters.join(", ")}) answers ${String(answer)}`, {
          cause: answer,
        });
      }
      sandbox.close();
    }
    // Not all are refused.
    expect(successes).toBeGreaterThan(SANDBOXES);
  });
});

/** What comes of a call; an exit is as good as a number. */
function answerOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error instanceof ExitSignal ? SUCCESS : error;
  }
}
