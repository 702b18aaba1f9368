import type { KeyObject } from "node:crypto";
import { isAbsolute, resolve } from "node:path";

import type { OciOptions } from "../options/oci-options.js";
import { readManifest, type Manifest } from "./artifact.js";
import { BlobCache, defaultCacheFolder } from "./blob-cache.js";
import { readPublicKey } from "./bundle.js";
import { checkOciOptions } from "./check-oci-options.js";
import type { Digest } from "./digest.js";
import { readLockfile, type LockedPlugin } from "./lockfile.js";
import { keysOfPolicy } from "./policy.js";
import { parseReference, type Reference } from "./reference.js";
import { RegistryError } from "./registry-error.js";
import { RegistryRepository, type FetchedManifest } from "./registry.js";
import { fetchBundles, hasSignature } from "./signatures.js";
import { isSimpleSigning } from "./simple-signing.js";

/** A plugin from a registry. Its bytes are those that its digest says. */
export interface PulledPlugin {
  /** The reference that it was asked for by. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Digest of its manifest: `sha256:…`. */
  readonly manifest: Digest;
  /** Digest of its bytes. */
  readonly layer: Digest;
  readonly annotations: Readonly<Record<string, string>>;
}

const MAX_SIZE = 256 << 20;

/** Pulls that are under way, by what they were asked for. */
const underWay = new Map<string, Promise<PulledPlugin>>();

/**
 * Gets a plugin from the cache or a registry, as the options allow. Pulls of the same plugin at the same time are one.
 *
 * @throws RegistryError
 */
export function pullPlugin(text: string, options: OciOptions = {}): Promise<PulledPlugin> {
  const key = keyOf(text, options);
  let pull = underWay.get(key);
  if (pull === undefined) {
    pull = pullOnce(text, options).finally(() => underWay.delete(key));
    underWay.set(key, pull);
  }
  return pull;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** Functions are the same if they are the same object. */
function keyOf(text: string, options: OciOptions): string {
  const whole: OciOptions = { ...options };
  return JSON.stringify([text, process.cwd(), whole], (_, value: unknown) => {
    if (typeof value !== "function") return value;
    let identity = identities.get(value);
    if (identity === undefined) identities.set(value, (identity = ++lastIdentity));
    return { identity };
  });
}

async function pullOnce(text: string, options: OciOptions): Promise<PulledPlugin> {
  checkOciOptions(options);
  const reference = parseReference(text);
  const keys = await requiredKeys(reference, options);
  const locked = await lockedPlugin(reference, options);
  const pull = new Pull(reference, options);
  const { digest, bytes } = await pull.manifest(pinnedDigest(reference, locked, options));
  const manifest = readManifest(reference.text, bytes);
  checkLayer(reference, manifest, locked, options);
  await pull.verify(digest, manifest, keys);
  return {
    name: reference.text,
    bytes: await pull.layer(manifest),
    manifest: digest,
    layer: manifest.layer.digest,
    annotations: manifest.annotations,
  };
}

/** Lists of keys, of each of which one must have signed the plugin. */
async function requiredKeys(
  reference: Reference,
  { verify, policy }: OciOptions,
): Promise<(readonly KeyObject[])[]> {
  const { key } = verify ?? {};
  const given = key === undefined ? undefined : [key].flat();
  return [
    given?.map((pem) => readPublicKey(pem, "oci.verify.key")),
    policy === undefined ? undefined : await keysOfPolicy(policy, reference),
  ].filter((keys) => keys !== undefined);
}

async function lockedPlugin(
  { text, digest }: Reference,
  { lock }: OciOptions,
): Promise<LockedPlugin | undefined> {
  if (lock === undefined) return undefined;
  const lockfile = await readLockfile(lock);
  const locked = lockfile?.get(text);
  if (locked !== undefined || digest !== undefined) return locked;
  const problem = lockfile === undefined ? `there is no lockfile ${lock}` : `it is not in ${lock}`;
  throw new RegistryError(`${text} is not pinned, ${problem}: run wplug lock ${text}`);
}

function pinnedDigest(
  { text, digest }: Reference,
  locked: LockedPlugin | undefined,
  { lock, unpinned = false }: OciOptions,
): Digest | undefined {
  if (locked !== undefined && digest !== undefined && locked.manifest !== digest) {
    throw new RegistryError(`${text}: ${lock} says that it is ${locked.manifest}`);
  }
  const pinned = digest ?? locked?.manifest;
  if (pinned !== undefined || unpinned) return pinned;
  throw new RegistryError(
    `${text} is not pinned: run wplug lock and load it with oci.lock, or add @sha256:…`,
  );
}

function checkLayer(
  { text }: Reference,
  { layer }: Manifest,
  locked: LockedPlugin | undefined,
  { lock, maxSize = MAX_SIZE }: OciOptions,
): void {
  if (locked !== undefined && (layer.digest !== locked.layer || layer.size !== locked.size)) {
    throw new RegistryError(
      `${text}: its plugin is ${layer.digest} with ${layer.size} bytes, but ${lock} says ${locked.layer} with ${locked.size}: run wplug lock --update if that is right`,
    );
  }
  if (layer.size < 0 || layer.size > maxSize) {
    throw new RegistryError(
      `${text} has ${layer.size} bytes, more than oci.maxSize allows: ${maxSize}`,
    );
  }
}

/** One plugin on its way from a registry, or the cache, which is asked first. */
class Pull {
  private readonly cache: BlobCache | undefined;
  private made: RegistryRepository | undefined;

  constructor(
    private readonly reference: Reference,
    private readonly options: OciOptions,
  ) {
    const { cache = defaultCacheFolder() } = options;
    if (cache !== false) this.cache = new BlobCache(isAbsolute(cache) ? cache : resolve(cache));
  }

  /** Made when it is needed: not where all is in the cache. */
  private get repository(): RegistryRepository {
    this.made ??= new RegistryRepository(this.reference, this.options);
    return this.made;
  }

  async manifest(digest: Digest | undefined): Promise<FetchedManifest> {
    const cached = digest && this.cache?.getManifest(digest);
    if (digest !== undefined && cached !== undefined) return { digest, bytes: cached };
    const { tag = "" } = this.reference;
    this.needsRegistry(digest === undefined ? "to resolve a tag" : `for ${digest}`);
    const fetched = await this.repository.manifest(digest ?? tag);
    await this.cache?.put(fetched.digest, fetched.bytes);
    return fetched;
  }

  async layer({ layer }: Manifest): Promise<Uint8Array> {
    const cached = await this.cache?.get(layer.digest);
    if (cached !== undefined) return cached;
    this.needsRegistry(`for ${layer.digest}`);
    const bytes = await this.repository.blob(layer, this.options.onProgress);
    await this.cache?.put(layer.digest, bytes);
    return bytes;
  }

  /** @throws RegistryError if the plugin is not signed as it has to be, or what the hook throws */
  async verify(
    digest: Digest,
    { layer, annotations }: Manifest,
    required: readonly (readonly KeyObject[])[],
  ): Promise<void> {
    const check = this.options.verify?.check;
    if (required.length === 0 && check === undefined) return;
    const isSigned = (bundles: readonly string[]): boolean =>
      required.every((keys) => hasSignature(digest, bundles, keys));
    let bundles = (await this.cache?.getBundles(digest)) ?? [];
    if ((bundles.length === 0 || !isSigned(bundles)) && this.options.offline !== true) {
      bundles = await fetchBundles(this.repository, digest);
      if (bundles.length > 0) await this.cache?.putBundles(digest, bundles);
    }
    const { text } = this.reference;
    if (!isSigned(bundles)) {
      const found = bundles.length === 0 ? "it has no signature" : "its signatures are of others";
      throw new RegistryError(
        `${text} (${digest}) is not signed with a key that is accepted: ${found}`,
      );
    }
    await check?.({
      reference: text,
      manifest: digest,
      layer: layer.digest,
      annotations,
      // What libraries of Sigstore take.
      bundles: bundles.filter((it) => !isSimpleSigning(it)),
    });
  }

  private needsRegistry(purpose: string): void {
    if (this.options.offline !== true) return;
    throw new RegistryError(
      `${this.reference.text}: the registry is needed ${purpose}, which is not in the cache, and oci.offline is set: load it once without, or run wplug pull`,
    );
  }
}
