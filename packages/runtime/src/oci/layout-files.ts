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
    await mkdir(dirname(path), { recursive: true, mode: modes.folder });
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
