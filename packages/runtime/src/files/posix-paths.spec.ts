import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileSystem, OpenOptions } from "./file-system.js";
import { HostDirectory } from "./host-directory.js";
import { MemoryFiles } from "./memory-files.js";
import { posixFiles } from "./posix-files.js";

/** What programs do with paths. Each answers what came of it, if there is something to tell, or fails with a code. */
interface Actions {
  read(path: string): unknown;
  write(path: string): unknown;
  create(path: string): unknown;
  stat(path: string): unknown;
  lstat(path: string): unknown;
  list(path: string): unknown;
  readlink(path: string): unknown;
  mkdir(path: string): unknown;
  rmdir(path: string): unknown;
  unlink(path: string): unknown;
  rename(from: string, to: string): unknown;
  symlink(target: string, path: string): unknown;
  link(from: string, to: string): unknown;
}

const READ: OpenOptions = {
  read: true,
  write: false,
  create: false,
  exclusive: false,
  truncate: false,
  follow: true,
};

function actionsOn(files: FileSystem): Actions {
  const opened = (path: string, options: Partial<OpenOptions>): void =>
    files.open(path, { ...READ, ...options }).close();
  return {
    read(path) {
      const file = files.open(path, READ);
      const target = new Uint8Array(100);
      const size = file.read(target, 0);
      file.close();
      return new TextDecoder().decode(target.subarray(0, size));
    },
    write: (path) => opened(path, { write: true, create: true }),
    create: (path) => opened(path, { write: true, create: true, exclusive: true }),
    stat: (path) => files.stat(path, true).type,
    lstat: (path) => files.stat(path, false).type,
    list: (path) =>
      files
        .readDirectory(path)
        .map(({ name }) => name)
        .sort()
        .join(" "),
    readlink: (path) => files.readLink(path),
    mkdir: (path) => files.createDirectory(path),
    rmdir: (path) => files.removeDirectory(path),
    unlink: (path) => files.removeFile(path),
    rename: (from, to) => files.rename(from, to),
    symlink: (target, path) => files.createSymbolicLink?.(target, path),
    link: (from, to) => files.createHardLink?.(from, to, false),
  };
}

/** The same by the operating system itself. */
function actionsOfSystem(root: string): Actions {
  const at = (path: string): string => `${root}/${path}`;
  const opened = (path: string, flags: string): void => fs.closeSync(fs.openSync(at(path), flags));
  const typeOf = (stat: fs.Stats): string =>
    stat.isDirectory() ? "directory" : stat.isSymbolicLink() ? "symlink" : "file";
  return {
    read: (path) => fs.readFileSync(at(path), "utf8"),
    write: (path) => opened(path, "a"),
    create: (path) => opened(path, "wx"),
    stat: (path) => typeOf(fs.statSync(at(path))),
    lstat: (path) => typeOf(fs.lstatSync(at(path))),
    list: (path) => fs.readdirSync(at(path)).sort().join(" "),
    readlink: (path) => fs.readlinkSync(at(path)),
    mkdir: (path) => fs.mkdirSync(at(path)),
    rmdir: (path) => fs.rmdirSync(at(path)),
    unlink: (path) => fs.unlinkSync(at(path)),
    rename: (from, to) => fs.renameSync(at(from), at(to)),
    symlink: (target, path) => fs.symlinkSync(target, at(path)),
    link: (from, to) => fs.linkSync(at(from), at(to)),
  };
}

const FILES = {
  file: "file",
  "dir/inner": "inner",
  "dir/sub/deep": "deep",
  "releases/v2/app": "app",
  "releases/shared": "right",
  shared: "wrong",
};
const LINKS = {
  current: "releases/v2",
  toFile: "file",
  toDir: "dir",
  toDirSlash: "dir/",
  toFileSlash: "file/",
  toLink: "toDir",
  dangling: "nowhere",
  danglingDeep: "nowhere/x",
  loop: "loop",
  ping: "pong",
  pong: "ping",
  up: "dir/sub/..",
  "dir/sub/back": "../../file",
};

function memory(): MemoryFiles {
  const files = new MemoryFiles(FILES);
  files.createDirectory("empty");
  for (const [path, target] of Object.entries(LINKS)) files.createSymbolicLink(target, path);
  return files;
}

const folders: string[] = [];
function folder(): string {
  const root = fs.mkdtempSync(join(tmpdir(), "wplug-posix-"));
  folders.push(root);
  for (const [path, content] of Object.entries(FILES)) {
    fs.mkdirSync(join(root, path, ".."), { recursive: true });
    fs.writeFileSync(join(root, path), content);
  }
  fs.mkdirSync(join(root, "empty"));
  for (const [path, target] of Object.entries(LINKS)) fs.symlinkSync(target, join(root, path));
  return root;
}
afterAll(() => folders.forEach((path) => fs.rmSync(path, { recursive: true, force: true })));

/** One that can only do what an implementation has to, and refuses all paths but plain ones. */
function plainOnly(files = memory()): FileSystem {
  const plain = (path: string): string => {
    if (/(^|\/)\.{0,2}(\/|$)/.test(path) && path !== "") throw new Error(`not plain: "${path}"`);
    return path;
  };
  return posixFiles({
    writable: true,
    open: (path, options) => files.open(plain(path), options),
    stat: (path, follow) => files.stat(plain(path), follow),
    readDirectory: (path) => files.readDirectory(plain(path)),
    createDirectory: (path) => files.createDirectory(plain(path)),
    removeDirectory: (path) => files.removeDirectory(plain(path)),
    removeFile: (path) => files.removeFile(plain(path)),
    rename: (from, to) => files.rename(plain(from), plain(to)),
    readLink: (path) => files.readLink(plain(path)),
    setTimes: (path, times, follow) => files.setTimes(plain(path), times, follow),
    createSymbolicLink: (target, path) => files.createSymbolicLink(target, plain(path)),
    createHardLink: (from, to, follow) => files.createHardLink(plain(from), plain(to), follow),
  });
}

const LONG = "n".repeat(255);
type Row = readonly [action: keyof Actions, paths: string, outcome: string];

/** Paths, two of them with a blank in between, and what comes of them: a result or the code of an error. */
const ROWS: readonly Row[] = [
  // `..` is the directory above the one that was reached.
  ["read", "current/../shared", "right"],
  ["read", "current/../../shared", "wrong"],
  ["read", "dir/../file", "file"],
  ["read", "dir/sub/../inner", "inner"],
  ["read", "up/inner", "inner"],
  ["read", "dir/sub/back", "file"],
  ["read", "nope/../file", "ENOENT"],
  ["read", "file/../shared", "ENOTDIR"],
  ["read", "file/.", "ENOTDIR"],
  ["read", "./dir/.//./inner", "inner"],
  ["stat", "current/..", "directory"],
  ["list", "current/..", "shared v2"],
  ["create", "current/../new", "done"],
  ["unlink", "current/../shared", "done"],
  ["mkdir", "current/../d", "done"],
  ["rename", "current/../shared current/moved", "done"],
  // A slash at the end means a directory.
  ["read", "file/", "ENOTDIR"],
  ["read", "toFile/", "ENOTDIR"],
  ["read", "toFileSlash", "ENOTDIR"],
  ["stat", "file/", "ENOTDIR"],
  ["stat", "dir/", "directory"],
  ["stat", "dir///", "directory"],
  ["stat", "toDirSlash", "directory"],
  ["lstat", "toDirSlash", "symlink"],
  ["lstat", "toDir", "symlink"],
  ["lstat", "toDir/", "directory"],
  ["lstat", "toFile/", "ENOTDIR"],
  ["lstat", "dangling/", "ENOENT"],
  ["list", "toLink/", "inner sub"],
  ["write", "new/", "EISDIR"],
  ["write", "file/", "EISDIR"],
  ["write", "loop/", "EISDIR"],
  ["write", "toDirSlash", "EISDIR"],
  ["create", "new/", "EISDIR"],
  ["create", "dir/", "EISDIR"],
  ["mkdir", "new/", "done"],
  ["mkdir", "file/", "EEXIST"],
  ["mkdir", "dangling/", "EEXIST"],
  ["rmdir", "empty/", "done"],
  ["rmdir", "file/", "ENOTDIR"],
  ["rmdir", "toDir/", "ENOTDIR"],
  ["rmdir", "toDir", "ENOTDIR"],
  ["unlink", "file/", "ENOTDIR"],
  ["unlink", "toFile/", "ENOTDIR"],
  ["unlink", "toDir/", "ENOTDIR"],
  ["unlink", "dir/", "EISDIR"],
  ["unlink", "new/", "ENOENT"],
  ["rename", "file/ new", "ENOTDIR"],
  ["rename", "file new/", "ENOTDIR"],
  ["rename", "file dir/", "ENOTDIR"],
  ["rename", "empty/ new/", "done"],
  ["rename", "toDir/ new", "ENOTDIR"],
  ["readlink", "toDir/", "EINVAL"],
  ["symlink", "file new/", "ENOENT"],
  ["symlink", "file dir/", "EEXIST"],
  ["link", "file new/", "ENOENT"],
  ["link", "file/ new", "ENOTDIR"],
  // `.` and `..` at the end.
  ["mkdir", ".", "EEXIST"],
  ["mkdir", "dir/..", "EEXIST"],
  ["mkdir", "new/.", "ENOENT"],
  ["rmdir", ".", "EINVAL"],
  ["rmdir", "empty/.", "EINVAL"],
  ["rmdir", "dir/sub/..", "ENOTEMPTY"],
  ["unlink", "dir/.", "EISDIR"],
  ["unlink", "dir/..", "EISDIR"],
  ["rename", "empty/. new", "EBUSY"],
  ["rename", "dir/sub/.. new", "EBUSY"],
  ["rename", "empty dir/.", "EBUSY"],
  ["symlink", "file dir/.", "EEXIST"],
  ["create", "dir/.", "EEXIST"],
  ["write", "dir/.", "EISDIR"],
  ["read", "dir/.", "EISDIR"],
  // Links.
  ["read", "toFile", "file"],
  ["read", "toDir/inner", "inner"],
  ["read", "toLink/sub/back", "file"],
  ["read", "dangling", "ENOENT"],
  ["stat", "dangling", "ENOENT"],
  ["lstat", "dangling", "symlink"],
  ["readlink", "dangling", "nowhere"],
  ["readlink", "toLink", "toDir"],
  ["readlink", "file", "EINVAL"],
  ["read", "loop", "ELOOP"],
  ["read", "ping/x", "ELOOP"],
  ["stat", "loop", "ELOOP"],
  ["lstat", "loop", "symlink"],
  ["write", "dangling", "done"],
  ["write", "danglingDeep", "ENOENT"],
  ["create", "dangling", "EEXIST"],
  ["create", "toFile", "EEXIST"],
  ["create", "loop", "EEXIST"],
  ["mkdir", "dangling", "EEXIST"],
  ["mkdir", "toDir/new", "done"],
  ["unlink", "dangling", "done"],
  ["unlink", "toDir", "done"],
  ["rename", "toDir new", "done"],
  ["rename", "file toDir", "done"],
  ["rename", "dir toDir/sub/x", "EINVAL"],
  ["rename", "toDir dir", "EISDIR"],
  ["rename", "dir dir/sub", "EINVAL"],
  ["rename", "dir dir/inner", "EINVAL"],
  ["rename", "dir/inner dir", "ENOTEMPTY"],
  ["link", "dir new/", "ENOENT"],
  ["create", "./", "EEXIST"],
  ["symlink", "file dangling", "EEXIST"],
  ["symlink", "../file dir/new", "done"],
  ["link", "file dangling", "EEXIST"],
  ["link", "file dir/new", "done"],
  ["link", "dangling new", "done"],
  ["link", "dir new", "EPERM"],
  ["link", "file file", "EEXIST"],
  ["link", "nope new", "ENOENT"],
  ["link", "nope loop/new", "ENOENT"],
  ["rename", "empty dir", "ENOTEMPTY"],
  ["rename", "dir file", "ENOTDIR"],
  ["rename", "file dir", "EISDIR"],
  // Lengths.
  ["mkdir", LONG, "done"],
  ["mkdir", `${LONG}n`, "ENAMETOOLONG"],
  ["mkdir", "é".repeat(128), "ENAMETOOLONG"],
  ["stat", `${LONG}n`, "ENAMETOOLONG"],
  ["stat", `${"./".repeat(2046)}file`, "ENAMETOOLONG"],
  ["symlink", `${"x".repeat(4096)} new`, "ENAMETOOLONG"],
];

/** What the operating system does not know: there is a root here. */
const CONFINED: readonly Row[] = [
  ["read", "../file", "ENOTCAPABLE"],
  ["read", "dir/../../file", "ENOTCAPABLE"],
  ["stat", "..", "ENOTCAPABLE"],
  ["read", "current/../../../x", "ENOTCAPABLE"],
  ["symlink", "/etc/passwd new", "ENOTCAPABLE"],
  ["symlink", "../x new", "ENOTCAPABLE"],
  ["symlink", "../../x dir/new", "ENOTCAPABLE"],
  ["symlink", "sub/../../../x dir/new", "ENOTCAPABLE"],
  ["rmdir", "", "EBUSY"],
  ["rename", ". new", "EBUSY"],
  ["stat", `${"./".repeat(2045)}file`, "file"],
  // As POSIX says; Linux does not look at the slash.
  ["symlink", "nope file/", "ENOTDIR"],
  ["link", "file shared/", "ENOTDIR"],
];

function outcomeOf(actions: Actions, action: keyof Actions, paths: string): string {
  try {
    const outcome = (actions[action] as (...paths: string[]) => unknown)(...paths.split(" "));
    return outcome === undefined ? "done" : String(outcome);
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}

const shortened = (rows: readonly Row[]): [string, ...Row][] =>
  rows.map((row) => [row[1].length > 60 ? `a path of ${row[1].length}` : row[1], ...row]);

describe.each<[string, () => FileSystem]>([
  ["MemoryFiles", memory],
  ["HostDirectory", () => new HostDirectory(folder(), { writable: true })],
  ["a file system that knows only plain paths", () => plainOnly()],
])("paths in %s", (_, create) => {
  it.each(shortened([...ROWS, ...CONFINED]))("%s: %s", (_, action, paths, outcome) => {
    expect(outcomeOf(actionsOn(create()), action, paths)).toBe(outcome);
  });

  it("leave everything as it is when they fail", () => {
    const files = create();
    const actions = actionsOn(files);
    for (const [action, paths, outcome] of [...ROWS, ...CONFINED]) {
      if (!/^E[A-Z]+$/.test(outcome)) continue;
      outcomeOf(actions, action, paths);
      for (const [path, content] of Object.entries(FILES)) {
        expect(actions.read(path)).toBe(content);
      }
      for (const path of Object.keys(LINKS)) expect(actions.lstat(path)).toBe("symlink");
      expect(actions.stat("empty")).toBe("directory");
    }
  });

  it("lead to a plain one, which links and `..` don't change any more", () => {
    const files = create();
    expect(files.resolve?.("current/../../toLink/sub/", true)).toBe("dir/sub");
    expect(files.resolve?.("toLink", false)).toBe("toLink");
    expect(files.resolve?.(".", true)).toBe("");
  });

  it("do not leave the directory that they start at, not even for another one of the file system", () => {
    const files = create();
    expect(files.stat("inner", true, "dir").type).toBe("file");
    expect(files.stat("sub/../inner", true, "dir").type).toBe("file");
    const refused = (action: () => unknown): void =>
      expect(action).toThrow(expect.objectContaining({ code: "ENOTCAPABLE" }));
    refused(() => files.stat("..", true, "dir"));
    refused(() => files.stat("../file", true, "dir"));
    refused(() => files.open("sub/back", READ, "dir"));
    refused(() => files.rename("../file", "x", "dir", "dir"));
    refused(() => files.createHardLink?.("inner", "../x", false, "dir", "dir"));
    files.rename("inner", "moved", "dir", "releases/v2");
    expect(files.stat("releases/v2/moved", false).type).toBe("file");
  });

  it("follow no more than 40 links", () => {
    const files = create();
    files.createSymbolicLink?.("file", "l0");
    for (let i = 1; i <= 40; i++) files.createSymbolicLink?.(`l${i - 1}`, `l${i}`);
    expect(files.stat("l39", true).type).toBe("file");
    expect(outcomeOf(actionsOn(files), "stat", "l40")).toBe("ELOOP");
  });
});

(process.platform === "linux" ? describe : () => {})("the table of paths", () => {
  it.each(shortened(ROWS))("is what Linux does, %s: %s", (_, action, paths, outcome) => {
    expect(outcomeOf(actionsOfSystem(folder()), action, paths)).toBe(outcome);
  });
});

/** Numbers below a limit, the same ones each time. */
function randomNumbers(seed: number): (limit: number) => number {
  return (limit) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % limit;
  };
}

(process.platform === "linux" ? describe : () => {})("all file systems", () => {
  const NAMES = ["a", "b", "c", "d", ".", "..", ""];
  const ACTIONS: readonly (keyof Actions)[] = [
    ...(["read", "write", "write", "create", "stat", "lstat", "list", "readlink"] as const),
    ...(["mkdir", "mkdir", "mkdir", "rmdir", "unlink", "rename", "rename"] as const),
    ...(["symlink", "symlink", "link"] as const),
  ];
  const TWO_PATHS = new Set<keyof Actions>(["rename", "symlink", "link"]);

  it.each([1, 2, 3, 4])("agree with Linux on 2,000 random actions, from seed %p", (seed) => {
    const random = randomNumbers(seed);
    const randomPath = (): string => {
      const names = Array.from({ length: 1 + random(4) }, () => {
        return NAMES[random(10) < 7 ? random(4) : random(7)];
      });
      return names.join("/").replace(/^\/+/, "") || "a";
    };
    const empty = (): string => {
      const path = fs.mkdtempSync(join(tmpdir(), "wplug-posix-"));
      folders.push(path);
      return path;
    };
    for (let round = 0; round < 50; round++) {
      const systems = [
        new MemoryFiles(),
        new HostDirectory(empty(), { writable: true }),
        plainOnly(new MemoryFiles()),
      ].map(actionsOn);
      const linux = actionsOfSystem(empty());
      const done: string[] = [];
      for (let i = 0; i < 40; i++) {
        const action = ACTIONS[random(ACTIONS.length)] ?? "read";
        const paths = TWO_PATHS.has(action) ? `${randomPath()} ${randomPath()}` : randomPath();
        done.push(`${action} ${paths}`);
        const outcomes = systems.map((actions) => outcomeOf(actions, action, paths));
        const mine = outcomes[0];
        let expected = mine;
        // Linux has no root here.
        if (mine !== "ENOTCAPABLE") expected = outcomeOf(linux, action, paths);
        // As in the table: POSIX says so.
        const hasSlash = /^(symlink|link) .*\/$/.test(`${action} ${paths}`);
        if (hasSlash && mine === "ENOTDIR" && expected === "EEXIST") expected = mine;
        expect({ done, outcomes }).toEqual({ done, outcomes: [expected, expected, expected] });
      }
    }
  });
});

describe("a file system without links of its own", () => {
  it("answers ENOTSUP to those who want to make one", () => {
    const actions = actionsOn(posixFiles(withoutLinks()));
    expect(outcomeOf(actions, "symlink", "file new")).toBe("ENOTSUP");
    expect(outcomeOf(actions, "link", "file new")).toBe("ENOTSUP");
  });

  function withoutLinks(): FileSystem {
    const files = memory();
    return {
      writable: true,
      open: (path, options) => files.open(path, options),
      stat: (path, follow) => files.stat(path, follow),
      readDirectory: (path) => files.readDirectory(path),
      createDirectory: (path) => files.createDirectory(path),
      removeDirectory: (path) => files.removeDirectory(path),
      removeFile: (path) => files.removeFile(path),
      rename: (from, to) => files.rename(from, to),
      readLink: (path) => files.readLink(path),
      setTimes: (path, times, follow) => files.setTimes(path, times, follow),
    };
  }
});
