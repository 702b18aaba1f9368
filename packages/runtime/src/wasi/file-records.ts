import { FileError, type FileStat, type FileTimes, type FileType } from "../files/file-system.js";
import { nanosecondsOf } from "../files/nanoseconds.js";
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

export const FDFLAG_APPEND = 1;
const FDFLAG_DSYNC = 2;
const FDFLAG_NONBLOCK = 4;
const FDFLAG_RSYNC = 8;
const FDFLAG_SYNC = 16;
/** The flags after which a write is on the disk before it is answered. */
export const SYNC_FLAGS = FDFLAG_DSYNC | FDFLAG_SYNC;
export const ALL_FDFLAGS = FDFLAG_APPEND | FDFLAG_NONBLOCK | FDFLAG_RSYNC | SYNC_FLAGS;

const SET_ACCESSED = 1;
const ACCESSED_NOW = 2;
const SET_MODIFIED = 4;
const MODIFIED_NOW = 8;

/** Size of the record in bytes. */
const FILESTAT = 64;

/**
 * @param device number of the file system
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#filestat
 */
export function writeStat(
  memory: GuestMemory,
  pointer: number,
  stat: FileStat,
  device: number,
): number {
  const { nanoseconds } = stat;
  memory.slice(pointer, FILESTAT).fill(0);
  memory.setUint64(pointer, BigInt(device));
  memory.setUint64(pointer + 8, BigInt(stat.inode));
  memory.setUint8(pointer + 16, FILETYPES[stat.type]);
  memory.setUint64(pointer + 24, BigInt(stat.links));
  memory.setUint64(pointer + 32, BigInt(stat.size));
  memory.setUint64(pointer + 40, nanoseconds?.accessed ?? nanosecondsOf(stat.accessed));
  memory.setUint64(pointer + 48, nanoseconds?.modified ?? nanosecondsOf(stat.modified));
  memory.setUint64(pointer + 56, nanoseconds?.changed ?? nanosecondsOf(stat.changed));
  return ERRNO.SUCCESS;
}

/** The times that a plugin asks to set, by its flags. */
export function timesOf(
  clock: Clock,
  accessed: bigint,
  modified: bigint,
  flags: number,
): FileTimes {
  const nanoseconds = {
    accessed: timeOf(clock, accessed, (flags & SET_ACCESSED) !== 0, (flags & ACCESSED_NOW) !== 0),
    modified: timeOf(clock, modified, (flags & SET_MODIFIED) !== 0, (flags & MODIFIED_NOW) !== 0),
  };
  return {
    accessed: milliseconds(nanoseconds.accessed),
    modified: milliseconds(nanoseconds.modified),
    nanoseconds,
  };
}

function timeOf(clock: Clock, time: bigint, isSet: boolean, isNow: boolean): bigint | undefined {
  if (isSet && isNow) throw new FileError("EINVAL", "");
  if (isNow) return clock.realtime();
  return isSet ? BigInt.asUintN(64, time) : undefined;
}

function milliseconds(nanoseconds: bigint | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
}
