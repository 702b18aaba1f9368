import type { DirectoryEntry } from "../files/file-system.js";
import type { Descriptors, DirectoryDescriptor } from "./descriptors.js";
import { ERRNO } from "./errno.js";
import { answeringFileErrors, mayChange } from "./file-errors.js";
import { FILETYPES } from "./file-records.js";
import { placeOf } from "./paths.js";
import { RIGHT } from "./rights.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

/** Size of the record in bytes, without the name behind it. */
const DIRENT = 24;

/** Most listings that are kept for the next part: a plugin can have many directories open, each with many files. */
const MOST_LISTINGS = 16;

/**
 * Directories: what is in them, and those that the plugin finds open when it starts, the roots of the file systems.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_readdir
 */
export function directoryFunctions(context: WasiContext): WasiFunctions {
  const { memory, descriptors } = context;
  /** Those whose listing is kept, the one that was asked for last at the end. */
  let listed: readonly DirectoryDescriptor[] = [];

  function keep(of: DirectoryDescriptor, listing: readonly DirectoryEntry[]): void {
    const others = listed.filter((other) => other !== of);
    const [oldest] = others;
    if (others.length >= MOST_LISTINGS && oldest !== undefined) oldest.listing = undefined;
    of.listing = listing;
    listed = [...others.slice(1 - MOST_LISTINGS), of];
  }

  return answeringFileErrors({
    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, used: number) {
      const of = descriptors.directory(fd, RIGHT.FD_READDIR);
      const listing = (cookie === 0n ? undefined : of.listing) ?? listingOf(of);
      keep(of, listing);
      const target = memory.slice(pointer, length);
      let position = 0;
      for (let i = Number(BigInt.asUintN(64, cookie)); position < target.length; i++) {
        const found = listing[i];
        if (found === undefined) break;
        const { name, type, inode } = found;
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

    path_create_directory(fd: number, path: number, length: number) {
      const at = placeOf(context, fd, path, length, RIGHT.PATH_CREATE_DIRECTORY);
      mayChange(at.files).createDirectory(at.path, at.directory);
      return ERRNO.SUCCESS;
    },

    path_remove_directory(fd: number, path: number, length: number) {
      const at = placeOf(context, fd, path, length, RIGHT.PATH_REMOVE_DIRECTORY);
      mayChange(at.files).removeDirectory(at.path, at.directory);
      return ERRNO.SUCCESS;
    },
  });
}

function listingOf({ files, path }: DirectoryDescriptor): readonly DirectoryEntry[] {
  // The root is above itself.
  const above = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const entry = (name: string, path: string): DirectoryEntry => {
    return { name, type: "directory", inode: files.stat(path, false).inode };
  };
  return [entry(".", path), entry("..", above), ...files.readDirectory(path)];
}

function mountOf(descriptors: Descriptors, fd: number): Uint8Array | undefined {
  const found = descriptors.get(fd);
  if (found?.kind !== "directory" || found.mount === undefined) return undefined;
  return new TextEncoder().encode(found.mount);
}
