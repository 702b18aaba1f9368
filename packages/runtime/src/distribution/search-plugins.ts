import { RegistryError } from "../oci/registry-error.js";
import { parseRepository, type Repository } from "../oci/reference.js";
import {
  RegistryRepository,
  isSignatureTag,
  type FetchedManifest,
  type RegistryOptions,
} from "../oci/registry.js";
import { describe, type ResolvedPlugin } from "./resolve-plugin.js";

/** A tag of a repository. */
export interface FoundPlugin {
  readonly tag: string;
  /** undefined if it is no plugin: an image, say. */
  readonly plugin: ResolvedPlugin | undefined;
}

/** How many manifests are fetched at a time. */
const AT_ONCE = 8;

/**
 * The tags of a repository with what they stand for, in the registry's order, without those of signatures.
 *
 * @param text `oci://ghcr.io/acme/greeter`
 * @throws RegistryError
 */
export async function searchPlugins(
  text: string,
  options: RegistryOptions = {},
): Promise<FoundPlugin[]> {
  const repository = parseRepository(text);
  const registry = new RegistryRepository(repository, options);
  const tags = (await registry.tags()).filter((tag) => !isSignatureTag(tag));
  const found: FoundPlugin[] = [];
  for (let start = 0; start < tags.length; start += AT_ONCE) {
    const some = tags.slice(start, start + AT_ONCE);
    const manifests = await Promise.all(some.map((tag) => registry.findManifest(tag)));
    found.push(...manifests.map((it, i) => ({ tag: some[i] ?? "", plugin: find(repository, it) })));
  }
  return found;
}

function find(
  repository: Repository,
  manifest: FetchedManifest | undefined,
): ResolvedPlugin | undefined {
  try {
    return manifest && describe(repository, manifest);
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}
