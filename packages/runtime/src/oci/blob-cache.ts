import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { reasonOf } from "../errors/reason-of.js";
import { digestOf, type Digest } from "./digest.js";
import { blobPath, writeWhole } from "./layout-files.js";
import { RegistryError } from "./registry-error.js";

/** The user's folder for caches, by the customs of the system. */
export function defaultCacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = env;
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== "") {
    return join(XDG_CACHE_HOME, "wplug/oci");
  }
  if (platform === "win32" && LOCALAPPDATA !== undefined) return join(LOCALAPPDATA, "wplug/oci");
  return join(homedir(), platform === "darwin" ? "Library/Caches" : ".cache", "wplug/oci");
}

/**
 * Files by the digest of their content, in the folders of an OCI image layout. Any number of processes may use one: a file is
 * there as a whole or not at all, and what was read is hashed each time, as others may have written it.
 */
export class BlobCache {
  constructor(private readonly folder: string) {}

  /** @returns undefined if it is not there, or not what it should be */
  async get(digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = await this.read(blobPath(this.folder, digest));
    return bytes !== undefined && digestOf(bytes) === digest ? bytes : undefined;
  }

  /**
   * Like `get`, for a file of some hundred bytes: to read it at once takes less time than to hand it to another thread, and a
   * warm load is little more than its reads.
   */
  getManifest(digest: Digest): Uint8Array | undefined {
    try {
      const bytes = readFileSync(blobPath(this.folder, digest));
      return digestOf(bytes) === digest ? bytes : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws RegistryError if there is no room for it */
  async put(digest: Digest, bytes: Uint8Array): Promise<void> {
    await this.write(blobPath(this.folder, digest), bytes);
  }

  /** Bundles of signatures of a manifest, which nobody has checked. */
  async getBundles(manifest: Digest): Promise<readonly string[]> {
    const bytes = await this.read(this.bundlesPath(manifest));
    if (bytes === undefined) return [];
    try {
      const bundles: unknown = JSON.parse(Buffer.from(bytes).toString());
      return Array.isArray(bundles) ? bundles.filter((it) => typeof it === "string") : [];
    } catch {
      return [];
    }
  }

  async putBundles(manifest: Digest, bundles: readonly string[]): Promise<void> {
    await this.write(this.bundlesPath(manifest), Buffer.from(JSON.stringify(bundles)));
  }

  private bundlesPath(digest: Digest): string {
    return join(this.folder, "bundles/sha256", `${digest.slice("sha256:".length)}.json`);
  }

  private async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(path);
    } catch {
      // Whatever is wrong with it, the registry has it.
      return undefined;
    }
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    try {
      await writeWhole(path, bytes, { folder: 0o700, file: 0o600 });
    } catch (error) {
      const { code } = error as { code?: unknown };
      // Others may fill it, and this process may only read.
      if (code === "EROFS" || code === "EACCES" || code === "EPERM") return;
      const reason = code === "ENOSPC" ? "the disk is full" : reasonOf(error);
      throw new RegistryError(
        `can't write to the cache ${this.folder}: ${reason}; make room, or set oci.cache to another folder, or to false`,
        { cause: error },
      );
    }
  }
}
