import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { reasonOf } from "../errors/reason-of.js";
import { isObject, readJson, type Descriptor } from "../oci/artifact.js";
import { digestOf, isDigest, type Digest } from "../oci/digest.js";
import { blobPath, writeWhole } from "../oci/layout-files.js";
import { INDEX } from "../oci/media-types.js";
import { RegistryError } from "../oci/registry-error.js";
import { isSignatureTag, type FetchedManifest } from "../oci/registry.js";

const REF_NAME = "org.opencontainers.image.ref.name";

interface Entry extends Descriptor {
  readonly subject?: { readonly digest?: unknown };
}

/**
 * A folder with plugins, as `oras`, `skopeo` and `docker` read and write it, for machines that reach no registry.
 *
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export class ImageLayout {
  constructor(private readonly folder: string) {}

  /** @param reference a tag, or a digest; "" for the only one that there is */
  async findManifest(reference: string): Promise<FetchedManifest | undefined> {
    const entries = await this.entries();
    const named = entries.filter(({ annotations }) => {
      const tag = annotations?.[REF_NAME];
      return tag !== undefined && !isSignatureTag(tag);
    });
    const [only] = named.length > 0 ? named : entries;
    if (reference === "" && named.length > 1) {
      const names = named.map((it) => it.annotations?.[REF_NAME]).join(", ");
      throw new RegistryError(`${this.folder}: which one? Add one of its tags: ${names}`);
    }
    const entry =
      reference === ""
        ? only
        : entries.find((it) =>
            isDigest(reference)
              ? it.digest === reference
              : it.annotations?.[REF_NAME] === reference,
          );
    if (entry === undefined) return undefined;
    return { digest: entry.digest, bytes: await this.blob(entry) };
  }

  /** @throws RegistryError if there is none, with what there is */
  async manifest(reference: string): Promise<FetchedManifest> {
    const found = await this.findManifest(reference);
    if (found !== undefined) return found;
    const tags = (await this.entries())
      .flatMap((it) => it.annotations?.[REF_NAME] ?? [])
      .filter((tag) => !isSignatureTag(tag));
    throw new RegistryError(
      tags.length === 0
        ? `${this.folder} is no folder with plugins: wplug copy oci://… ${this.folder} makes one`
        : `${this.folder}: there is no ${reference}; its tags are ${tags.join(", ")}`,
    );
  }

  async blob({ digest }: Pick<Descriptor, "digest">): Promise<Uint8Array> {
    const path = blobPath(this.folder, digest);
    const bytes = await this.read(path);
    if (bytes === undefined) throw new RegistryError(`${this.folder} lacks ${digest}`);
    if (digestOf(bytes) === digest) return bytes;
    throw new RegistryError(`${path} is damaged: its content has the digest ${digestOf(bytes)}`);
  }

  async pushBlob(bytes: Uint8Array): Promise<void> {
    await this.write(blobPath(this.folder, digestOf(bytes)), bytes);
  }

  async pushManifest(
    reference: string,
    bytes: Uint8Array,
    mediaType: string,
  ): Promise<{ readonly digest: Digest; readonly knowsSubject: boolean }> {
    await this.pushBlob(bytes);
    const digest = digestOf(bytes);
    const { artifactType } = readJson(this.folder, bytes);
    const annotations = isDigest(reference) ? {} : { annotations: { [REF_NAME]: reference } };
    const entry = {
      mediaType,
      digest,
      size: bytes.length,
      ...(typeof artifactType === "string" ? { artifactType } : {}),
      ...annotations,
    };
    const others = (await this.entries()).filter(
      (it) => it.digest !== digest && it.annotations?.[REF_NAME] !== reference,
    );
    const manifests = [...others, entry];
    const index = { schemaVersion: 2, mediaType: INDEX, manifests };
    await this.write(
      join(this.folder, "oci-layout"),
      Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
    );
    await this.write(this.indexPath, Buffer.from(JSON.stringify(index)));
    return { digest, knowsSubject: true };
  }

  /** What refers to a manifest: signatures, say. */
  async referrers(digest: Digest): Promise<Descriptor[]> {
    const referrers: Descriptor[] = [];
    for (const entry of await this.entries()) {
      const { subject } = readJson(this.folder, await this.blob(entry));
      if (isObject(subject) && subject["digest"] === digest) referrers.push(entry);
    }
    return referrers;
  }

  private get indexPath(): string {
    return join(this.folder, "index.json");
  }

  private async entries(): Promise<Entry[]> {
    const bytes = await this.read(this.indexPath);
    const { manifests } = bytes === undefined ? {} : readJson(this.indexPath, bytes);
    return (Array.isArray(manifests) ? (manifests as Entry[]) : []).filter(({ digest }) =>
      isDigest(digest),
    );
  }

  private async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(path);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === "ENOENT") return undefined;
      throw new RegistryError(`can't read ${path}: ${reasonOf(error)}`, { cause: error });
    }
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    try {
      await writeWhole(path, bytes);
    } catch (error) {
      throw new RegistryError(`can't write ${path}: ${reasonOf(error)}`, { cause: error });
    }
  }
}
