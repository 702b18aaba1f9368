import type { Descriptor } from "./descriptors.js";
import { ERRNO } from "./errno.js";
import { answeringFileErrors, mayChange, statOf } from "./file-errors.js";
import {
  FDFLAG_APPEND,
  RIGHT_FD_READ,
  RIGHT_FD_WRITE,
  timesOf,
  writeStat,
} from "./file-records.js";
import { placeOf } from "./paths.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

const FOLLOW = 1;
const O_CREAT = 1;
const O_DIRECTORY = 2;
const O_EXCL = 4;
const O_TRUNC = 8;

/**
 * What is done with files by their paths. A path starts at the root of a file system, or at a directory below it, and
 * `..` does not lead out of that.
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
      const { files, path } = placeOf(context, fd, pointer, length);
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
      const at = placeOf(context, fd, path, length);
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
      const at = placeOf(context, fd, path, length);
      const times = timesOf(clock, accessed, modified, flags);
      mayChange(at.files).setTimes(at.path, times, (lookup & FOLLOW) !== 0);
      return ERRNO.SUCCESS;
    },

    path_unlink_file(fd: number, path: number, length: number) {
      const at = placeOf(context, fd, path, length);
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
      const source = placeOf(context, fromFd, from, fromLength);
      const target = placeOf(context, toFd, to, toLength);
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
      const at = placeOf(context, fd, path, length);
      const target = new TextEncoder().encode(at.files.readLink(at.path)).subarray(0, size >>> 0);
      memory.slice(pointer, target.length).set(target);
      memory.setUint32(used, target.length);
      return ERRNO.SUCCESS;
    },

    // A link that a plugin makes could lead other programs astray.
    path_link: () => ERRNO.NOTSUP,

    path_symlink: () => ERRNO.NOTSUP,
  });
}
