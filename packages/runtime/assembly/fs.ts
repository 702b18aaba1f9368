import { decodeUtf8, encodeUtf8, utf16Length, utf8Length } from "./wire/utf8";

// https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_get")
declare function fd_prestat_get(fd: u32, prestat: usize): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_dir_name")
declare function fd_prestat_dir_name(fd: u32, path: usize, size: usize): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_open")
declare function path_open(
  fd: u32,
  lookup: u32,
  path: usize,
  size: usize,
  flags: u32,
  rights: u64,
  inheriting: u64,
  fdFlags: u32,
  opened: usize
): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_filestat_get")
declare function path_filestat_get(fd: u32, lookup: u32, path: usize, size: usize, stat: usize): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_filestat_get")
declare function fd_filestat_get(fd: u32, stat: usize): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read")
declare function fd_read(fd: u32, iovs: usize, count: usize, read: usize): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(fd: u32, iovs: usize, count: usize, written: usize): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_readdir")
declare function fd_readdir(fd: u32, buffer: usize, size: usize, cookie: u64, used: usize): u32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_close")
declare function fd_close(fd: u32): u32;

const FOLLOW: u32 = 1;
const CREATE: u32 = 1;
const DIRECTORY: u32 = 2;
const TRUNCATE: u32 = 8;
const APPEND: u32 = 1;

// Rights: fd_read, fd_seek, fd_tell, fd_write, fd_readdir, fd_filestat_get.
const READ_RIGHTS: u64 = (1 << 1) | (1 << 2) | (1 << 5) | (1 << 21);
const WRITE_RIGHTS: u64 = (1 << 2) | (1 << 5) | (1 << 6) | (1 << 21);
const LIST_RIGHTS: u64 = (1 << 14) | (1 << 21);

const ERRNO_NOTCAPABLE: u32 = 76;

/** One iovec, and after it a word for what a function answers. */
const words = memory.data(16, 8);
const stat = memory.data(64, 8);

const SIZE_IN_STAT: usize = 32;
const CHUNK: u32 = 4096;
const DIRENT: u32 = 24;

/** Where a path leads: one of the directories that the host gave, and the UTF-8 bytes of what comes after it. */
let root: u32 = 0;
let rest: ArrayBuffer = new ArrayBuffer(0);

let lastError: string = "";

/**
 * Files that the host lets this plugin use. AssemblyScript has no exceptions: a function that fails returns null or false,
 * and `fs.error()` says why.
 *
 *     const text = fs.readTextFile("/data/greeting.txt");
 *     if (text === null) return fail<GreetReply>(fs.error());
 */
export namespace fs {
  /** The content of a file; null if it can't be read. */
  export function readFile(path: string): Uint8Array | null {
    const fd = open(path, "read", 0, READ_RIGHTS, 0);
    if (fd < 0) return null;
    let capacity: u32 = CHUNK;
    // A guess only: the size of some files is not known before they are read.
    if (fd_filestat_get(fd, stat) == 0) capacity = <u32>load<u64>(stat + SIZE_IN_STAT) + 1;
    let bytes = new Uint8Array(capacity);
    let size: u32 = 0;
    for (;;) {
      if (size == <u32>bytes.length) {
        const longer = new Uint8Array(size * 2);
        memory.copy(longer.dataStart, bytes.dataStart, size);
        bytes = longer;
      }
      store<u32>(words, <u32>bytes.dataStart + size);
      store<u32>(words + 4, <u32>bytes.length - size);
      const errno = fd_read(fd, words, 1, words + 8);
      if (errno != 0) {
        fd_close(fd);
        failed("read", path, errno);
        return null;
      }
      const part = load<u32>(words + 8);
      if (part == 0) break;
      size += part;
    }
    fd_close(fd);
    return bytes.subarray(0, size);
  }

  /** The content of a file of UTF-8 text; null if it can't be read or is something else. */
  export function readTextFile(path: string): string | null {
    const bytes = readFile(path);
    if (bytes === null) return null;
    const start = bytes.dataStart;
    const end = start + bytes.length;
    const units = utf16Length(start, end);
    if (units < 0) {
      lastError = "can't read " + path + " as text: it is not UTF-8";
      return null;
    }
    if (units == 0) return "";
    // @ts-ignore: a function of AssemblyScript's runtime that its declarations for editors lack
    const text = changetype<string>(__new(<usize>units << 1, idof<string>()));
    decodeUtf8(start, end, changetype<usize>(text));
    return text;
  }

  /** Makes a file, or replaces its content. The directory that it is in must exist. False if it can't be written. */
  export function writeFile(path: string, content: Uint8Array): bool {
    return write(path, content.dataStart, content.length, TRUNCATE, 0);
  }

  /** As `writeFile`, with text, which is written as UTF-8. */
  export function writeTextFile(path: string, content: string): bool {
    const bytes = encode(content);
    return write(path, changetype<usize>(bytes), bytes.byteLength, TRUNCATE, 0);
  }

  /** Writes text to the end of a file, which is made if there is none. False if it can't be written. */
  export function appendTextFile(path: string, content: string): bool {
    const bytes = encode(content);
    return write(path, changetype<usize>(bytes), bytes.byteLength, 0, APPEND);
  }

  /** The names in a directory, in the order of their code units; null if it can't be read. */
  export function readDir(path: string): string[] | null {
    const fd = open(path, "list", DIRECTORY, LIST_RIGHTS, 0);
    if (fd < 0) return null;
    const names: string[] = [];
    let buffer = new ArrayBuffer(CHUNK);
    let cookie: u64 = 0;
    for (;;) {
      const size = <u32>buffer.byteLength;
      const errno = fd_readdir(fd, changetype<usize>(buffer), size, cookie, words + 8);
      if (errno != 0) {
        fd_close(fd);
        failed("list", path, errno);
        return null;
      }
      const used = load<u32>(words + 8);
      let at: u32 = 0;
      while (at + DIRENT <= used) {
        const entry = changetype<usize>(buffer) + at;
        const length = load<u32>(entry + 16);
        if (at + DIRENT + length > used) break;
        cookie = load<u64>(entry);
        const name = String.UTF8.decodeUnsafe(entry + DIRENT, length);
        if (name != "." && name != "..") names.push(name);
        at += DIRENT + length;
      }
      // A buffer that is not full holds the last name.
      if (used < size) break;
      // Not even one name fits.
      if (at == 0) buffer = new ArrayBuffer(size * 2);
    }
    fd_close(fd);
    names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return names;
  }

  /** Whether there is a file or directory that this plugin may see. */
  export function exists(path: string): bool {
    if (!find(path)) return false;
    return path_filestat_get(root, FOLLOW, changetype<usize>(rest), rest.byteLength, stat) == 0;
  }

  /** Why the last function that failed did so, as a sentence for people. */
  export function error(): string {
    return lastError;
  }
}

function encode(text: string): ArrayBuffer {
  const from = changetype<usize>(text);
  const size = utf8Length(from, text.length);
  const bytes = new ArrayBuffer(<i32>size);
  encodeUtf8(from, text.length, changetype<usize>(bytes), changetype<usize>(bytes) + size);
  return bytes;
}

function write(path: string, from: usize, size: u32, flags: u32, fdFlags: u32): bool {
  const fd = open(path, "write", CREATE | flags, WRITE_RIGHTS, fdFlags);
  if (fd < 0) return false;
  let errno: u32 = 0;
  while (size > 0) {
    store<u32>(words, <u32>from);
    store<u32>(words + 4, size);
    errno = fd_write(fd, words, 1, words + 8);
    if (errno != 0) break;
    const part = load<u32>(words + 8);
    from += part;
    size -= part;
  }
  fd_close(fd);
  if (errno == 0) return true;
  failed("write", path, errno);
  return false;
}

/** A descriptor, or -1. */
function open(path: string, action: string, flags: u32, rights: u64, fdFlags: u32): i32 {
  if (!find(path)) {
    failed(action, path, ERRNO_NOTCAPABLE);
    return -1;
  }
  const at = changetype<usize>(rest);
  const errno = path_open(root, FOLLOW, at, rest.byteLength, flags, rights, 0, fdFlags, words + 8);
  if (errno == 0) return load<u32>(words + 8);
  failed(action, path, errno);
  return -1;
}

/**
 * Looks for the directory that the host gave under the longest beginning of the path. A path without a slash in front
 * means the same as one with it: there is no current directory.
 */
function find(path: string): bool {
  const wanted = trim(path);
  let longest = -1;
  for (let fd: u32 = 3; fd_prestat_get(fd, words) == 0; fd++) {
    const size = load<u32>(words + 4);
    const bytes = new ArrayBuffer(size);
    if (fd_prestat_dir_name(fd, changetype<usize>(bytes), size) != 0) continue;
    const mount = trim(String.UTF8.decode(bytes));
    if (mount.length <= longest) continue;
    if (mount.length > 0 && wanted != mount && !wanted.startsWith(mount + "/")) continue;
    longest = mount.length;
    root = fd;
    const inside = trim(wanted.substring(mount.length));
    rest = encode(inside.length == 0 ? "." : inside);
  }
  return longest >= 0;
}

/** Without slashes and `./` in front, and slashes behind; `.` is nothing. */
function trim(path: string): string {
  let start = 0;
  let end = path.length;
  for (;;) {
    const isDot = start + 1 < end && path.charCodeAt(start) == 0x2e && path.charCodeAt(start + 1) == 0x2f;
    if (isDot) start += 2;
    else if (start < end && path.charCodeAt(start) == 0x2f) start += 1;
    else break;
  }
  while (end > start && path.charCodeAt(end - 1) == 0x2f) end--;
  const trimmed = path.substring(start, end);
  return trimmed == "." ? "" : trimmed;
}

function failed(action: string, path: string, errno: u32): void {
  lastError = "can't " + action + " " + path + ": " + reason(errno);
}

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno */
function reason(errno: u32): string {
  switch (errno) {
    case 2:
    case 63:
      return "the host's operating system does not permit it";
    case 20:
      return "it exists already";
    case 31:
      return "it is a directory";
    case 32:
      return "its symbolic links lead in a circle";
    case 33:
      return "too many files are open";
    case 44:
      return "there is no such file or directory";
    case 51:
      return "there is no room left";
    case 54:
      return "it is not a directory, or a file is in the place of one";
    case 69:
      return "this plugin may only read here";
    case 76:
      return "the host gave this plugin no files there (load option: files)";
    default:
      return "error " + errno.toString() + " of WASI";
  }
}
