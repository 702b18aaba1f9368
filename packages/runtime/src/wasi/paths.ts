import { FileError } from "../files/file-system.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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
