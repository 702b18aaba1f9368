import { FileError, type FileStat } from "../files/file-system.js";
import type { Descriptor } from "./descriptors.js";
import { ERRNO } from "./errno.js";
import { answeringFileErrors, mayChange } from "./file-errors.js";
import {
  FDFLAG_APPEND,
  FILETYPES,
  FILETYPE_CHARACTER_DEVICE,
  OTHER_RIGHTS,
  RIGHT_FD_READ,
  RIGHT_FD_WRITE,
  RIGHT_POLL,
  timesOf,
  writeStat,
} from "./file-records.js";
import { gather, pieces } from "./iovecs.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

const SEEK_SET = 0;
const SEEK_CURRENT = 1;
const SEEK_END = 2;

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
    const from = descriptors.file(fd);
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
    const to = descriptors.file(fd);
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
    const found = descriptors.need(fd);
    if (found.kind === "file") return found.handle.stat();
    if (found.kind === "directory") return found.files.stat(found.path, true);
    throw new FileError("EINVAL", "");
  }

  return answeringFileErrors({
    fd_write(fd: number, pointer: number, count: number, written: number) {
      const found = descriptors.need(fd);
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
      const found = descriptors.need(fd);
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
      const of = descriptors.file(fd);
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
      memory.setUint64(position, BigInt(descriptors.file(fd).position));
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
      if (found.kind === "file" && found.append) memory.setUint16(pointer + 2, FDFLAG_APPEND);
      memory.setUint64(pointer + 8, rightsOf(found));
      if (found.kind === "directory") {
        memory.setUint64(pointer + 16, OTHER_RIGHTS | RIGHT_FD_READ | RIGHT_FD_WRITE);
      }
      return ERRNO.SUCCESS;
    },

    fd_fdstat_set_flags(fd: number, flags: number) {
      const found = descriptors.need(fd);
      if (found.kind === "file") found.append = (flags & FDFLAG_APPEND) !== 0;
      return ERRNO.SUCCESS;
    },

    // Rights can only be given up, and are not what decides here.
    fd_fdstat_set_rights(fd: number) {
      descriptors.need(fd);
      return ERRNO.SUCCESS;
    },

    fd_filestat_get(fd: number, pointer: number) {
      if (descriptors.need(fd).kind !== "stream") return writeStat(memory, pointer, stat(fd));
      memory.slice(pointer, FILESTAT).fill(0);
      memory.setUint8(pointer + 16, FILETYPE_CHARACTER_DEVICE);
      return ERRNO.SUCCESS;
    },

    fd_filestat_set_size(fd: number, size: bigint) {
      const of = descriptors.file(fd);
      if (!of.writable) return ERRNO.BADF;
      of.handle.resize(positionOf(size));
      return ERRNO.SUCCESS;
    },

    fd_filestat_set_times(fd: number, accessed: bigint, modified: bigint, flags: number) {
      const of = descriptors.need(fd);
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
      const of = descriptors.file(fd);
      if (!of.writable) return ERRNO.BADF;
      const size = positionOf(offset + length);
      if (of.handle.stat().size < size) of.handle.resize(size);
      return ERRNO.SUCCESS;
    },

    fd_advise(fd: number) {
      descriptors.file(fd);
      return ERRNO.SUCCESS;
    },

    fd_sync(fd: number) {
      const of = descriptors.need(fd);
      if (of.kind === "file") of.handle.sync();
      return ERRNO.SUCCESS;
    },

    fd_datasync(fd: number) {
      const of = descriptors.need(fd);
      if (of.kind === "file") of.handle.sync();
      return ERRNO.SUCCESS;
    },
  });
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
