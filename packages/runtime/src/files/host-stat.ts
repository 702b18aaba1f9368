import type { BigIntStats } from "node:fs";
import type { FileType } from "./file-system.js";

/** What Node says that a name of the host stands for. */
export function typeOf(
  entry: Pick<BigIntStats, "isFile" | "isDirectory" | "isSymbolicLink">,
): FileType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}

/** What a file of the host is known by, whatever its names are. */
export function keyOf({ dev, ino }: Pick<BigIntStats, "dev" | "ino">): string {
  return `${dev}:${ino}`;
}
