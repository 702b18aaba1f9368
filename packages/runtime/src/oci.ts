/**
 * Plugins in OCI registries: `@wplug/runtime/oci`, in Node. `load("oci://…")` needs nothing of it; it is for tools that push,
 * lock and look.
 *
 * @module
 */

export {
  createArtifact,
  readManifest,
  type Artifact,
  type ArtifactLayout,
  type ArtifactOptions,
  type Descriptor,
  type Manifest,
} from "./oci/artifact.js";
export { readPrivateKey, readPublicKey } from "./oci/bundle.js";
export { digestOf, isDigest, type Digest } from "./oci/digest.js";
export { defaultCacheFolder } from "./oci/blob-cache.js";
export {
  formatLockfile,
  parseLockfile,
  readLockfile,
  type LockedPlugin,
  type Lockfile,
} from "./oci/lockfile.js";
export { pullPlugin, type PulledPlugin } from "./oci/pull-plugin.js";
export { inspect, type ModulePart, type PluginInspection } from "./module/inspect.js";
export type { Producer } from "./module/producers.js";
export { PluginModule } from "./module/plugin-module.js";
export { isReference, parseReference, parseRepository } from "./oci/reference.js";
export type { Reference, Repository } from "./oci/reference.js";
export { RegistryError, type RegistryErrorDetails } from "./oci/registry-error.js";
export {
  RegistryRepository,
  type FetchedManifest,
  type PushedBlob,
  type RegistryOptions,
} from "./oci/registry.js";
export { fetchBundles, pushSignature } from "./oci/signatures.js";
export { copyPlugin, type CopiedPlugin, type CopyOptions } from "./distribution/copy-plugin.js";
export type { DescribedPlugin } from "./distribution/plugin-annotations.js";
export { pushPlugin, type PushedPlugin, type PushOptions } from "./distribution/push-plugin.js";
export { resolvePlugin, type ResolvedPlugin } from "./distribution/resolve-plugin.js";
export { searchPlugins, type FoundPlugin } from "./distribution/search-plugins.js";
export type {
  OciOptions,
  RegistryCredentials,
  SignedPlugin,
  VerifyOptions,
} from "./options/oci-options.js";
