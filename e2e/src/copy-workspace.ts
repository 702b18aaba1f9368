import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/** Copies a workspace to a folder of the same file system, without what Nx remembers. */
export function copyWorkspace(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name === ".nx") continue;
    if (name === "node_modules") linkPackages(join(from, name), join(to, name));
    else cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
  }
}

/**
 * The same node_modules again. The files of the packages, 400 MB, are links to the same files: they may be deleted or
 * replaced in either folder, as npm does, and not written. What npm notes beside the packages, and writes, is copied.
 */
export function linkPackages(from: string, to: string): void {
  linkFolder(from, to, copyFileSync);
}

function linkFolder(
  from: string,
  to: string,
  file: (from: string, to: string) => void = linkSync,
): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else file(source, target);
  }
}
