import { readManifest } from "../oci/artifact.js";
import type { LockedPlugin } from "../oci/lockfile.js";
import { parseReference, type Repository } from "../oci/reference.js";
import { RegistryRepository, type FetchedManifest, type RegistryOptions } from "../oci/registry.js";
import { describedBy, type DescribedPlugin } from "./plugin-annotations.js";

/** What a reference stands for in its registry now. */
export interface ResolvedPlugin extends LockedPlugin, DescribedPlugin {
  /** By digest: `oci://ghcr.io/acme/greeter@sha256:…`. */
  readonly reference: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** @throws RegistryError also if it is no plugin */
export async function resolvePlugin(
  text: string,
  options: RegistryOptions = {},
): Promise<ResolvedPlugin> {
  const reference = parseReference(text);
  const { tag = "", digest } = reference;
  const found = await new RegistryRepository(reference, options).manifest(digest ?? tag);
  return describe(reference, found);
}

/** @throws RegistryError if it is no plugin */
export function describe({ text, host, name }: Repository, found: FetchedManifest): ResolvedPlugin {
  const { layer, annotations } = readManifest(text, found.bytes);
  return {
    reference: `oci://${host}/${name}@${found.digest}`,
    manifest: found.digest,
    layer: layer.digest,
    size: layer.size,
    annotations,
    ...describedBy(annotations),
  };
}
