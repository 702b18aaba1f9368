import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  existsSync,
  renameSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { FileError, type FileSystem, type OpenOptions } from "./file-system.js";
import { HostDirectory } from "./host-directory.js";
import { MemoryFiles } from "./memory-files.js";

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "wplug-files-"));
  folders.push(path);
  return path;
}
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

const READ: OpenOptions = {
  read: true,
  write: false,
  create: false,
  exclusive: false,
  truncate: false,
  follow: true,
};
const WRITE: OpenOptions = { ...READ, write: true, create: true };

function write(files: FileSystem, path: string, text: string, options = WRITE): void {
  const file = files.open(path, options);
  file.write(new TextEncoder().encode(text), 0);
  file.close();
}

function read(files: FileSystem, path: string): string {
  const file = files.open(path, READ);
  const target = new Uint8Array(100);
  const size = file.read(target, 0);
  file.close();
  return new TextDecoder().decode(target.subarray(0, size));
}

/** The error code that a function fails with. */
function codeOf(action: () => unknown): unknown {
  try {
    action();
    return "no error";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe.each<[string, () => FileSystem]>([
  ["MemoryFiles", () => new MemoryFiles()],
  ["HostDirectory", () => new HostDirectory(folder(), { writable: true })],
])("%s", (_, create) => {
  it("writes and reads", () => {
    const files = create();
    write(files, "a", "hello");
    expect(read(files, "a")).toBe("hello");
    const file = files.open("a", { ...READ, write: true });
    expect(file.read(new Uint8Array(10), 5)).toBe(0);
    expect(file.write(Uint8Array.of(33), 7)).toBe(1);
    expect(file.stat()).toMatchObject({ type: "file", size: 8 });
    file.resize(6);
    file.resize(9);
    file.sync();
    file.close();
    expect(read(files, "a")).toBe("hello\0\0\0\0");
    write(files, "a", "x", { ...WRITE, truncate: true });
    expect(read(files, "a")).toBe("x");
  });

  it("lists, makes, moves and removes", () => {
    const files = create();
    files.createDirectory("d");
    files.createDirectory("d/e");
    write(files, "d/f", "1");
    const listed = files.readDirectory("d").map(({ name, type }) => `${name} ${type}`);
    expect(listed.sort()).toEqual(["e directory", "f file"]);
    expect(files.readDirectory("").map(({ name }) => name)).toEqual(["d"]);
    expect(files.stat("", true).type).toBe("directory");
    expect(files.stat("d", false).type).toBe("directory");
    files.rename("d/f", "g");
    expect(read(files, "g")).toBe("1");
    files.rename("d", "h");
    expect(files.stat("h/e", true).type).toBe("directory");
    write(files, "k", "2");
    files.rename("k", "g");
    expect(read(files, "g")).toBe("2");
    files.removeFile("g");
    files.removeDirectory("h/e");
    files.removeDirectory("h");
    expect(files.readDirectory("")).toEqual([]);
  });

  it("says what can't be done", () => {
    const files = create();
    files.createDirectory("d");
    files.createDirectory("d/e");
    write(files, "f", "1");
    expect(codeOf(() => files.open("x", READ))).toBe("ENOENT");
    expect(codeOf(() => files.open("x/y", WRITE))).toBe("ENOENT");
    expect(codeOf(() => files.open("f/y", READ))).toBe("ENOTDIR");
    expect(codeOf(() => files.open("d", READ))).toBe("EISDIR");
    expect(codeOf(() => files.open("f", { ...WRITE, exclusive: true }))).toBe("EEXIST");
    expect(codeOf(() => files.stat("x", true))).toBe("ENOENT");
    expect(codeOf(() => files.readDirectory("f"))).toBe("ENOTDIR");
    expect(codeOf(() => files.readDirectory("x"))).toBe("ENOENT");
    expect(codeOf(() => files.createDirectory("d"))).toBe("EEXIST");
    expect(codeOf(() => files.removeDirectory("d"))).toBe("ENOTEMPTY");
    expect(codeOf(() => files.removeDirectory("f"))).toBe("ENOTDIR");
    expect(codeOf(() => files.removeFile("x"))).toBe("ENOENT");
    expect(codeOf(() => files.rename("x", "y"))).toBe("ENOENT");
    expect(codeOf(() => files.rename("d", "d/e/x"))).toBe("EINVAL");
    expect(codeOf(() => files.rename("d", "f"))).toBe("ENOTDIR");
    expect(codeOf(() => files.readLink("f"))).toBe("EINVAL");
  });

  it("keeps times", () => {
    const files = create();
    write(files, "f", "1");
    files.setTimes("f", { accessed: 1000, modified: 2000 }, true);
    expect(files.stat("f", true)).toMatchObject({ accessed: 1000, modified: 2000 });
    files.setTimes("f", { accessed: undefined, modified: 3000 }, true);
    expect(files.stat("f", true)).toMatchObject({ accessed: 1000, modified: 3000 });
    const file = files.open("f", { ...READ, write: true });
    file.setTimes({ accessed: 4000, modified: undefined });
    expect(file.stat()).toMatchObject({ accessed: 4000, modified: 3000 });
    file.close();
  });

  it("keeps times to the nanosecond, also what is set beside them", () => {
    const files = create();
    write(files, "f", "1");
    const times = { accessed: 1_700_000_000_123_456_789n, modified: 1_700_000_000_987_654_321n };
    const file = files.open("f", { ...READ, write: true });
    const set = { accessed: undefined, modified: undefined, nanoseconds: times };
    file.setTimes({ ...set, accessed: 1_700_000_000_123.4568, modified: 1_700_000_000_987.6543 });
    expect(file.stat().nanoseconds).toMatchObject(times);
    expect(files.stat("f", true).nanoseconds).toMatchObject(times);
    files.setTimes("f", { ...set, nanoseconds: { accessed: 5n, modified: undefined } }, true);
    expect(file.stat().nanoseconds).toMatchObject({ ...times, accessed: 5n });
    file.write(Uint8Array.of(2), 0);
    expect(file.stat().nanoseconds?.modified).toBeGreaterThan(1_750_000_000_000_000_000n);
    file.close();
  });

  it("gives each file an inode, which a directory shows too and a link shares", () => {
    const files = create();
    files.createDirectory("d");
    write(files, "d/a", "1");
    files.createHardLink?.("d/a", "d/b", false);
    files.createSymbolicLink?.("a", "d/c");
    const inodes = new Map(files.readDirectory("d").map(({ name, inode }) => [name, inode]));
    for (const name of ["a", "b", "c"]) {
      expect(inodes.get(name)).toBe(files.stat(`d/${name}`, false).inode);
      expect(inodes.get(name)).toBeGreaterThan(0);
    }
    expect(inodes.get("a")).toBe(inodes.get("b"));
    expect(inodes.get("a")).not.toBe(inodes.get("c"));
    expect(files.stat("d/a", false).links).toBe(2);
    expect(files.stat("d/c", true).inode).toBe(inodes.get("a"));
    files.removeFile("d/a");
    expect(read(files, "d/b")).toBe("1");
    expect(files.stat("d/b", false)).toMatchObject({ links: 1, inode: inodes.get("a") });
  });

  it("cuts a file off that is opened for that only", () => {
    const files = create();
    write(files, "f", "hello");
    files.open("f", { ...READ, read: false, truncate: true }).close();
    expect(files.stat("f", true).size).toBe(0);
  });

  it("lets an open file be removed", () => {
    const files = create();
    write(files, "f", "still here");
    const file = files.open("f", READ);
    files.removeFile("f");
    expect(file.read(new Uint8Array(100), 0)).toBe(10);
    file.close();
    expect(codeOf(() => files.open("f", READ))).toBe("ENOENT");
  });
});

describe("MemoryFiles", () => {
  it("begin with what the host puts in, and show it what is there", () => {
    const files = new MemoryFiles({ "a/b.txt": "text", "/c": Uint8Array.of(1, 2) });
    expect(files.readTextFile("a/b.txt")).toBe("text");
    expect(files.readFile("c")).toEqual(Uint8Array.of(1, 2));
    files.writeFile("a/b.txt", "other");
    expect(read(files, "a/b.txt")).toBe("other");
    expect(() => files.readFile("x")).toThrow(new FileError("ENOENT", "x"));
    expect(codeOf(() => files.readFile("a"))).toBe("EISDIR");
    expect(() => files.writeFile("n", 5 as unknown as string)).toThrow(
      "n must be a string or a Uint8Array, not 5",
    );
    expect(codeOf(() => files.stat("n"))).toBe("ENOENT");
    expect(codeOf(() => files.writeFile("a", ""))).toBe("EISDIR");
    expect(codeOf(() => files.writeFile("c/d", ""))).toBe("ENOTDIR");
  });

  it("hold no more than their capacity, and can be used again when something is removed", () => {
    const files = new MemoryFiles({}, { capacity: 2000 });
    const file = files.open("f", WRITE);
    expect(file.write(new Uint8Array(1000), 0)).toBe(1000);
    expect(codeOf(() => file.write(new Uint8Array(1000), 1000))).toBe("ENOSPC");
    expect(codeOf(() => file.resize(1e15))).toBe("ENOSPC");
    files.removeFile("f");
    expect(codeOf(() => files.open("g", WRITE).write(new Uint8Array(1500), 0))).toBe("ENOSPC");
    file.close();
    files.open("h", WRITE).write(new Uint8Array(1000), 0);
    for (let i = 0; i < 100; i++) {
      files.createDirectory("d");
      files.removeDirectory("d");
    }
    expect(codeOf(() => files.createDirectory("d"))).toBe("no error");
  });

  it("count names, and targets of links, so that they can't fill the host's memory", () => {
    const files = new MemoryFiles({}, { capacity: 100_000 });
    const name = (i: number): string => String(i).padStart(200, "n");
    const made = (make: (i: number) => void): number => {
      for (let i = 0; ; i++) {
        try {
          make(i);
        } catch (error) {
          expect(error).toHaveProperty("code", "ENOSPC");
          return i;
        }
      }
    };
    const most = Math.floor(100_000 / (256 + 400));
    expect(made((i) => files.createDirectory(name(i)))).toBe(most);
    for (let i = 0; i < most; i++) files.removeDirectory(name(i));
    expect(made((i) => files.writeFile(name(i), ""))).toBe(most);
    expect(codeOf(() => files.rename(name(0), "short"))).toBe("no error");
    expect(codeOf(() => files.rename("short", name(0)))).toBe("no error");
    for (let i = 0; i < most; i++) files.removeFile(name(i));
    files.writeFile("f", "");
    expect(made((i) => files.createHardLink("f", name(i), false))).toBe(most);
    for (let i = 0; i < most; i++) files.removeFile(name(i));
    const target = "t/".repeat(1000);
    const links = made((i) => files.createSymbolicLink(target, `l${i}`));
    expect(links).toBe(Math.floor(100_000 / (256 + 4000)));
    for (let i = 0; i < links; i++) files.removeFile(`l${i}`);
    expect(made((i) => files.createHardLink("f", name(i), false))).toBe(most);
  });

  it("does not show what was behind the end of a file before", () => {
    const files = new MemoryFiles({ f: "secret" });
    const file = files.open("f", { ...READ, write: true });
    file.resize(1);
    file.write(Uint8Array.of(33), 4);
    file.close();
    expect(read(files, "f")).toBe("s\0\0\0!");
  });
});

/** Another program that swaps a directory `real` and a link `evil` as fast as it can, until `stop` has ended it. */
function swap(root: string): { stop(): Promise<unknown> } {
  const program = `
    const { renameSync } = require("node:fs");
    const { root, ended } = require("node:worker_threads").workerData;
    while (Atomics.load(ended, 0) === 0) {
      renameSync(root + "/real", root + "/aside"); renameSync(root + "/evil", root + "/real");
      renameSync(root + "/real", root + "/evil"); renameSync(root + "/aside", root + "/real");
    }`;
  const ended = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(program, { eval: true, workerData: { root, ended } });
  // Not terminate: where that does not wait for the thread, it goes on to rename what is being removed.
  const exit = new Promise((resolve) => worker.once("exit", resolve));
  return {
    stop: () => {
      Atomics.store(ended, 0, 1);
      return exit;
    },
  };
}

describe("HostDirectory", () => {
  /** A folder with a secret beside the root that is given to the plugin. */
  function setup(): { root: string; outside: string; files: HostDirectory } {
    const outside = folder();
    const root = join(outside, "root");
    mkdirSync(join(root, "sub/deep"), { recursive: true });
    writeFileSync(join(outside, "secret"), "secret");
    writeFileSync(join(root, "inside"), "inside");
    return { root, outside, files: new HostDirectory(root, { writable: true }) };
  }

  it.each<[string, string]>([
    ["absolute", "/etc/passwd"],
    ["relative, up and out", "../secret"],
    ["relative, down, up and out", "sub/../../secret"],
    ["to the directory above", ".."],
  ])("does not follow a link that leads out: %s", (_, target) => {
    const { root, files } = setup();
    symlinkSync(target, join(root, "link"));
    for (const path of ["link", "link/secret"]) {
      expect(codeOf(() => files.open(path, READ))).toBe("ENOTCAPABLE");
      expect(codeOf(() => files.open(path, WRITE))).toBe("ENOTCAPABLE");
      expect(codeOf(() => files.stat(path, true))).toBe("ENOTCAPABLE");
      expect(codeOf(() => files.readDirectory(path))).toBe("ENOTCAPABLE");
      expect(codeOf(() => files.setTimes(path, { accessed: 0, modified: 0 }, true))).toBe(
        "ENOTCAPABLE",
      );
    }
    expect(codeOf(() => files.removeFile("link/secret"))).toBe("ENOTCAPABLE");
    expect(codeOf(() => files.createDirectory("link/new"))).toBe("ENOTCAPABLE");
    expect(codeOf(() => files.rename("inside", "link/inside"))).toBe("ENOTCAPABLE");
    expect(codeOf(() => files.rename("link/secret", "mine"))).toBe("ENOTCAPABLE");
    // Not even where it leads is shown.
    expect(codeOf(() => files.readLink("link"))).toBe("ENOTCAPABLE");
    expect(files.stat("link", false).type).toBe("symlink");
    expect(codeOf(() => files.open("link", { ...READ, follow: false }))).toBe("ELOOP");
  });

  it("follows links that stay inside", () => {
    const { root, files } = setup();
    symlinkSync("../../inside", join(root, "sub/deep/link"));
    symlinkSync("sub/deep", join(root, "folder"));
    expect(read(files, "folder/link")).toBe("inside");
    expect(files.readDirectory("folder").map(({ name }) => name)).toEqual(["link"]);
    expect(files.stat("folder", true).type).toBe("directory");
  });

  it("gives up on links in a circle", () => {
    const { root, files } = setup();
    symlinkSync("b", join(root, "a"));
    symlinkSync("a", join(root, "b"));
    expect(codeOf(() => files.open("a", READ))).toBe("ELOOP");
  });

  it("removes a link, not what it points to", () => {
    const { root, outside, files } = setup();
    symlinkSync("../secret", join(root, "link"));
    files.removeFile("link");
    expect(existsSync(join(outside, "secret"))).toBe(true);
  });

  it("keeps to the directory that it was given when links are swapped while it works", () => {
    const { root, outside, files } = setup();
    mkdirSync(join(root, "real"));
    writeFileSync(join(root, "real/secret"), "harmless");
    // In between any two calls of the file system: here, and in the race below.
    const found = new Set<string>();
    for (let i = 0; i < 200; i++) {
      renameSync(join(root, "real"), join(root, "aside"));
      symlinkSync(outside, join(root, "real"));
      found.add(String(codeOf(() => found.add(read(files, "real/secret")))));
      rmSync(join(root, "real"));
      renameSync(join(root, "aside"), join(root, "real"));
      found.add(read(files, "real/secret"));
    }
    expect([...found].sort()).toEqual(["ENOTCAPABLE", "harmless"]);
  });

  it("can't be tricked by another program that swaps links meanwhile", async () => {
    const { root, outside, files } = setup();
    mkdirSync(join(root, "real"));
    writeFileSync(join(root, "real/secret"), "harmless");
    symlinkSync(outside, join(root, "evil"));
    const swapper = swap(root);
    const found = new Map<string, number>();
    const until = Date.now() + 1000;
    while (Date.now() < until) {
      let outcome: string;
      try {
        outcome = read(files, "real/secret");
      } catch (error) {
        outcome = String((error as { code?: string }).code);
      }
      found.set(outcome, (found.get(outcome) ?? 0) + 1);
      await undefined;
    }
    await swapper.stop();
    expect(found.get("harmless")).toBeGreaterThan(0);
    expect(found.has("secret")).toBe(false);
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
  });

  it("changes nothing outside while another program swaps links, whatever it is asked for", async () => {
    const { root, outside, files } = setup();
    mkdirSync(join(root, "real"));
    mkdirSync(join(outside, "folder"));
    symlinkSync(outside, join(root, "evil"));
    const before = readdirSync(outside).sort();
    const swapper = swap(root);
    const outcomes = new Set<unknown>();
    const until = Date.now() + 1000;
    while (Date.now() < until) {
      for (const action of [
        () => files.createDirectory("real/new"),
        () => files.removeDirectory("real/new"),
        () => files.removeDirectory("real/folder"),
        () => write(files, "real/made", "x"),
        () => write(files, "real/secret", "x", { ...WRITE, truncate: true }),
        () => files.removeFile("real/secret"),
        () => files.createSymbolicLink("made", "real/link"),
        () => files.removeFile("real/link"),
        () => files.createHardLink("inside", "real/hard", false),
        () => files.createHardLink("real/secret", "stolen", false),
        () => files.rename("real/made", "real/moved"),
        () => files.rename("real/secret", "mine"),
        () => files.setTimes("real/secret", { accessed: 1, modified: 1 }, true),
        () => files.readLink("real"),
      ]) {
        outcomes.add(codeOf(action));
      }
    }
    await swapper.stop();
    expect(outcomes).toContain("no error");
    expect(readdirSync(outside).sort()).toEqual(before);
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
    expect(lstatSync(join(outside, "secret"))).toMatchObject({ nlink: 1 });
    expect(lstatSync(join(outside, "secret")).mtimeMs).toBeGreaterThan(1000);
  });

  describe("with a quota", () => {
    const QUOTA = 20_000;
    const NODE = 4096;
    const limited = (root = folder()): HostDirectory =>
      new HostDirectory(root, { writable: true, quota: QUOTA });

    it("grows by no more bytes than that, and can be used again when something is removed", () => {
      const files = limited();
      const file = files.open("f", WRITE);
      expect(file.write(new Uint8Array(10_000), 0)).toBe(10_000);
      expect(codeOf(() => file.write(new Uint8Array(6000), 10_000))).toBe("ENOSPC");
      expect(codeOf(() => file.resize(1e12))).toBe("ENOSPC");
      expect(codeOf(() => file.write(Uint8Array.of(1), 1e12))).toBe("ENOSPC");
      // Over what is there already.
      expect(file.write(new Uint8Array(10_000), 0)).toBe(10_000);
      files.removeFile("f");
      // It is still open.
      expect(codeOf(() => write(files, "g", "x".repeat(10_000)))).toBe("ENOSPC");
      file.close();
      write(files, "g", "x".repeat(15_000 - 4096));
      write(files, "g", "", { ...WRITE, truncate: true });
      expect(codeOf(() => files.createDirectory("d"))).toBe("no error");
    });

    it("counts what has no bytes: directories, links, names", () => {
      const files = limited();
      const most = Math.floor(QUOTA / NODE);
      for (let i = 0; i < most; i++) files.createDirectory(`d${i}`);
      expect(codeOf(() => files.createDirectory("more"))).toBe("ENOSPC");
      expect(codeOf(() => files.open("more", WRITE))).toBe("ENOSPC");
      expect(codeOf(() => files.createSymbolicLink("d0", "more"))).toBe("ENOSPC");
      files.rename("d0", "d1");
      write(files, "f", "1");
      files.removeFile("f");
      files.createSymbolicLink("d2", "l");
      files.removeFile("l");
      expect(codeOf(() => files.createDirectory("d0"))).toBe("no error");
      expect(codeOf(() => files.createDirectory("more"))).toBe("ENOSPC");
    });

    it("counts a file once that has two names, until both are gone", () => {
      const files = limited();
      write(files, "a", "x".repeat(8000));
      files.createHardLink("a", "b", false);
      files.removeFile("a");
      expect(codeOf(() => write(files, "c", "x".repeat(5000)))).toBe("ENOSPC");
      files.removeFile("c");
      files.removeFile("b");
      expect(codeOf(() => write(files, "c", "x".repeat(15_000)))).toBe("no error");
    });

    it("does not count what was there before, nor what other programs do", () => {
      const root = folder();
      writeFileSync(join(root, "old"), "x".repeat(50_000));
      const files = limited(root);
      writeFileSync(join(root, "other"), "x".repeat(50_000));
      expect(codeOf(() => write(files, "f", "x".repeat(15_000)))).toBe("no error");
      expect(codeOf(() => write(files, "g", ""))).toBe("ENOSPC");
      // Its bytes are free now.
      files.removeFile("old");
      expect(codeOf(() => write(files, "g", "x".repeat(50_000)))).toBe("no error");
    });

    it.each([Number.NaN, -1, 1.5, Infinity])("refuses %p as one", (quota) => {
      expect(() => new HostDirectory(folder(), { quota })).toThrow(
        new RangeError(`quota must be a whole number of bytes, not ${quota}`),
      );
    });
  });

  it("makes links only that stay inside", () => {
    const { root, outside, files } = setup();
    files.createSymbolicLink("../inside", "sub/link");
    expect(read(files, "sub/link")).toBe("inside");
    expect(files.readLink("sub/link")).toBe("../inside");
    symlinkSync(outside, join(root, "out"));
    expect(codeOf(() => files.createSymbolicLink("x", "out/link"))).toBe("ENOTCAPABLE");
    expect(codeOf(() => files.createHardLink("out/secret", "mine", false))).toBe("ENOTCAPABLE");
    expect(codeOf(() => files.createHardLink("inside", "out/mine", false))).toBe("ENOTCAPABLE");
    // The link itself, not what it points to.
    symlinkSync("../secret", join(root, "secret"));
    files.createHardLink("secret", "again", false);
    expect(files.stat("again", false).type).toBe("symlink");
    expect(codeOf(() => files.createHardLink("secret", "more", true))).toBe("ENOTCAPABLE");
    // Nor one that came to lead out since.
    files.createDirectory("sub/deep/er");
    files.createSymbolicLink("../../../inside", "sub/deep/er/up");
    files.rename("sub/deep/er", "er");
    expect(codeOf(() => read(files, "er/up"))).toBe("ENOTCAPABLE");
    expect(codeOf(() => files.readLink("er/up"))).toBe("ENOTCAPABLE");
  });

  it("holds so many directories and no more open on the way to a file", () => {
    const { files } = setup();
    let path = "deep";
    let code: unknown;
    for (let depth = 0; depth < 300 && code === undefined; depth++, path += "/d") {
      const outcome = codeOf(() => files.createDirectory(path));
      if (outcome !== "no error") code = outcome;
    }
    expect(code).toBe("ENAMETOOLONG");
  });

  it("needs a directory", () => {
    expect(codeOf(() => new HostDirectory("/no/such"))).toBe("ENOENT");
    const { root } = setup();
    expect(codeOf(() => new HostDirectory(join(root, "inside")))).toBe("ENOTDIR");
  });

  it("does not wait for a pipe", async () => {
    const { execFileSync } = await import("node:child_process");
    const { root, files } = setup();
    execFileSync("mkfifo", [join(root, "pipe")]);
    expect(codeOf(() => files.open("pipe", READ))).toBe("EACCES");
  });
});
