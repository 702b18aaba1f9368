import { FileError, type FileStat, type FileTimes, type FileType } from "../files/file-system.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import type { Clock } from "../options/clock.js";
import { ERRNO } from "./errno.js";

export const FILETYPES: Readonly<Record<FileType, number>> = {
  other: 0,
  directory: 3,
  file: 4,
  symlink: 7,
};
export const FILETYPE_CHARACTER_DEVICE = 2;

export const RIGHT_FD_READ = 1n << 1n;
export const RIGHT_FD_WRITE = 1n << 6n;
export const RIGHT_POLL = 1n << 27n;
/** Everything but reading, writing and sockets: rights are not how this host decides what a plugin may do. */
export const OTHER_RIGHTS = (1n << 28n) - 1n - RIGHT_FD_READ - RIGHT_FD_WRITE;

export const FDFLAG_APPEND = 1;
const SET_ACCESSED = 1;
const ACCESSED_NOW = 2;
const SET_MODIFIED = 4;
const MODIFIED_NOW = 8;

/** Size of the record in bytes. */
const FILESTAT = 64;

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#filestat */
export function writeStat(memory: GuestMemory, pointer: number, stat: FileStat): number {
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

/** The times that a plugin asks to set, by its flags. */
export function timesOf(
  clock: Clock,
  accessed: bigint,
  modified: bigint,
  flags: number,
): FileTimes {
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
