import type { FileStat } from "../files/file-system.js";
import { openDirectory } from "./descriptors.js";
import { ERRNO, errnoOf } from "./errno.js";
import { answeringFileErrors, mayChange } from "./file-errors.js";
import { ALL_FDFLAGS, timesOf, writeStat } from "./file-records.js";
import { placeOf, readPath, type Place } from "./paths.js";
import { RIGHT } from "./rights.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

const FOLLOW = 1;
const O_CREAT = 1;
const O_DIRECTORY = 2;
const O_EXCL = 4;
const O_TRUNC = 8;

/**
 * What is done with files by their paths. A path starts at the root of a file system, or at a directory below it, and
 * neither `..` nor a link leads out of that.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#path_create_directory
 */
export function pathFunctions(context: WasiContext): WasiFunctions {
  const { memory, clock, descriptors } = context;
  return answeringFileErrors({
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
      const has = (flag: number): boolean => (openFlags & flag) !== 0;
      const needed =
        RIGHT.PATH_OPEN |
        (has(O_CREAT) ? RIGHT.PATH_CREATE_FILE : 0n) |
        (has(O_TRUNC) ? RIGHT.PATH_FILESTAT_SET_SIZE : 0n);
      const { givenUpInheriting } = descriptors.directory(fd, needed);
      const place = placeOf(context, fd, pointer, length, needed);
      const { files, device, path, directory } = place;
      if ((flags & ~ALL_FDFLAGS) !== 0) return ERRNO.INVAL;
      const read = (rights & RIGHT.FD_READ) !== 0n;
      const write = (rights & RIGHT.FD_WRITE) !== 0n;
      if ((rights & givenUpInheriting & (RIGHT.FD_READ | RIGHT.FD_WRITE)) !== 0n) {
        return ERRNO.NOTCAPABLE;
      }
      const exclusive = has(O_CREAT) && has(O_EXCL);
      const follow = (lookup & FOLLOW) !== 0 && !exclusive;

      const existing = statOf(place, follow);
      if (existing?.type === "directory") {
        if (exclusive) return ERRNO.EXIST;
        if (write || has(O_TRUNC) || (has(O_CREAT) && !has(O_DIRECTORY))) return ERRNO.ISDIR;
        const found = openDirectory(place, files.resolve(path, follow, directory));
        found.givenUp = found.givenUpInheriting = givenUpInheriting;
        memory.setUint32(opened, descriptors.add(found));
        return ERRNO.SUCCESS;
      }
      if (has(O_DIRECTORY)) return existing === undefined ? ERRNO.NOENT : ERRNO.NOTDIR;

      const truncate = has(O_TRUNC);
      if (write || truncate || (has(O_CREAT) && existing === undefined)) mayChange(files);
      const options = { read, write, create: has(O_CREAT), exclusive, truncate, follow };
      const handle = files.open(path, options, directory);
      try {
        const added = descriptors.add({
          kind: "file",
          files,
          device,
          handle,
          readable: read,
          writable: write,
          flags,
          position: 0,
          givenUp: givenUpInheriting,
        });
        memory.setUint32(opened, added);
      } catch (error) {
        handle.close();
        throw error;
      }
      return ERRNO.SUCCESS;
    },

    path_filestat_get(fd: number, lookup: number, path: number, length: number, pointer: number) {
      const at = placeOf(context, fd, path, length, RIGHT.PATH_FILESTAT_GET);
      const stat = at.files.stat(at.path, (lookup & FOLLOW) !== 0, at.directory);
      return writeStat(memory, pointer, stat, at.device);
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
      const at = placeOf(context, fd, path, length, RIGHT.PATH_FILESTAT_SET_TIMES);
      const times = timesOf(clock, accessed, modified, flags);
      mayChange(at.files).setTimes(at.path, times, (lookup & FOLLOW) !== 0, at.directory);
      return ERRNO.SUCCESS;
    },

    path_unlink_file(fd: number, path: number, length: number) {
      const at = placeOf(context, fd, path, length, RIGHT.PATH_UNLINK_FILE);
      mayChange(at.files).removeFile(at.path, at.directory);
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
      const source = placeOf(context, fromFd, from, fromLength, RIGHT.PATH_RENAME_SOURCE);
      const target = placeOf(context, toFd, to, toLength, RIGHT.PATH_RENAME_TARGET);
      if (source.files !== target.files) return ERRNO.XDEV;
      mayChange(source.files).rename(source.path, target.path, source.directory, target.directory);
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
      const at = placeOf(context, fd, path, length, RIGHT.PATH_READLINK);
      const text = at.files.readLink(at.path, at.directory);
      const target = new TextEncoder().encode(text).subarray(0, size >>> 0);
      memory.slice(pointer, target.length).set(target);
      memory.setUint32(used, target.length);
      return ERRNO.SUCCESS;
    },

    path_symlink(pointer: number, targetLength: number, fd: number, path: number, length: number) {
      const target = readPath(memory, pointer, targetLength);
      const at = placeOf(context, fd, path, length, RIGHT.PATH_SYMLINK);
      const { createSymbolicLink } = mayChange(at.files);
      if (createSymbolicLink === undefined) return ERRNO.NOTSUP;
      createSymbolicLink.call(at.files, target, at.path, at.directory);
      return ERRNO.SUCCESS;
    },

    path_link(
      fromFd: number,
      lookup: number,
      from: number,
      fromLength: number,
      toFd: number,
      to: number,
      toLength: number,
    ) {
      const source = placeOf(context, fromFd, from, fromLength, RIGHT.PATH_LINK_SOURCE);
      const target = placeOf(context, toFd, to, toLength, RIGHT.PATH_LINK_TARGET);
      if (source.files !== target.files) return ERRNO.XDEV;
      const { createHardLink } = mayChange(source.files);
      if (createHardLink === undefined) return ERRNO.NOTSUP;
      createHardLink.call(
        source.files,
        source.path,
        target.path,
        (lookup & FOLLOW) !== 0,
        source.directory,
        target.directory,
      );
      return ERRNO.SUCCESS;
    },
  });
}

/** undefined if there is no file. */
function statOf({ files, path, directory }: Place, follow: boolean): FileStat | undefined {
  try {
    return files.stat(path, follow, directory);
  } catch (error) {
    if (errnoOf(error) === ERRNO.NOENT) return undefined;
    throw error;
  }
}
