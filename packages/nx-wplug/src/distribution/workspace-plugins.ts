import { findProjects } from "../config/find-projects";

/** The file with the digests of a workspace, in its root. */
export const LOCKFILE = "wplug-lock.json";

export function isRegistrySource(source: string): boolean {
  return source.startsWith("oci://");
}

/** The plugins of registries that projects in a folder name, sorted. */
export function registrySources(root: string): string[] {
  const sources = findProjects(root).flatMap(({ config }) =>
    "plugins" in config ? config.plugins.filter(isRegistrySource) : [],
  );
  return [...new Set(sources)].sort();
}
