import { readManifest } from "../oci/artifact.js";
import type { LockedPlugin } from "../oci/lockfile.js";
import { parseReference } from "../oci/reference.js";
import { RegistryRepository, type RegistryOptions } from "../oci/registry.js";
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
  const { host, name, tag = "", digest } = parseReference(text);
  const repository = new RegistryRepository({ host, name }, options);
  const found = await repository.manifest(digest ?? tag);
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
