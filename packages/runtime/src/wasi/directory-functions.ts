import type { DirectoryEntry } from "../files/file-system.js";
import type { DirectoryDescriptor, Descriptors } from "./descriptors.js";
import { ERRNO } from "./errno.js";
import { answeringFileErrors, mayChange } from "./file-errors.js";
import { FILETYPES } from "./file-records.js";
import { placeOf } from "./paths.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

/** Size of the record in bytes, without the name behind it. */
const DIRENT = 24;

/**
 * Directories: what is in them, and those that the plugin finds open when it starts, the roots of the file systems.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_readdir
 */
export function directoryFunctions(context: WasiContext): WasiFunctions {
  const { memory, descriptors } = context;
  return answeringFileErrors({
    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, used: number) {
      const of = descriptors.directory(fd);
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

    path_create_directory(fd: number, path: number, length: number) {
      const at = placeOf(context, fd, path, length);
      mayChange(at.files).createDirectory(at.path);
      return ERRNO.SUCCESS;
    },

    path_remove_directory(fd: number, path: number, length: number) {
      const at = placeOf(context, fd, path, length);
      mayChange(at.files).removeDirectory(at.path);
      return ERRNO.SUCCESS;
    },
  });
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
