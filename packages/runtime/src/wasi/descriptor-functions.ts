import { FileError, type FileStat } from "../files/file-system.js";
import {
  inheritedRightsOf,
  rightsOf,
  type Descriptor,
  type FileDescriptor,
  type StreamDescriptor,
} from "./descriptors.js";
import { ERRNO } from "./errno.js";
import { answeringFileErrors, mayChange } from "./file-errors.js";
import {
  ALL_FDFLAGS,
  FDFLAG_APPEND,
  FILETYPES,
  FILETYPE_CHARACTER_DEVICE,
  SYNC_FLAGS,
  timesOf,
  writeStat,
} from "./file-records.js";
import { gather, pieces } from "./iovecs.js";
import { RIGHT } from "./rights.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

const SEEK_SET = 0;
const SEEK_CURRENT = 1;
const SEEK_END = 2;

/** `noreuse`, the last of the kinds of advice. */
const LAST_ADVICE = 5;

/** Sizes of the records in bytes. */
const FDSTAT = 24;
const FILESTAT = 64;

/** Positions and sizes are bigints of 64 bits, but no file has more bytes than a double can count. */
const MAX_POSITION = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * What is done with descriptors of any kind, and with open files. The first three descriptors are the standard streams:
 * stdin is empty, stdout and stderr go to the outputs.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_advise
 */
export function descriptorFunctions({ memory, clock, descriptors }: WasiContext): WasiFunctions {
  function read(fd: number, pointer: number, count: number, at: number | undefined): number {
    const from = descriptors.file(fd, RIGHT.FD_READ);
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
    const to = descriptors.file(fd, RIGHT.FD_WRITE);
    if (!to.writable) throw new FileError("EBADF", "");
    const appends = (to.flags & FDFLAG_APPEND) !== 0;
    let position = at ?? (appends ? to.handle.stat().size : to.position);
    let size = 0;
    for (const piece of pieces(memory, pointer, count)) {
      const part = to.handle.write(piece, position);
      position += part;
      size += part;
      if (part < piece.length) break;
    }
    if (at === undefined) to.position = position;
    if ((to.flags & SYNC_FLAGS) !== 0) to.handle.sync();
    return size;
  }

  function statOf(descriptor: Exclude<Descriptor, StreamDescriptor>): FileStat {
    if (descriptor.kind === "file") return descriptor.handle.stat();
    return descriptor.files.stat(descriptor.path, false);
  }

  /** A file whose size is to be changed. */
  function resizable(fd: number, right: bigint): FileDescriptor {
    const of = descriptors.file(fd, right);
    if (!of.writable) throw new FileError("EINVAL", "");
    return of;
  }

  function sync(fd: number, right: bigint): number {
    const of = descriptors.need(fd, right);
    if (of.kind === "file") of.handle.sync();
    return ERRNO.SUCCESS;
  }

  return answeringFileErrors({
    fd_write(fd: number, pointer: number, count: number, written: number) {
      const found = descriptors.need(fd, RIGHT.FD_WRITE);
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
      const found = descriptors.need(fd, RIGHT.FD_READ);
      if (found.kind === "stream") {
        if (found.output !== undefined) return ERRNO.BADF;
        memory.setUint32(size, 0);
      } else {
        memory.setUint32(size, read(fd, pointer, count, undefined));
      }
      return ERRNO.SUCCESS;
    },

    fd_pread(fd: number, pointer: number, count: number, offset: bigint, size: number) {
      if (descriptors.need(fd).kind === "stream") return ERRNO.SPIPE;
      memory.setUint32(size, read(fd, pointer, count, positionOf(offset)));
      return ERRNO.SUCCESS;
    },

    fd_pwrite(fd: number, pointer: number, count: number, offset: bigint, size: number) {
      if (descriptors.need(fd).kind === "stream") return ERRNO.SPIPE;
      memory.setUint32(size, write(fd, pointer, count, positionOf(offset)));
      return ERRNO.SUCCESS;
    },

    fd_seek(fd: number, offset: bigint, whence: number, position: number) {
      if (descriptors.need(fd).kind === "stream") return ERRNO.SPIPE;
      const isTell = offset === 0n && whence === SEEK_CURRENT;
      const of = descriptors.file(fd, isTell ? RIGHT.FD_TELL : RIGHT.FD_SEEK);
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
      if (descriptors.need(fd).kind === "stream") return ERRNO.SPIPE;
      memory.setUint64(position, BigInt(descriptors.file(fd, RIGHT.FD_TELL).position));
      return ERRNO.SUCCESS;
    },

    fd_close(fd: number) {
      descriptors.need(fd);
      descriptors.close(fd);
      return ERRNO.SUCCESS;
    },

    fd_renumber(from: number, to: number) {
      descriptors.need(from);
      descriptors.need(to);
      if (from >>> 0 !== to >>> 0) descriptors.move(from, to);
      return ERRNO.SUCCESS;
    },

    fd_fdstat_get(fd: number, pointer: number) {
      const found = descriptors.need(fd);
      memory.slice(pointer, FDSTAT).fill(0);
      memory.setUint8(pointer, filetypeOf(found));
      if (found.kind === "file") memory.setUint16(pointer + 2, found.flags);
      memory.setUint64(pointer + 8, rightsOf(found));
      memory.setUint64(pointer + 16, inheritedRightsOf(found));
      return ERRNO.SUCCESS;
    },

    fd_fdstat_set_flags(fd: number, flags: number) {
      const found = descriptors.need(fd, RIGHT.FD_FDSTAT_SET_FLAGS);
      if ((flags & ~ALL_FDFLAGS) !== 0) return ERRNO.INVAL;
      if (found.kind === "file") found.flags = flags;
      return ERRNO.SUCCESS;
    },

    // Rights can only be given up.
    fd_fdstat_set_rights(fd: number, base: bigint, inheriting: bigint) {
      const of = descriptors.need(fd);
      const givenUp = rightsOf(of) & ~base;
      const givenUpInheriting = inheritedRightsOf(of) & ~inheriting;
      if ((base & ~rightsOf(of)) !== 0n || (inheriting & ~inheritedRightsOf(of)) !== 0n) {
        return ERRNO.NOTCAPABLE;
      }
      of.givenUp |= givenUp;
      if (of.kind === "directory") of.givenUpInheriting |= givenUpInheriting;
      return ERRNO.SUCCESS;
    },

    fd_filestat_get(fd: number, pointer: number) {
      const of = descriptors.need(fd, RIGHT.FD_FILESTAT_GET);
      if (of.kind !== "stream") return writeStat(memory, pointer, statOf(of), of.device);
      memory.slice(pointer, FILESTAT).fill(0);
      memory.setUint8(pointer + 16, FILETYPE_CHARACTER_DEVICE);
      return ERRNO.SUCCESS;
    },

    fd_filestat_set_size(fd: number, size: bigint) {
      resizable(fd, RIGHT.FD_FILESTAT_SET_SIZE).handle.resize(positionOf(size));
      return ERRNO.SUCCESS;
    },

    fd_filestat_set_times(fd: number, accessed: bigint, modified: bigint, flags: number) {
      const of = descriptors.need(fd, RIGHT.FD_FILESTAT_SET_TIMES);
      const times = timesOf(clock, accessed, modified, flags);
      if (of.kind === "stream") return ERRNO.SUCCESS;
      mayChange(of.files);
      if (of.kind === "file") of.handle.setTimes(times);
      else of.files.setTimes(of.path, times, false);
      return ERRNO.SUCCESS;
    },

    fd_allocate(fd: number, offset: bigint, length: bigint) {
      const of = descriptors.file(fd, RIGHT.FD_ALLOCATE);
      if (!of.writable) return ERRNO.BADF;
      if (length === 0n) return ERRNO.INVAL;
      // Apart: their sum could have more than 64 bits.
      const size = positionOf(BigInt(positionOf(offset) + positionOf(length)));
      if (of.handle.stat().size < size) of.handle.resize(size);
      return ERRNO.SUCCESS;
    },

    fd_advise(fd: number, _offset: bigint, _length: bigint, advice: number) {
      descriptors.file(fd, RIGHT.FD_ADVISE);
      return advice >>> 0 > LAST_ADVICE ? ERRNO.INVAL : ERRNO.SUCCESS;
    },

    fd_sync: (fd: number) => sync(fd, RIGHT.FD_SYNC),

    fd_datasync: (fd: number) => sync(fd, RIGHT.FD_DATASYNC),
  });
}

function filetypeOf(descriptor: Descriptor): number {
  if (descriptor.kind === "stream") return FILETYPE_CHARACTER_DEVICE;
  return FILETYPES[descriptor.kind];
}

function positionOf(value: bigint): number {
  const position = BigInt.asUintN(64, value);
  if (position > MAX_POSITION) throw new FileError("EINVAL", "");
  return Number(position);
}
