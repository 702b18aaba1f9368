import type { KeyObject } from "node:crypto";

import { isObject, readJson, type Descriptor } from "./artifact.js";
import { isSignedBy } from "./bundle.js";
import { isDigest, type Digest } from "./digest.js";
import { SIMPLE_SIGNING } from "./media-types.js";
import { referrersTag, type RegistryRepository } from "./registry.js";

/** Annotation of a layer, the payload, with its signature: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
const SIGNATURE = "dev.cosignproject.cosign/signature";
const TYPE = "cosign container image signature";
/** How the JSON of this file begins, in which bundles are something else. */
const START = `{"mediaType":"${SIMPLE_SIGNING}"`;
/** Most bytes of a payload. */
const PAYLOAD_MAX = 1 << 20;

/** A tag under which cosign kept the signatures of a manifest until version 3. */
export function simpleSigningTag(manifest: Digest): string {
  return `${referrersTag(manifest)}.sig`;
}

/**
 * The signatures that cosign makes until version 3: a payload each, with its signature, as JSON, so that they can be kept like bundles.
 * Nothing of them is checked.
 *
 * @param most how many are looked at
 */
export async function fetchSimpleSignatures(
  repository: RegistryRepository,
  manifest: Digest,
  most: number,
): Promise<string[]> {
  const found = await repository.findManifest(simpleSigningTag(manifest));
  if (found === undefined) return [];
  const { layers } = readJson(repository.label, found.bytes);
  const signatures: string[] = [];
  for (const layer of ((Array.isArray(layers) ? layers : []) as unknown[]).slice(0, most)) {
    if (!isObject(layer) || layer["mediaType"] !== SIMPLE_SIGNING) continue;
    const { digest, size, annotations } = layer as Partial<Descriptor>;
    const signature = annotations?.[SIGNATURE];
    if (!isDigest(digest) || !(Number(size) < PAYLOAD_MAX) || typeof signature !== "string")
      continue;
    const payload = await repository.blob({ digest, size: Number(size) });
    const text = Buffer.from(payload).toString("base64");
    signatures.push(JSON.stringify({ mediaType: SIMPLE_SIGNING, payload: text, signature }));
  }
  return signatures;
}

/** Whether it is one of those, and not a bundle. */
export function isSimpleSigning(text: string): boolean {
  return text.startsWith(START);
}

/** Whether it is a signature of a manifest by one of the keys, and not a bundle, or anything else. */
export function isSimpleSignatureOf(
  manifest: Digest,
  text: string,
  keys: readonly KeyObject[],
): boolean {
  try {
    if (!isSimpleSigning(text)) return false;
    const json = JSON.parse(text) as Record<string, unknown>;
    const payload = Buffer.from(json["payload"] as string, "base64");
    // Before anything of the payload is believed.
    if (!isSignedBy(keys, payload, json["signature"] as string)) return false;
    const { critical } = JSON.parse(payload.toString()) as { critical: Record<string, unknown> };
    const { type, image } = critical;
    return type === TYPE && isObject(image) && image["docker-manifest-digest"] === manifest;
  } catch {
    return false;
  }
}
