import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileSystem } from "../files/file-system.js";
import { HostDirectory } from "../files/host-directory.js";
import { MemoryFiles } from "../files/memory-files.js";
import { GuestMemory } from "../memory/guest-memory.js";
import { firstDescriptors } from "./descriptors.js";
import { ERRNO } from "./errno.js";
import { wasiImports } from "./preview1.js";
import { RIGHT } from "./rights.js";
import { systemClock } from "./system-clock.js";

const FOLLOW = 1;
const O_CREAT = 1;
const O_DIRECTORY = 2;
const O_EXCL = 4;
const O_TRUNC = 8;
const APPEND = 1;
const SYNC = 16;
const READ_WRITE = RIGHT.FD_READ | RIGHT.FD_WRITE;

/** Where the functions write their results, and where names lie. */
const RESULT = 1024;
const TEXT = 2048;
const OTHER_TEXT = 8192;
const MEMORY = 65536;

/** WASI as wasm sees it, with paths as strings. The root is descriptor 3. */
class Guest {
  readonly view: DataView;
  private readonly wasi: Readonly<Record<string, (...parameters: never[]) => number>>;

  constructor(files: Readonly<Record<string, FileSystem>>) {
    const buffer = new ArrayBuffer(MEMORY);
    const memory = new GuestMemory();
    memory.attach({ buffer });
    this.view = new DataView(buffer);
    const none = { write() {}, end() {} };
    const context = {
      memory,
      args: [],
      env: {},
      descriptors: firstDescriptors(none, none, files),
      clock: systemClock,
      fillRandom() {},
    };
    this.wasi = wasiImports(context, [
      ...["fd_read", "fd_write", "fd_fdstat_get", "fd_fdstat_set_rights", "fd_fdstat_set_flags"],
      ...["fd_readdir", "fd_filestat_get", "fd_seek", "fd_tell", "fd_close", "fd_allocate"],
      ...["fd_advise", "fd_filestat_set_times", "path_open", "path_create_directory"],
      ...["path_filestat_get", "path_unlink_file", "path_symlink", "path_link", "path_readlink"],
      ...["path_rename", "path_remove_directory", "poll_oneoff"],
    ]);
  }

  call(name: string, ...parameters: (number | bigint)[]): number {
    return (this.wasi[name] as (...parameters: unknown[]) => number)(...parameters);
  }

  text(text: string | Uint8Array, at = TEXT): [number, number] {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    new Uint8Array(this.view.buffer).set(bytes, at);
    return [at, bytes.length];
  }

  open(
    path: string,
    { at = 3, lookup = FOLLOW, flags = 0, rights = RIGHT.FD_READ as bigint, fdflags = 0 } = {},
  ): number {
    const [pointer, length] = this.text(path);
    return this.call(
      "path_open",
      ...[at, lookup, pointer, length, flags, rights, 0n, fdflags, RESULT],
    );
  }

  get result(): number {
    return this.view.getUint32(RESULT, true);
  }

  /** A descriptor of what is opened. */
  opened(path: string, options: Parameters<Guest["open"]>[1] = {}): number {
    expect(this.open(path, options)).toBe(ERRNO.SUCCESS);
    return this.result;
  }

  write(fd: number, text: string): number {
    const [pointer, length] = this.text(text);
    this.view.setUint32(0, pointer, true);
    this.view.setUint32(4, length, true);
    return this.call("fd_write", fd, 0, 1, RESULT);
  }

  rights(fd: number): {
    readonly flags: number;
    readonly base: bigint;
    readonly inheriting: bigint;
  } {
    expect(this.call("fd_fdstat_get", fd, RESULT)).toBe(ERRNO.SUCCESS);
    return {
      flags: this.view.getUint16(RESULT + 2, true),
      base: this.view.getBigUint64(RESULT + 8, true),
      inheriting: this.view.getBigUint64(RESULT + 16, true),
    };
  }

  stat(fd: number): { readonly device: bigint; readonly inode: bigint } {
    expect(this.call("fd_filestat_get", fd, RESULT)).toBe(ERRNO.SUCCESS);
    return {
      device: this.view.getBigUint64(RESULT, true),
      inode: this.view.getBigUint64(RESULT + 8, true),
    };
  }

  /** Names and inodes. */
  list(fd: number, cookie = 0n): Map<string, bigint> {
    expect(this.call("fd_readdir", fd, TEXT, 8192, cookie, RESULT)).toBe(ERRNO.SUCCESS);
    const entries = new Map<string, bigint>();
    const end = TEXT + this.result;
    for (let at = TEXT; at < end; ) {
      const length = this.view.getUint32(at + 16, true);
      const name = new Uint8Array(this.view.buffer, at + 24, length);
      entries.set(new TextDecoder().decode(name), this.view.getBigUint64(at + 8, true));
      at += 24 + length;
    }
    return entries;
  }
}

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "wplug-wasi-"));
  folders.push(path);
  return path;
}
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

describe.each<[string, () => FileSystem]>([
  ["MemoryFiles", () => new MemoryFiles()],
  ["HostDirectory", () => new HostDirectory(folder(), { writable: true })],
])("WASI with %s", (_, create) => {
  let guest: Guest;
  beforeEach(() => {
    guest = new Guest({ "/": create(), "/other": create() });
    guest.call("path_create_directory", 3, ...guest.text("dir"));
    guest.call("fd_close", guest.opened("file", { flags: O_CREAT, rights: READ_WRITE }));
  });

  it("opens directories to read, and to write never", () => {
    expect(guest.open("dir", { flags: O_DIRECTORY })).toBe(ERRNO.SUCCESS);
    expect(guest.open("dir", { rights: 0n })).toBe(ERRNO.SUCCESS);
    expect(guest.open("dir", { flags: O_DIRECTORY, rights: READ_WRITE })).toBe(ERRNO.ISDIR);
    expect(guest.open("dir", { rights: READ_WRITE })).toBe(ERRNO.ISDIR);
    expect(guest.open("dir", { flags: O_TRUNC })).toBe(ERRNO.ISDIR);
    expect(guest.open("dir", { flags: O_CREAT })).toBe(ERRNO.ISDIR);
    expect(guest.open("dir", { flags: O_CREAT | O_EXCL })).toBe(ERRNO.EXIST);
    expect(guest.open("file", { flags: O_DIRECTORY })).toBe(ERRNO.NOTDIR);
    expect(guest.open("none", { flags: O_DIRECTORY })).toBe(ERRNO.NOENT);
  });

  it("keeps a directory that was opened through a link to where it led", () => {
    guest.call("path_symlink", ...guest.text("dir", OTHER_TEXT), 3, ...guest.text("link"));
    const fd = guest.opened("link", { flags: O_DIRECTORY });
    guest.call("path_unlink_file", 3, ...guest.text("link"));
    expect(guest.call("path_create_directory", fd, ...guest.text("new"))).toBe(ERRNO.SUCCESS);
    expect(guest.open("dir/new")).toBe(ERRNO.SUCCESS);
    expect(guest.open("..", { at: fd })).toBe(ERRNO.NOTCAPABLE);
    expect(guest.open("new/../../file", { at: fd })).toBe(ERRNO.NOTCAPABLE);
  });

  it("gives files and directories the rights that make sense for them", () => {
    const root = guest.rights(3);
    expect(root.base & (RIGHT.FD_SEEK | RIGHT.FD_FILESTAT_SET_SIZE | READ_WRITE)).toBe(0n);
    expect(root.base & RIGHT.PATH_SYMLINK).toBe(RIGHT.PATH_SYMLINK);
    expect(root.inheriting & (RIGHT.FD_SEEK | READ_WRITE)).toBe(RIGHT.FD_SEEK | READ_WRITE);
    const file = guest.rights(guest.opened("file", { rights: RIGHT.FD_WRITE }));
    expect(file.base & READ_WRITE).toBe(RIGHT.FD_WRITE);
    expect(file.base & RIGHT.PATH_OPEN).toBe(0n);
    expect(file.inheriting).toBe(0n);
  });

  it("takes rights away that are given up, and gives none back", () => {
    const fd = guest.opened("file", { rights: READ_WRITE });
    const { base } = guest.rights(fd);
    expect(guest.write(fd, "1")).toBe(ERRNO.SUCCESS);
    expect(guest.call("fd_fdstat_set_rights", fd, base & ~READ_WRITE, 0n)).toBe(ERRNO.SUCCESS);
    expect(guest.rights(fd).base).toBe(base & ~READ_WRITE);
    expect(guest.write(fd, "2")).toBe(ERRNO.NOTCAPABLE);
    expect(guest.call("fd_read", fd, 0, 0, RESULT)).toBe(ERRNO.NOTCAPABLE);
    expect(guest.call("fd_seek", fd, 0n, 0, RESULT)).toBe(ERRNO.SUCCESS);
    expect(guest.call("fd_fdstat_set_rights", fd, base, 0n)).toBe(ERRNO.NOTCAPABLE);
    expect(guest.call("fd_fdstat_set_rights", fd, RIGHT.FD_TELL, 0n)).toBe(ERRNO.SUCCESS);
    expect(guest.call("fd_tell", fd, RESULT)).toBe(ERRNO.SUCCESS);
    expect(guest.call("fd_seek", fd, 0n, 0, RESULT)).toBe(ERRNO.NOTCAPABLE);
    expect(guest.call("fd_filestat_get", fd, RESULT)).toBe(ERRNO.NOTCAPABLE);
  });

  it("lets a directory without a right hand it on to nothing that is opened in it", () => {
    const { base, inheriting } = guest.rights(3);
    const left =
      base & ~(RIGHT.PATH_FILESTAT_SET_SIZE | RIGHT.PATH_SYMLINK | RIGHT.PATH_CREATE_FILE);
    guest.call("fd_fdstat_set_rights", 3, left, inheriting & ~RIGHT.FD_WRITE);
    expect(guest.open("file", { flags: O_TRUNC })).toBe(ERRNO.NOTCAPABLE);
    expect(guest.open("new", { flags: O_CREAT })).toBe(ERRNO.NOTCAPABLE);
    expect(guest.open("file", { rights: READ_WRITE })).toBe(ERRNO.NOTCAPABLE);
    const target = guest.text("file", OTHER_TEXT);
    expect(guest.call("path_symlink", ...target, 3, ...guest.text("l"))).toBe(ERRNO.NOTCAPABLE);
    const dir = guest.opened("dir", { flags: O_DIRECTORY });
    expect(guest.rights(dir).inheriting & RIGHT.FD_WRITE).toBe(0n);
    expect(guest.open("new", { at: dir, flags: O_CREAT, rights: READ_WRITE })).toBe(
      ERRNO.NOTCAPABLE,
    );
    expect(guest.open("file")).toBe(ERRNO.SUCCESS);
  });

  it("keeps the flags of a file", () => {
    const fd = guest.opened("file", { rights: READ_WRITE, fdflags: APPEND | SYNC });
    expect(guest.rights(fd).flags).toBe(APPEND | SYNC);
    expect(guest.write(fd, "12")).toBe(ERRNO.SUCCESS);
    guest.call("fd_seek", fd, 0n, 0, RESULT);
    expect(guest.write(fd, "34")).toBe(ERRNO.SUCCESS);
    expect(guest.call("fd_fdstat_set_flags", fd, SYNC)).toBe(ERRNO.SUCCESS);
    expect(guest.rights(fd).flags).toBe(SYNC);
    expect(guest.call("fd_fdstat_set_flags", fd, 32)).toBe(ERRNO.INVAL);
    expect(guest.open("file", { fdflags: 64 })).toBe(ERRNO.INVAL);
  });

  it("shows the inodes of a directory, of itself and of the one above", () => {
    const root = guest.stat(3);
    const dir = guest.opened("dir", { flags: O_DIRECTORY });
    const entries = guest.list(3);
    expect(entries.get(".")).toBe(root.inode);
    expect(entries.get("..")).toBe(root.inode);
    expect(entries.get("dir")).toBe(guest.stat(dir).inode);
    expect(entries.get("file")).toBe(guest.stat(guest.opened("file")).inode);
    expect(guest.list(dir).get("..")).toBe(root.inode);
    expect([...entries.values()]).not.toContain(0n);
    expect(guest.list(3, 2n).has(".")).toBe(false);
    for (const cookie of [99n, -1n]) expect(guest.list(3, cookie).size).toBe(0);
  });

  it("tells file systems apart", () => {
    expect(guest.stat(3).device).toBe(1n);
    expect(guest.stat(guest.opened("file")).device).toBe(1n);
    expect(guest.stat(4).device).toBe(2n);
    const from = guest.text("file", OTHER_TEXT);
    expect(guest.call("path_link", 3, 0, ...from, 4, ...guest.text("x"))).toBe(ERRNO.XDEV);
    expect(guest.call("path_rename", 3, ...from, 4, ...guest.text("x"))).toBe(ERRNO.XDEV);
  });

  it("refuses paths that are empty, absolute, too long or no text", () => {
    const bytes = (path: string | Uint8Array): number =>
      guest.call("path_filestat_get", 3, 0, ...guest.text(path), RESULT);
    expect(bytes("")).toBe(ERRNO.NOENT);
    expect(bytes("/file")).toBe(ERRNO.NOTCAPABLE);
    expect(bytes("file\0")).toBe(ERRNO.INVAL);
    expect(bytes(Uint8Array.of(0xff))).toBe(ERRNO.ILSEQ);
    expect(bytes("x".repeat(4096))).toBe(ERRNO.NAMETOOLONG);
    expect(guest.call("path_filestat_get", 3, 0, 0, -1, RESULT)).toBe(ERRNO.NAMETOOLONG);
    const [pointer] = guest.text("file");
    expect(guest.call("path_filestat_get", 3, 0, pointer, MEMORY, RESULT)).toBe(ERRNO.NAMETOOLONG);
    expect(guest.call("path_filestat_get", 3, 0, MEMORY - 2, 4, RESULT)).toBe(ERRNO.FAULT);
  });

  it("follows a link that gets one more name only if that is asked for", () => {
    guest.call("path_symlink", ...guest.text("file", OTHER_TEXT), 3, ...guest.text("link"));
    const from = guest.text("link", OTHER_TEXT);
    expect(guest.call("path_link", 3, 0, ...from, 3, ...guest.text("a"))).toBe(ERRNO.SUCCESS);
    expect(guest.call("path_link", 3, FOLLOW, ...from, 3, ...guest.text("b"))).toBe(ERRNO.SUCCESS);
    expect(guest.open("a", { lookup: 0 })).toBe(ERRNO.LOOP);
    expect(guest.open("b", { lookup: 0 })).toBe(ERRNO.SUCCESS);
  });

  it("checks numbers", () => {
    const fd = guest.opened("file", { rights: READ_WRITE });
    expect(guest.call("fd_allocate", fd, 0n, 0n)).toBe(ERRNO.INVAL);
    // Together they would be 1.
    expect(guest.call("fd_allocate", fd, -1n, 2n)).toBe(ERRNO.INVAL);
    expect(guest.call("fd_allocate", fd, 2n ** 53n - 1n, 2n)).toBe(ERRNO.INVAL);
    expect(guest.call("fd_advise", fd, 0n, 0n, 5)).toBe(ERRNO.SUCCESS);
    expect(guest.call("fd_advise", fd, 0n, 0n, 6)).toBe(ERRNO.INVAL);
  });

  it("sets the times of a file that is open to read", () => {
    const fd = guest.opened("file");
    expect(guest.call("fd_filestat_set_times", fd, 7n, 1_000_000_123n, 5)).toBe(ERRNO.SUCCESS);
    guest.stat(fd);
    expect(guest.view.getBigUint64(RESULT + 40, true)).toBe(7n);
    expect(guest.view.getBigUint64(RESULT + 48, true)).toBe(1_000_000_123n);
  });

  it("finds open files ready to read and write", () => {
    const fd = guest.opened("file");
    guest.view.setUint8(8, 1);
    guest.view.setUint32(16, fd, true);
    expect(guest.call("poll_oneoff", 0, RESULT, 1, 512)).toBe(ERRNO.SUCCESS);
    expect(guest.view.getUint16(RESULT + 8, true)).toBe(ERRNO.SUCCESS);
  });

  it("goes on with the listing of a directory while many others are read", () => {
    const fds = Array.from({ length: 30 }, () => guest.opened("dir", { flags: O_DIRECTORY }));
    for (const name of ["a", "b", "c"]) {
      guest.call("path_create_directory", 3, ...guest.text(`dir/${name}`));
    }
    for (const fd of fds) expect(guest.list(fd).size).toBe(5);
    for (const fd of fds) expect(guest.list(fd, 2n).size).toBe(3);
  });
});

describe("WASI with files that are only to read", () => {
  it("makes no links there", () => {
    const path = folder();
    writeFileSync(join(path, "file"), "");
    symlinkSync("file", join(path, "link"));
    const memory = new MemoryFiles({ file: "" }, { writable: false });
    for (const files of [memory, new HostDirectory(path)]) {
      const guest = new Guest({ "/": files });
      const from = guest.text("file", OTHER_TEXT);
      expect(guest.call("path_symlink", ...from, 3, ...guest.text("new"))).toBe(ERRNO.ROFS);
      expect(guest.call("path_link", 3, 0, ...from, 3, ...guest.text("new"))).toBe(ERRNO.ROFS);
    }
  });
});
