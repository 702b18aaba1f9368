import type { KeyObject } from "node:crypto";

import { readJson, type Descriptor } from "./artifact.js";
import { isSignatureOf, PREDICATE_TYPE, signManifest } from "./bundle.js";
import { digestOf, isDigest, type Digest } from "./digest.js";
import { BUNDLE, BUNDLE_PREFIX, EMPTY_CONFIG, INDEX, MANIFEST } from "./media-types.js";
import { referrersTag, type RegistryRepository } from "./registry.js";
import { fetchSimpleSignatures, isSimpleSignatureOf } from "./simple-signing.js";

/** Most bytes of a bundle. */
const BUNDLE_MAX = 1 << 20;
/** Most bundles of one plugin that are looked at. */
const BUNDLES_MAX = 50;

/** The bundles of a manifest in a registry, and what cosign made before there were bundles. Nothing of them is checked. */
export async function fetchBundles(
  repository: RegistryRepository,
  manifest: Digest,
): Promise<string[]> {
  const referrers = await repository.referrers(manifest);
  const bundles: string[] = [];
  const isBundle = ({ artifactType }: Descriptor) => artifactType?.startsWith(BUNDLE_PREFIX);
  for (const { digest } of referrers.filter(isBundle).slice(0, BUNDLES_MAX)) {
    const { bytes } = await repository.manifest(digest);
    const { layers } = readJson(repository.label, bytes);
    const [layer] = (Array.isArray(layers) ? layers : []) as (Partial<Descriptor> | null)[];
    const { digest: blob, size = BUNDLE_MAX } = layer ?? {};
    if (!isDigest(blob) || !(size < BUNDLE_MAX)) continue;
    bundles.push(Buffer.from(await repository.blob({ digest: blob, size })).toString());
  }
  return [...bundles, ...(await fetchSimpleSignatures(repository, manifest, BUNDLES_MAX))];
}

export function hasSignature(
  manifest: Digest,
  bundles: readonly string[],
  keys: readonly KeyObject[],
): boolean {
  return bundles.some(
    (it) => isSignatureOf(manifest, it, keys) || isSimpleSignatureOf(manifest, it, keys),
  );
}

/**
 * Signs a manifest that is in the registry, and puts the signature beside it, where `cosign verify --key` finds it.
 *
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
 */
export async function pushSignature(
  repository: RegistryRepository,
  subject: Pick<Descriptor, "digest" | "size">,
  key: KeyObject,
): Promise<void> {
  const bundle = Buffer.from(signManifest(subject.digest, key));
  const empty = Buffer.from("{}");
  await repository.pushBlob(empty);
  await repository.pushBlob(bundle);
  const annotations = {
    "dev.sigstore.bundle.content": "dsse-envelope",
    "dev.sigstore.bundle.predicateType": PREDICATE_TYPE,
  };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: BUNDLE,
      config: { mediaType: EMPTY_CONFIG, digest: digestOf(empty), size: empty.length },
      layers: [{ mediaType: BUNDLE, digest: digestOf(bundle), size: bundle.length }],
      subject: { mediaType: MANIFEST, digest: subject.digest, size: subject.size },
      annotations,
    }),
  );
  const digest = digestOf(manifest);
  const { knowsSubject } = await repository.pushManifest(digest, manifest);
  if (knowsSubject) return;
  await addReferrer(repository, subject.digest, manifest);
}

/** Lists what refers to a manifest, for a registry that keeps no such list itself: who pushes does, under a tag. */
export async function addReferrer(
  repository: RegistryRepository,
  subject: Digest,
  referrer: Uint8Array,
): Promise<void> {
  const tag = referrersTag(subject);
  const last = await repository.findManifest(tag);
  const listed = last && readJson(repository.label, last.bytes)["manifests"];
  const others = (Array.isArray(listed) ? listed : []) as Descriptor[];
  const { artifactType, annotations } = readJson(repository.label, referrer);
  const digest = digestOf(referrer);
  const entry = { mediaType: MANIFEST, digest, size: referrer.length, artifactType, annotations };
  const manifests = [...others.filter((it) => it.digest !== digest), entry];
  const index = { schemaVersion: 2, mediaType: INDEX, manifests };
  await repository.pushManifest(tag, Buffer.from(JSON.stringify(index)), INDEX);
}
