import { readFile } from "node:fs/promises";

import { reasonOf } from "../errors/reason-of.js";
import { isObject } from "./artifact.js";
import { isDigest, type Digest } from "./digest.js";
import { RegistryError } from "./registry-error.js";

/** What a reference stands for. */
export interface LockedPlugin {
  readonly manifest: Digest;
  readonly layer: Digest;
  /** Bytes of the plugin. */
  readonly size: number;
}

/** By references as they are given to `load`. */
export type Lockfile = ReadonlyMap<string, LockedPlugin>;

/**
 * @returns undefined if there is no such file
 * @throws RegistryError if it is not a lockfile
 */
export async function readLockfile(path: string): Promise<Lockfile | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw new RegistryError(`can't read the lockfile ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return parseLockfile(text, path);
}

/**
 * @param path what errors call it
 * @throws RegistryError that names what is wrong
 */
export function parseLockfile(text: string, path: string): Lockfile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const hint = text.includes("<<<<<<<") ? " (a merge is not resolved: keep one side)" : "";
    throw new RegistryError(`${path} is not JSON: ${reasonOf(error)}${hint}`, { cause: error });
  }
  const { version, plugins } = isObject(json) ? json : {};
  if (version !== 1 || !isObject(plugins)) {
    const newer = typeof version === "number" && version > 1 ? ": a newer wplug wrote it" : "";
    throw new RegistryError(`${path} is not a lockfile of wplug that this version reads${newer}`);
  }
  return new Map(
    Object.entries(plugins).map(([reference, entry]) => {
      const { manifest, layer, size } = isObject(entry) ? entry : {};
      if (isDigest(manifest) && isDigest(layer) && Number.isSafeInteger(size)) {
        return [reference, { manifest, layer, size: size as number }];
      }
      throw new RegistryError(
        `${path}: the entry of ${JSON.stringify(reference)} needs "manifest", "layer" and "size": run wplug lock --update`,
      );
    }),
  );
}

/** The text of a lockfile: sorted, so that two who add different plugins can merge. */
export function formatLockfile(lockfile: Lockfile): string {
  const plugins = Object.fromEntries(
    [...lockfile]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([reference, { manifest, layer, size }]) => [reference, { manifest, layer, size }]),
  );
  return `${JSON.stringify({ version: 1, plugins }, null, 2)}\n`;
}
