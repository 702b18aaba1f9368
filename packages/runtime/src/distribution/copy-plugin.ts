import { readJson, readManifest, type Descriptor } from "../oci/artifact.js";
import type { OciOptions } from "../options/oci-options.js";
import { digestOf, type Digest } from "../oci/digest.js";
import { BUNDLE_PREFIX, MANIFEST } from "../oci/media-types.js";
import { isReference, parseReference } from "../oci/reference.js";
import { RegistryError } from "../oci/registry-error.js";
import { RegistryRepository, type FetchedManifest, type RegistryOptions } from "../oci/registry.js";
import { addReferrer } from "../oci/signatures.js";
import { simpleSigningTag } from "../oci/simple-signing.js";
import { ImageLayout } from "./image-layout.js";

export interface CopyOptions extends RegistryOptions, Pick<OciOptions, "onProgress"> {
  /** Whether a tag that is there with another digest is moved. */
  readonly force?: boolean | undefined;
}

export interface CopiedPlugin {
  readonly manifest: Digest;
  /** How many signatures came along. */
  readonly signatures: number;
}

/** A registry's repository, or a folder. */
interface Store {
  findManifest(reference: string): Promise<FetchedManifest | undefined>;
  /** @throws RegistryError if it is not there */
  manifest(reference: string): Promise<FetchedManifest>;
  blob(descriptor: Descriptor, onProgress?: OciOptions["onProgress"]): Promise<Uint8Array>;
  pushBlob(
    bytes: Uint8Array,
    from?: undefined,
    onProgress?: OciOptions["onProgress"],
  ): Promise<unknown>;
  pushManifest(
    reference: string,
    bytes: Uint8Array,
    mediaType: string,
  ): Promise<{ readonly digest: Digest; readonly knowsSubject: boolean }>;
  referrers(digest: Digest): Promise<Descriptor[]>;
}

interface Place {
  readonly store: Store;
  /** A tag or a digest; "" for whatever is there. */
  readonly reference: string;
  readonly repository: RegistryRepository | undefined;
}

/**
 * Copies a plugin, with its signatures, as it is: its digest stays.
 *
 * @param from `oci://…`, or the folder of an image layout: `./plugins:1.2`
 * @param to likewise
 * @throws RegistryError
 */
export async function copyPlugin(
  from: string,
  to: string,
  options: CopyOptions = {},
): Promise<CopiedPlugin> {
  const source = placeOf(from, options);
  const target = placeOf(to, options);
  const { digest, bytes } = await source.store.manifest(source.reference);
  // It has to be a plugin.
  const { config, layer } = readManifest(from, bytes);
  const reference = target.reference || source.reference || digest;
  const last = await target.store.findManifest(reference);
  if (last !== undefined && last.digest !== digest && options.force !== true) {
    throw new RegistryError(
      `${to} is there already, with another digest (${last.digest}): copy to another tag, or move it with --force`,
    );
  }
  const { onProgress } = options;
  await target.store.pushBlob(await source.store.blob(layer, onProgress), undefined, onProgress);
  if (config !== undefined) await target.store.pushBlob(await source.store.blob(config));
  await target.store.pushManifest(reference, bytes, MANIFEST);
  const signatures = (await source.store.referrers(digest)).filter(({ artifactType }) =>
    artifactType?.startsWith(BUNDLE_PREFIX),
  );
  for (const signature of signatures) await copySignature(signature, digest, source, target);
  const old = await copySimpleSignatures(digest, source.store, target.store, options);
  return { manifest: digest, signatures: signatures.length + old };
}

/** Those that cosign made until version 3, all in one manifest. */
async function copySimpleSignatures(
  subject: Digest,
  source: Store,
  target: Store,
  { force = false }: CopyOptions,
): Promise<number> {
  const tag = simpleSigningTag(subject);
  const found = await source.findManifest(tag);
  const last = await target.findManifest(tag);
  // Others may have signed it there.
  const isKept = last !== undefined && last.digest !== found?.digest && !force;
  if (found === undefined || isKept) return 0;
  const { mediaType, layers } = readJson(tag, found.bytes);
  await copyBlobs(tag, found, source, target);
  await target.pushManifest(tag, found.bytes, typeof mediaType === "string" ? mediaType : MANIFEST);
  return Array.isArray(layers) ? layers.length : 0;
}

/** What a manifest of signatures consists of. */
async function copyBlobs(
  label: string,
  { bytes }: FetchedManifest,
  source: Store,
  target: Store,
): Promise<void> {
  const { config, layers } = readJson(label, bytes);
  const blobs = [config, ...(Array.isArray(layers) ? (layers as unknown[]) : [])];
  for (const blob of blobs) await target.pushBlob(await source.blob(blob as Descriptor));
}

async function copySignature(
  { digest }: Descriptor,
  subject: Digest,
  source: Place,
  { store, repository }: Place,
): Promise<void> {
  const found = await source.store.findManifest(digest);
  if (found === undefined) return;
  await copyBlobs(digest, found, source.store, store);
  const pushed = await store.pushManifest(digestOf(found.bytes), found.bytes, MANIFEST);
  if (!pushed.knowsSubject && repository !== undefined) {
    await addReferrer(repository, subject, found.bytes);
  }
}

function placeOf(text: string, options: RegistryOptions): Place {
  if (isReference(text)) {
    const { host, name, tag, digest } = parseReference(text);
    const repository = new RegistryRepository({ host, name }, options);
    return { store: repository, reference: digest ?? tag ?? "", repository };
  }
  // A drive of Windows has a colon, too.
  const [, folder = text, reference = ""] = /^(.{2,}):([\w][\w.-]{0,127})$/.exec(text) ?? [];
  return { store: new ImageLayout(folder), reference, repository: undefined };
}
