import { FileError } from "../files/file-system.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import type { Mount } from "./descriptors.js";
import type { WasiContext } from "./wasi-context.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Longest path in bytes, with the NUL that C puts behind it, as on Linux. */
const PATH_MAX = 4096;

/** A path in a file system. */
export interface Place extends Mount {
  readonly path: string;
  /** Plain path of the directory that it starts at and may not leave. */
  readonly directory: string;
}

/**
 * What a plugin means by a directory and a path that starts there: the bytes at `pointer`.
 *
 * @param right what is to be done there
 * @throws FileError ENOTCAPABLE if the path is absolute or the plugin gave up the right
 */
export function placeOf(
  { memory, descriptors }: Pick<WasiContext, "memory" | "descriptors">,
  fd: number,
  pointer: number,
  length: number,
  right: bigint,
): Place {
  const { files, device, path: directory } = descriptors.directory(fd, right);
  const path = readPath(memory, pointer, length);
  if (path.startsWith("/")) throw new FileError("ENOTCAPABLE", path);
  return { files, device, directory, path };
}

/**
 * A path as the plugin wrote it; also the target of a link.
 *
 * @throws FileError if it is empty, too long or no text
 */
export function readPath(memory: GuestMemory, pointer: number, length: number): string {
  if (length >>> 0 >= PATH_MAX) throw new FileError("ENAMETOOLONG", "");
  const path = textOf(memory.slice(pointer, length));
  if (path === "") throw new FileError("ENOENT", path);
  if (path.includes("\0")) throw new FileError("EINVAL", path);
  return path;
}

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FileError("EILSEQ", "");
  }
}

/** Whether a path of the load options can be one where a plugin sees files: `/data`, `.`. */
export function isMountPath(path: string): boolean {
  return path === "." || /^\/($|[^/\0]+(\/[^/\0]+)*$)/.test(path);
}
