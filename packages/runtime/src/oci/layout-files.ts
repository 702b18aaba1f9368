import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Digest } from "./digest.js";

/** Where an OCI image layout has a blob: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs */
export function blobPath(folder: string, digest: Digest): string {
  return join(folder, "blobs/sha256", digest.slice("sha256:".length));
}

/** Who may read what is written, as numbers of `chmod`. */
export interface Modes {
  readonly folder?: number;
  readonly file?: number;
}

/**
 * Writes a file, and the folders that it is in: it is there as a whole or not at all, whatever happens meanwhile and however many
 * processes write it.
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array,
  modes: Modes = {},
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await makeFolder(dirname(path), modes.folder);
    const file = await open(temporary, "wx", modes.file);
    try {
      await file.writeFile(bytes);
      // Else the name may be on the disk before the content.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Makes a folder, and those that it is in. The option `recursive` of mkdir does not end where a folder is there and none can be
 * made in it, as in /proc.
 */
async function makeFolder(path: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(path, { mode });
    return;
  } catch (error) {
    const { code } = error as { code?: unknown };
    // What it is if it is no folder, whoever opens a file in it is told.
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
  }
  await makeFolder(dirname(path), mode);
  await mkdir(path, { mode }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
  });
}
