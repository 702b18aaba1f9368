import type { KeyObject } from "node:crypto";

import { inspect } from "../module/inspect.js";
import type { OciOptions } from "../options/oci-options.js";
import { createArtifact, type ArtifactLayout } from "../oci/artifact.js";
import type { Digest } from "../oci/digest.js";
import { parseReference } from "../oci/reference.js";
import { RegistryError } from "../oci/registry-error.js";
import { RegistryRepository, type RegistryOptions } from "../oci/registry.js";
import { pushSignature } from "../oci/signatures.js";
import { annotationsFor, VERSION } from "./plugin-annotations.js";

export interface PushOptions extends RegistryOptions, Pick<OciOptions, "onProgress"> {
  /** File name of the plugin, for tools that write one. */
  readonly title: string;
  readonly layout?: ArtifactLayout | undefined;
  /** Annotations beside those that wplug gives. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Version of the plugin. */
  readonly version?: string | undefined;
  /** Whether a tag that is there with another digest is moved. */
  readonly force?: boolean | undefined;
  /** Signs the plugin as `cosign sign --key` does. */
  readonly signKey?: KeyObject | undefined;
  /** Looks, and writes nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface PushedPlugin {
  /** By digest: `oci://ghcr.io/acme/greeter@sha256:…`. */
  readonly reference: string;
  readonly tag: string;
  readonly manifest: Digest;
  readonly layer: Digest;
  /** Bytes of the plugin. */
  readonly size: number;
  /** Whether the tag was there already, with this digest. */
  readonly existed: boolean;
}

/**
 * Puts a plugin into a registry, under a tag.
 *
 * @throws PluginLoadError if it is no WebAssembly; RegistryError, also if the tag is there with another digest
 */
export async function pushPlugin(
  text: string,
  wasm: Uint8Array,
  options: PushOptions,
): Promise<PushedPlugin> {
  const { tag, digest: named, host, name } = parseReference(text);
  if (tag === undefined || named !== undefined) {
    throw new RegistryError(`${text}: a plugin is pushed under a tag (:1.2), and not by a digest`);
  }
  const { title, layout, version, force = false, signKey, dryRun = false } = options;
  const { manifest, digest, ...artifact } = createArtifact(wasm, {
    title,
    layout,
    annotations: {
      ...annotationsFor(await inspect(wasm), wasm.length),
      ...(version === undefined ? {} : { [VERSION]: version }),
      ...options.annotations,
    },
  });
  const repository = new RegistryRepository({ host, name }, options);
  const found = await repository.findManifest(tag, "push");
  if (found !== undefined && found.digest !== digest && !force) {
    throw new RegistryError(
      `${text} is there already, with another digest (${found.digest}): push another version, or move the tag with --force`,
    );
  }
  if (!dryRun) {
    await repository.pushArtifact(tag, { manifest, digest, ...artifact }, options.onProgress);
    if (signKey !== undefined) {
      await pushSignature(repository, { digest, size: manifest.length }, signKey);
    }
  }
  return {
    reference: `oci://${host}/${name}@${digest}`,
    tag,
    manifest: digest,
    layer: artifact.layerDigest,
    size: wasm.length,
    existed: found?.digest === digest,
  };
}
