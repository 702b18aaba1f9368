import { RegistryError } from "../oci/registry-error.js";
import { parseRepository } from "../oci/reference.js";
import { RegistryRepository, type RegistryOptions } from "../oci/registry.js";
import { resolvePlugin, type ResolvedPlugin } from "./resolve-plugin.js";

/** A tag of a repository. */
export interface FoundPlugin {
  readonly tag: string;
  /** undefined if it is no plugin: a signature, an image. */
  readonly plugin: ResolvedPlugin | undefined;
}

/** How many manifests are fetched at a time. */
const AT_ONCE = 8;

/**
 * The tags of a repository with what they stand for, in the registry's order.
 *
 * @param text `oci://ghcr.io/acme/greeter`
 * @throws RegistryError
 */
export async function searchPlugins(
  text: string,
  options: RegistryOptions = {},
): Promise<FoundPlugin[]> {
  const repository = parseRepository(text);
  const tags = await new RegistryRepository(repository, options).tags();
  const found: FoundPlugin[] = [];
  for (let start = 0; start < tags.length; start += AT_ONCE) {
    const some = tags.slice(start, start + AT_ONCE);
    found.push(...(await Promise.all(some.map((tag) => find(`${text}:${tag}`, tag, options)))));
  }
  return found;
}

async function find(text: string, tag: string, options: RegistryOptions): Promise<FoundPlugin> {
  try {
    return { tag, plugin: await resolvePlugin(text, options) };
  } catch (error) {
    // What can't be had is an error; what is there and is no plugin has no status.
    const isOther = error instanceof RegistryError && error.status === undefined;
    if (isOther && !/can't reach|nothing came/.test(error.message))
      return { tag, plugin: undefined };
    throw error;
  }
}
