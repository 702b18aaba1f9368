import { FileError, type FileSystem } from "../files/file-system.js";
import type { WasiContext } from "./wasi-context.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A file system, and a path in it. */
export interface Place {
  readonly files: FileSystem;
  readonly path: string;
}

/**
 * What a plugin means by a directory and a path that starts there: the bytes at `pointer`.
 *
 * @throws FileError
 */
export function placeOf(
  { memory, descriptors }: Pick<WasiContext, "memory" | "descriptors">,
  fd: number,
  pointer: number,
  length: number,
): Place {
  const { files, path } = descriptors.directory(fd);
  return { files, path: resolvePath(path, memory.slice(pointer, length)) };
}

/**
 * The path that a plugin means, from the root of the file system: `directory` and the bytes of a path that starts there.
 *
 * @throws FileError ENOTCAPABLE if it leads out of the directory
 */
export function resolvePath(directory: string, bytes: Uint8Array): string {
  const path = textOf(bytes);
  if (path === "") throw new FileError("ENOENT", path);
  if (path.includes("\0")) throw new FileError("EINVAL", path);
  if (path.startsWith("/")) throw new FileError("ENOTCAPABLE", path);
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) throw new FileError("ENOTCAPABLE", path);
  }
  return [...(directory === "" ? [] : [directory]), ...names].join("/");
}

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FileError("EINVAL", "");
  }
}

/** Whether a path of the load options can be one where a plugin sees files: `/data`, `.`. */
export function isMountPath(path: string): boolean {
  return path === "." || /^\/($|[^/\0]+(\/[^/\0]+)*$)/.test(path);
}
