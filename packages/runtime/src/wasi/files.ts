import {
  FileError,
  type DirectoryEntry,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type FileType,
} from "../files/file-system.js";
import { GuestFault, type GuestMemory } from "../memory/guest-memory.js";
import type { Clock } from "../options/clock.js";
import {
  type Descriptor,
  type DirectoryDescriptor,
  type Descriptors,
  type FileDescriptor,
} from "./descriptors.js";
import { ERRNO, errnoOf } from "./errno.js";
import { gather, pieces } from "./iovecs.js";
import { resolvePath } from "./paths.js";
import type { WasiContext, WasiFunction, WasiFunctions } from "./wasi-context.js";

const FILETYPES: Readonly<Record<FileType, number>> = {
  other: 0,
  directory: 3,
  file: 4,
  symlink: 7,
};
const FILETYPE_CHARACTER_DEVICE = 2;

const RIGHT_FD_READ = 1n << 1n;
const RIGHT_FD_WRITE = 1n << 6n;
const RIGHT_POLL = 1n << 27n;
/** Everything but reading, writing and sockets: rights are not how this host decides what a plugin may do. */
const OTHER_RIGHTS = (1n << 28n) - 1n - RIGHT_FD_READ - RIGHT_FD_WRITE;

const FOLLOW = 1;
const O_CREAT = 1;
const O_DIRECTORY = 2;
const O_EXCL = 4;
const O_TRUNC = 8;
const FDFLAG_APPEND = 1;
const SET_ACCESSED = 1;
const ACCESSED_NOW = 2;
const SET_MODIFIED = 4;
const MODIFIED_NOW = 8;
const SEEK_SET = 0;
const SEEK_CURRENT = 1;
const SEEK_END = 2;

/** Sizes of the records in bytes. */
const FDSTAT = 24;
const FILESTAT = 64;
const DIRENT = 24;

/** Positions and sizes are bigints of 64 bits, but no file has more bytes than a double can count. */
const MAX_POSITION = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Descriptors and paths. The first three are the standard streams: stdin is empty, stdout and stderr go to the outputs.
 * Then come the roots of the file systems, the preopened directories of WASI. A path starts at one of them or at a
 * directory below it, and `..` does not lead out of that.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#functions
 */
export function fileFunctions({ memory, clock, descriptors }: WasiContext): WasiFunctions {
  function descriptor(fd: number): Descriptor {
    const found = descriptors.get(fd);
    if (found === undefined) throw new FileError("EBADF", "");
    return found;
  }

  function file(fd: number): FileDescriptor {
    const found = descriptor(fd);
    if (found.kind === "file") return found;
    throw new FileError(found.kind === "directory" ? "EISDIR" : "EBADF", "");
  }

  function directory(fd: number): DirectoryDescriptor {
    const found = descriptor(fd);
    if (found.kind !== "directory") throw new FileError("ENOTDIR", "");
    return found;
  }

  /** A path as the plugin gave it, and the file system that it is in. */
  function place(fd: number, pointer: number, length: number): Place {
    const { files, path } = directory(fd);
    return { files, path: resolvePath(path, memory.slice(pointer, length)) };
  }

  function read(fd: number, pointer: number, count: number, at: number | undefined): number {
    const from = file(fd);
    if (!from.readable) throw new FileError("EBADF", "");
    let position = at ?? from.position;
    let size = 0;
    for (const piece of pieces(memory, pointer, count)) {
      const part = from.handle.read(piece, position);
      position += part;
      size += part;
      if (part < piece.length) break;
    }
    if (at === undefined) from.position = position;
    return size;
  }

  function write(fd: number, pointer: number, count: number, at: number | undefined): number {
    const to = file(fd);
    if (!to.writable) throw new FileError("EBADF", "");
    let position = at ?? (to.append ? to.handle.stat().size : to.position);
    let size = 0;
    for (const piece of pieces(memory, pointer, count)) {
      const part = to.handle.write(piece, position);
      position += part;
      size += part;
      if (part < piece.length) break;
    }
    if (at === undefined) to.position = position;
    return size;
  }

  function stat(fd: number): FileStat {
    const found = descriptor(fd);
    if (found.kind === "file") return found.handle.stat();
    if (found.kind === "directory") return found.files.stat(found.path, true);
    throw new FileError("EINVAL", "");
  }

  const all: WasiFunctions = {
    fd_write(fd: number, pointer: number, count: number, written: number) {
      const found = descriptor(fd);
      if (found.kind !== "stream") {
        memory.setUint32(written, write(fd, pointer, count, undefined));
        return ERRNO.SUCCESS;
      }
      if (found.output === undefined) return ERRNO.BADF;
      const chunk = gather(memory, pointer, count);
      memory.setUint32(written, chunk.length);
      if (chunk.length > 0) found.output.write(chunk);
      return ERRNO.SUCCESS;
    },

    fd_read(fd: number, pointer: number, count: number, size: number) {
      const found = descriptor(fd);
      if (found.kind === "stream") {
        if (found.output !== undefined) return ERRNO.BADF;
        memory.setUint32(size, 0);
      } else {
        memory.setUint32(size, read(fd, pointer, count, undefined));
      }
      return ERRNO.SUCCESS;
    },

    fd_pread(fd: number, pointer: number, count: number, offset: bigint, size: number) {
      if (descriptor(fd).kind === "stream") return ERRNO.SPIPE;
      memory.setUint32(size, read(fd, pointer, count, positionOf(offset)));
      return ERRNO.SUCCESS;
    },

    fd_pwrite(fd: number, pointer: number, count: number, offset: bigint, size: number) {
      if (descriptor(fd).kind === "stream") return ERRNO.SPIPE;
      memory.setUint32(size, write(fd, pointer, count, positionOf(offset)));
      return ERRNO.SUCCESS;
    },

    fd_seek(fd: number, offset: bigint, whence: number, position: number) {
      if (descriptor(fd).kind === "stream") return ERRNO.SPIPE;
      const of = file(fd);
      const start =
        whence === SEEK_SET
          ? 0
          : whence === SEEK_CURRENT
            ? of.position
            : whence === SEEK_END
              ? of.handle.stat().size
              : Number.NaN;
      if (Number.isNaN(start)) return ERRNO.INVAL;
      const target = BigInt(start) + offset;
      if (target < 0n || target > MAX_POSITION) return ERRNO.INVAL;
      of.position = Number(target);
      memory.setUint64(position, target);
      return ERRNO.SUCCESS;
    },

    fd_tell(fd: number, position: number) {
      if (descriptor(fd).kind === "stream") return ERRNO.SPIPE;
      memory.setUint64(position, BigInt(file(fd).position));
      return ERRNO.SUCCESS;
    },

    fd_close(fd: number) {
      descriptor(fd);
      descriptors.close(fd);
      return ERRNO.SUCCESS;
    },

    fd_renumber(from: number, to: number) {
      descriptor(from);
      descriptor(to);
      if (from >>> 0 !== to >>> 0) descriptors.move(from, to);
      return ERRNO.SUCCESS;
    },

    fd_fdstat_get(fd: number, pointer: number) {
      const found = descriptor(fd);
      memory.slice(pointer, FDSTAT).fill(0);
      memory.setUint8(pointer, filetypeOf(found));
      if (found.kind === "file" && found.append) memory.setUint16(pointer + 2, FDFLAG_APPEND);
      memory.setUint64(pointer + 8, rightsOf(found));
      if (found.kind === "directory") {
        memory.setUint64(pointer + 16, OTHER_RIGHTS | RIGHT_FD_READ | RIGHT_FD_WRITE);
      }
      return ERRNO.SUCCESS;
    },

    fd_fdstat_set_flags(fd: number, flags: number) {
      const found = descriptor(fd);
      if (found.kind === "file") found.append = (flags & FDFLAG_APPEND) !== 0;
      return ERRNO.SUCCESS;
    },

    // Rights can only be given up, and are not what decides here.
    fd_fdstat_set_rights(fd: number) {
      descriptor(fd);
      return ERRNO.SUCCESS;
    },

    fd_filestat_get(fd: number, pointer: number) {
      if (descriptor(fd).kind !== "stream") return writeStat(memory, pointer, stat(fd));
      memory.slice(pointer, FILESTAT).fill(0);
      memory.setUint8(pointer + 16, FILETYPE_CHARACTER_DEVICE);
      return ERRNO.SUCCESS;
    },

    fd_filestat_set_size(fd: number, size: bigint) {
      const of = file(fd);
      if (!of.writable) return ERRNO.BADF;
      of.handle.resize(positionOf(size));
      return ERRNO.SUCCESS;
    },

    fd_filestat_set_times(fd: number, accessed: bigint, modified: bigint, flags: number) {
      const of = descriptor(fd);
      const times = timesOf(clock, accessed, modified, flags);
      if (of.kind === "file") {
        if (!of.writable) return ERRNO.BADF;
        of.handle.setTimes(times);
      } else if (of.kind === "directory") {
        mayChange(of.files).setTimes(of.path, times, true);
      }
      return ERRNO.SUCCESS;
    },

    fd_allocate(fd: number, offset: bigint, length: bigint) {
      const of = file(fd);
      if (!of.writable) return ERRNO.BADF;
      const size = positionOf(offset + length);
      if (of.handle.stat().size < size) of.handle.resize(size);
      return ERRNO.SUCCESS;
    },

    fd_advise(fd: number) {
      file(fd);
      return ERRNO.SUCCESS;
    },

    fd_sync(fd: number) {
      const of = descriptor(fd);
      if (of.kind === "file") of.handle.sync();
      return ERRNO.SUCCESS;
    },

    fd_datasync(fd: number) {
      const of = descriptor(fd);
      if (of.kind === "file") of.handle.sync();
      return ERRNO.SUCCESS;
    },

    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, used: number) {
      const of = directory(fd);
      const listing = (cookie === 0n ? undefined : of.listing) ?? listingOf(of);
      of.listing = listing;
      const target = memory.slice(pointer, length);
      let position = 0;
      for (let i = Number(cookie); i < listing.length && position < target.length; i++) {
        const { name, type, inode } = listing[i] ?? { name: "", type: "other", inode: 0 };
        const bytes = new TextEncoder().encode(name);
        const entry = new DataView(new ArrayBuffer(DIRENT));
        entry.setBigUint64(0, BigInt(i + 1), true);
        entry.setBigUint64(8, BigInt(inode), true);
        entry.setUint32(16, bytes.length, true);
        entry.setUint8(20, FILETYPES[type]);
        // A plugin knows from a full buffer that the last entry is cut off, and asks again.
        for (const part of [new Uint8Array(entry.buffer), bytes]) {
          target.set(part.subarray(0, target.length - position), position);
          position = Math.min(target.length, position + part.length);
        }
      }
      memory.setUint32(used, position);
      return ERRNO.SUCCESS;
    },

    fd_prestat_get(fd: number, pointer: number) {
      const mount = mountOf(descriptors, fd);
      // Ends the search for preopened directories that every libc does at start.
      if (mount === undefined) return ERRNO.BADF;
      memory.setUint32(pointer, 0);
      memory.setUint32(pointer + 4, mount.length);
      return ERRNO.SUCCESS;
    },

    fd_prestat_dir_name(fd: number, pointer: number, length: number) {
      const mount = mountOf(descriptors, fd);
      if (mount === undefined) return ERRNO.BADF;
      if (length >>> 0 < mount.length) return ERRNO.NAMETOOLONG;
      memory.slice(pointer, mount.length).set(mount);
      return ERRNO.SUCCESS;
    },

    path_open(
      fd: number,
      lookup: number,
      pointer: number,
      length: number,
      openFlags: number,
      rights: bigint,
      _inheriting: bigint,
      flags: number,
      opened: number,
    ) {
      const { files, path } = place(fd, pointer, length);
      const follow = (lookup & FOLLOW) !== 0;
      const existing = statOf(files, path, follow);
      if (existing?.type === "directory") {
        if ((openFlags & O_CREAT) !== 0 && (openFlags & O_EXCL) !== 0) return ERRNO.EXIST;
        if ((rights & RIGHT_FD_WRITE) !== 0n && (openFlags & O_DIRECTORY) === 0) return ERRNO.ISDIR;
        const found = { kind: "directory", files, path, mount: undefined, listing: undefined };
        memory.setUint32(opened, descriptors.add(found as Descriptor));
        return ERRNO.SUCCESS;
      }
      if ((openFlags & O_DIRECTORY) !== 0) {
        return existing === undefined ? ERRNO.NOENT : ERRNO.NOTDIR;
      }
      const options = {
        read: (rights & RIGHT_FD_READ) !== 0n,
        write: (rights & RIGHT_FD_WRITE) !== 0n,
        create: (openFlags & O_CREAT) !== 0,
        exclusive: (openFlags & O_EXCL) !== 0,
        truncate: (openFlags & O_TRUNC) !== 0,
        follow,
      };
      const changes = options.write || options.truncate;
      if (changes || (options.create && existing === undefined)) mayChange(files);
      const handle = files.open(path, options);
      try {
        const added = descriptors.add({
          kind: "file",
          handle,
          readable: options.read,
          writable: options.write,
          append: (flags & FDFLAG_APPEND) !== 0,
          position: 0,
        });
        memory.setUint32(opened, added);
      } catch (error) {
        handle.close();
        throw error;
      }
      return ERRNO.SUCCESS;
    },

    path_filestat_get(fd: number, lookup: number, path: number, length: number, pointer: number) {
      const at = place(fd, path, length);
      return writeStat(memory, pointer, at.files.stat(at.path, (lookup & FOLLOW) !== 0));
    },

    path_filestat_set_times(
      fd: number,
      lookup: number,
      path: number,
      length: number,
      accessed: bigint,
      modified: bigint,
      flags: number,
    ) {
      const at = place(fd, path, length);
      const times = timesOf(clock, accessed, modified, flags);
      mayChange(at.files).setTimes(at.path, times, (lookup & FOLLOW) !== 0);
      return ERRNO.SUCCESS;
    },

    path_create_directory(fd: number, path: number, length: number) {
      const at = place(fd, path, length);
      mayChange(at.files).createDirectory(at.path);
      return ERRNO.SUCCESS;
    },

    path_remove_directory(fd: number, path: number, length: number) {
      const at = place(fd, path, length);
      mayChange(at.files).removeDirectory(at.path);
      return ERRNO.SUCCESS;
    },

    path_unlink_file(fd: number, path: number, length: number) {
      const at = place(fd, path, length);
      mayChange(at.files).removeFile(at.path);
      return ERRNO.SUCCESS;
    },

    path_rename(
      fromFd: number,
      from: number,
      fromLength: number,
      toFd: number,
      to: number,
      toLength: number,
    ) {
      const source = place(fromFd, from, fromLength);
      const target = place(toFd, to, toLength);
      if (source.files !== target.files) return ERRNO.XDEV;
      mayChange(source.files).rename(source.path, target.path);
      return ERRNO.SUCCESS;
    },

    path_readlink(
      fd: number,
      path: number,
      length: number,
      pointer: number,
      size: number,
      used: number,
    ) {
      const at = place(fd, path, length);
      const target = new TextEncoder().encode(at.files.readLink(at.path)).subarray(0, size >>> 0);
      memory.slice(pointer, target.length).set(target);
      memory.setUint32(used, target.length);
      return ERRNO.SUCCESS;
    },

    // A link that a plugin makes could lead other programs astray.
    path_link: () => ERRNO.NOTSUP,
    path_symlink: () => ERRNO.NOTSUP,
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, implementation]) => [name, answeringErrors(implementation)]),
  );
}

interface Place {
  readonly files: FileSystem;
  readonly path: string;
}

/** What goes wrong in a file system is the plugin's to know. */
function answeringErrors(implementation: WasiFunction): WasiFunction {
  return (...parameters) => {
    try {
      return implementation(...parameters);
    } catch (error) {
      if (error instanceof GuestFault || !hasFileErrorCode(error)) throw error;
      return errnoOf(error);
    }
  };
}

/** Errors of Node's have a code too. What has none is a mistake of a file system, and the host's to know. */
function hasFileErrorCode(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code)
  );
}

function mayChange(files: FileSystem): FileSystem {
  if (!files.writable) throw new FileError("EROFS", "");
  return files;
}

function statOf(files: FileSystem, path: string, follow: boolean): FileStat | undefined {
  try {
    return files.stat(path, follow);
  } catch (error) {
    if (errnoOf(error) === ERRNO.NOENT) return undefined;
    throw error;
  }
}

function listingOf({ files, path }: DirectoryDescriptor): readonly DirectoryEntry[] {
  const self = { type: "directory", inode: 0 } as const;
  return [{ name: ".", ...self }, { name: "..", ...self }, ...files.readDirectory(path)];
}

function mountOf(descriptors: Descriptors, fd: number): Uint8Array | undefined {
  const found = descriptors.get(fd);
  if (found?.kind !== "directory" || found.mount === undefined) return undefined;
  return new TextEncoder().encode(found.mount);
}

function filetypeOf(descriptor: Descriptor): number {
  if (descriptor.kind === "stream") return FILETYPE_CHARACTER_DEVICE;
  return FILETYPES[descriptor.kind];
}

function rightsOf(descriptor: Descriptor): bigint {
  switch (descriptor.kind) {
    case "stream":
      return RIGHT_POLL | (descriptor.output === undefined ? RIGHT_FD_READ : RIGHT_FD_WRITE);
    case "file":
      return (
        OTHER_RIGHTS |
        (descriptor.readable ? RIGHT_FD_READ : 0n) |
        (descriptor.writable ? RIGHT_FD_WRITE : 0n)
      );
    case "directory":
      return OTHER_RIGHTS;
  }
}

function positionOf(value: bigint): number {
  const position = BigInt.asUintN(64, value);
  if (position > MAX_POSITION) throw new FileError("EINVAL", "");
  return Number(position);
}

function writeStat(memory: GuestMemory, pointer: number, stat: FileStat): number {
  memory.slice(pointer, FILESTAT).fill(0);
  memory.setUint64(pointer + 8, BigInt(stat.inode));
  memory.setUint8(pointer + 16, FILETYPES[stat.type]);
  memory.setUint64(pointer + 24, BigInt(stat.links));
  memory.setUint64(pointer + 32, BigInt(stat.size));
  memory.setUint64(pointer + 40, nanoseconds(stat.accessed));
  memory.setUint64(pointer + 48, nanoseconds(stat.modified));
  memory.setUint64(pointer + 56, nanoseconds(stat.changed));
  return ERRNO.SUCCESS;
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}

function timesOf(clock: Clock, accessed: bigint, modified: bigint, flags: number): FileTimes {
  return {
    accessed: timeOf(clock, accessed, (flags & SET_ACCESSED) !== 0, (flags & ACCESSED_NOW) !== 0),
    modified: timeOf(clock, modified, (flags & SET_MODIFIED) !== 0, (flags & MODIFIED_NOW) !== 0),
  };
}

/** In milliseconds. */
function timeOf(clock: Clock, time: bigint, isSet: boolean, isNow: boolean): number | undefined {
  if (isSet && isNow) throw new FileError("EINVAL", "");
  if (isNow) return Number(clock.realtime()) / 1e6;
  return isSet ? Number(BigInt.asUintN(64, time)) / 1e6 : undefined;
}
