import { GuestFault } from "../instance/guest-memory.js";
import { ERRNO } from "./errno.js";
import type { Output } from "./output.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

const FILETYPE_CHARACTER_DEVICE = 2;
const RIGHT_FD_READ = 1n << 1n;
const RIGHT_FD_WRITE = 1n << 6n;
const RIGHT_POLL = 1n << 27n;

/** Sizes of the records in bytes. */
const IOVEC = 8;
const FDSTAT = 24;
const FILESTAT = 64;

/**
 * The three standard streams: stdin is empty, stdout and stderr go to the outputs. There are no other descriptors
 * and no preopened folders, so a plugin sees no file.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_write
 */
export function fdFunctions({ memory, stdout, stderr }: WasiContext): WasiFunctions {
  const isOpen = (fd: number): boolean => fd >= STDIN && fd <= STDERR;
  const onOpen =
    (errno: number) =>
    (fd: number): number =>
      isOpen(fd) ? errno : ERRNO.BADF;

  /**
   * The pieces of a scattered buffer: one copy of all. Pieces beyond the size of the memory are left out, which
   * callers know as a short write: they can only be the same bytes many times, to make the host run out of memory.
   */
  function gather(pointer: number, count: number): Uint8Array {
    if (!memory.has(pointer, (count >>> 0) * IOVEC)) throw new GuestFault();
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (let i = 0; i < count >>> 0; i++) {
      const at = (pointer >>> 0) + i * IOVEC;
      const piece = memory.slice(memory.uint32(at), memory.uint32(at + 4));
      if (size + piece.length > memory.bytes.length) break;
      pieces.push(piece);
      size += piece.length;
    }
    const all = new Uint8Array(size);
    let position = 0;
    for (const piece of pieces) {
      all.set(piece, position);
      position += piece.length;
    }
    return all;
  }

  function outputOf(fd: number): Output | undefined {
    return fd === STDOUT ? stdout : fd === STDERR ? stderr : undefined;
  }

  return {
    fd_write(fd: number, pointer: number, count: number, written: number) {
      const output = outputOf(fd);
      if (output === undefined) return ERRNO.BADF;
      const chunk = gather(pointer, count);
      memory.setUint32(written, chunk.length);
      if (chunk.length > 0) output.write(chunk);
      return ERRNO.SUCCESS;
    },

    fd_read(fd: number, _pointer: number, _count: number, read: number) {
      if (fd !== STDIN) return ERRNO.BADF;
      memory.setUint32(read, 0);
      return ERRNO.SUCCESS;
    },

    fd_fdstat_get(fd: number, pointer: number) {
      if (!isOpen(fd)) return ERRNO.BADF;
      memory.slice(pointer, FDSTAT).fill(0);
      memory.setUint8(pointer, FILETYPE_CHARACTER_DEVICE);
      memory.setUint64(pointer + 8, RIGHT_POLL | (fd === STDIN ? RIGHT_FD_READ : RIGHT_FD_WRITE));
      return ERRNO.SUCCESS;
    },

    fd_filestat_get(fd: number, pointer: number) {
      if (!isOpen(fd)) return ERRNO.BADF;
      memory.slice(pointer, FILESTAT).fill(0);
      memory.setUint8(pointer + 16, FILETYPE_CHARACTER_DEVICE);
      return ERRNO.SUCCESS;
    },

    fd_fdstat_set_flags: onOpen(ERRNO.SUCCESS),
    fd_close: onOpen(ERRNO.SUCCESS),
    fd_seek: onOpen(ERRNO.SPIPE),
    fd_tell: onOpen(ERRNO.SPIPE),
    fd_pread: onOpen(ERRNO.SPIPE),
    fd_pwrite: onOpen(ERRNO.SPIPE),

    // BADF ends the search for preopened folders that every libc does at start.
    fd_prestat_get: () => ERRNO.BADF,
    fd_prestat_dir_name: () => ERRNO.BADF,
  };
}
