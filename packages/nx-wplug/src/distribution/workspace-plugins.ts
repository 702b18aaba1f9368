import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { CONFIG_FILE, parseWplugConfig, type WplugConfig } from "../config/wplug-config";

/** The file with the digests of a workspace, in its root. */
export const LOCKFILE = "wplug-lock.json";

/** A project by its wplug.json. */
export interface FoundProject {
  /** Absolute, or relative like the folder that was searched. */
  readonly folder: string;
  readonly config: WplugConfig;
}

export function isRegistrySource(source: string): boolean {
  return source.startsWith("oci://");
}

/** The wplug projects in a folder, without asking Nx, which need not be there. */
export function findProjects(root: string): FoundProject[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const here = entries
    .filter((entry) => entry.isFile() && entry.name === CONFIG_FILE)
    .map(({ name }) => join(root, name))
    .map((path) => ({
      folder: dirname(path),
      config: parseWplugConfig(readFileSync(path, "utf8"), path),
    }));
  const below = entries
    .filter(({ name }) => !name.startsWith(".") && !["node_modules", "dist", "tmp"].includes(name))
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => findProjects(join(root, name)));
  return [...here, ...below];
}

/** The plugins of registries that projects in a folder name, sorted. */
export function registrySources(root: string): string[] {
  const sources = findProjects(root).flatMap(({ config }) =>
    "plugins" in config ? config.plugins.filter(isRegistrySource) : [],
  );
  return [...new Set(sources)].sort();
}
