import type { OciOptions } from "../options/oci-options.js";
import { isObject, readJson, type Artifact, type Descriptor } from "./artifact.js";
import { Authorization } from "./authorization.js";
import { findCredentials } from "./credentials.js";
import { digestOf, isDigest, type Digest } from "./digest.js";
import { DOCKER_LIST, DOCKER_MANIFEST, INDEX, MANIFEST } from "./media-types.js";
import { fetchByEnvironment } from "./proxy.js";
import { isLoopback, parseRepository, type Repository } from "./reference.js";
import { RegistryError } from "./registry-error.js";
import { Received, secondsOf, Transport, type Answer, type PlainRequest } from "./transport.js";

export type RegistryOptions = Pick<
  OciOptions,
  "credentials" | "fetch" | "mirrors" | "retries" | "timeout"
>;

/** Bytes of a manifest with the digest that they really have. */
export interface FetchedManifest {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** Where the bytes of a blob came from when it was pushed. */
export type PushedBlob = "exists" | "mounted" | "uploaded";

/** Most bytes of a manifest: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests */
const MANIFEST_MAX = 4 << 20;
/** Of an error, a list of tags. */
const ANSWER_MAX = 1 << 20;
/** Most pages of a list. */
const PAGES_MAX = 1000;
/** Most of a list of referrers, whose pages may have the size of a manifest. */
const REFERRER_PAGES_MAX = 100;

const ACCEPT = [MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_LIST].join(", ");

interface ScopedRequest extends PlainRequest {
  readonly scopes: readonly string[];
  /** Statuses that are no failure. */
  readonly accept?: readonly number[];
}

/**
 * A repository in a registry, by the distribution specification of OCI: what of it plugins need, over `fetch`.
 *
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export class RegistryRepository {
  /** What errors call it: `ghcr.io/acme/greeter`. */
  readonly label: string;
  private readonly name: string;
  private readonly host: string;
  private readonly base: URL;
  private readonly transport: Transport;
  private readonly authorization: Authorization;
  private readonly retries: number;

  constructor(repository: Pick<Repository, "host" | "name">, options: RegistryOptions = {}) {
    const { host, name } = mirrored(repository, options.mirrors);
    const { fetch: send = fetchByEnvironment, retries = 3, timeout = 30_000 } = options;
    this.host = host;
    // Images of Docker Hub's own lie in library/.
    const isHub = host === "docker.io";
    this.name = isHub && !name.includes("/") ? `library/${name}` : name;
    this.label = `${host}/${name}`;
    const scheme = isLoopback(host) ? "http" : "https";
    this.base = new URL(`${scheme}://${isHub ? "registry-1.docker.io" : host}`);
    this.retries = retries;
    this.transport = new Transport(host, { fetch: send, retries, timeout });
    const find = options.credentials ?? findCredentials;
    this.authorization = new Authorization(host, find, this.transport);
  }

  /**
   * @param reference a tag or a digest
   * @param purpose what the registry is told that it is looked for
   * @returns undefined if there is none
   * @throws RegistryError also if it has another digest than it was asked for by
   */
  async findManifest(
    reference: string,
    purpose: "pull" | "push" = "pull",
  ): Promise<FetchedManifest | undefined> {
    const found = await this.transport.whole(async () => {
      const answer = await this.request(`manifests/${reference}`, {
        scopes: [purpose === "pull" ? this.pullScope : this.pushScope],
        headers: { accept: ACCEPT },
        accept: [200, 404],
      });
      if (answer.status === 404) return answer.discard();
      return {
        told: answer.header("docker-content-digest"),
        bytes: await answer.read(MANIFEST_MAX, `${this.label}: the manifest`),
      };
    });
    if (found === undefined) return undefined;
    const { told, bytes } = found;
    const digest = digestOf(bytes);
    if (isDigest(reference) && digest !== reference) {
      throw new RegistryError(
        `${this.label}@${reference}: the registry sent a manifest with the digest ${digest}`,
      );
    }
    if (isDigest(told) && told !== digest) {
      throw new RegistryError(
        `${this.label}: the registry sent a manifest with the digest ${digest}, and says that it is ${told}`,
      );
    }
    return { digest, bytes };
  }

  /** @throws RegistryError also if there is none */
  async manifest(reference: string): Promise<FetchedManifest> {
    const found = await this.findManifest(reference);
    if (found !== undefined) return found;
    const separator = isDigest(reference) ? "@" : ":";
    throw new RegistryError(
      `${this.label}${separator}${reference}: ${this.host} has no such plugin, or shows it only to those who log in: docker login ${this.host}`,
      { status: 404 },
    );
  }

  /** @throws RegistryError also if the bytes are not those that the descriptor says */
  async blob(
    { digest, size }: Pick<Descriptor, "digest" | "size">,
    onProgress?: OciOptions["onProgress"],
  ): Promise<Uint8Array> {
    const what = `${this.label}@${digest}`;
    const received = new Received((bytes) => onProgress?.(bytes, size));
    await this.transport.whole(async () => {
      const from = received.size;
      if (from > 0 && from === size) return;
      const answer = await this.request(`blobs/${digest}`, {
        scopes: [this.pullScope],
        // https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs
        headers: from === 0 ? {} : { range: `bytes=${from}-` },
        accept: from === 0 ? [200] : [200, 206],
      });
      // Not every registry sends parts.
      if (answer.status === 200) received.clear();
      await answer.read(size, what, received);
    });
    const { bytes } = received;
    if (bytes.length < size) {
      throw new RegistryError(`${what}: the registry sent ${bytes.length} of ${size} bytes`);
    }
    const actual = digestOf(bytes);
    if (actual === digest) return bytes;
    throw new RegistryError(`${what}: the registry sent bytes with the digest ${actual}`);
  }

  /** All tags, in the registry's order. */
  async tags(): Promise<string[]> {
    const tags: string[] = [];
    let next: string | undefined = "tags/list?n=100";
    for (let page = 0; next !== undefined; page++) {
      if (page === PAGES_MAX) throw new RegistryError(`${this.label}: its list of tags has no end`);
      const { link, json } = await this.pageOfTags(next);
      const some = Array.isArray(json["tags"]) ? (json["tags"] as unknown[]) : [];
      tags.push(...some.filter((tag) => typeof tag === "string"));
      next = nextPage(link);
    }
    return tags;
  }

  private pageOfTags(path: string) {
    return this.transport.whole(async () => {
      const answer = await this.request(path, { scopes: [this.pullScope], accept: [200, 404] });
      if (answer.status === 404) {
        await answer.discard();
        throw new RegistryError(
          `${this.label}: ${this.host} has no such repository, or shows it only to those who log in: docker login ${this.host}`,
          { status: 404 },
        );
      }
      const link = answer.header("link");
      const bytes = await answer.read(ANSWER_MAX, `${this.label}: its tags`);
      return { link, json: readJson(this.label, bytes) };
    });
  }

  /**
   * What refers to a manifest: signatures, say.
   *
   * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
   */
  async referrers(digest: Digest): Promise<Descriptor[]> {
    const found: Descriptor[] = [];
    let next: string | undefined = `referrers/${digest}`;
    for (let page = 0; next !== undefined; page++) {
      if (page === REFERRER_PAGES_MAX) {
        throw new RegistryError(`${this.label}: its list of referrers has no end`);
      }
      const list = await this.pageOfReferrers(next, page === 0);
      if (list === undefined) return this.taggedReferrers(digest);
      found.push(...descriptorsOf(list.json));
      next = nextPage(list.link);
    }
    return found;
  }

  /** @returns undefined if the registry has no such lists */
  private pageOfReferrers(path: string, isFirst: boolean) {
    return this.transport.whole(async () => {
      const answer = await this.request(path, {
        scopes: [this.pullScope],
        // Some registries without it answer in other ways: ghcr.io with a redirect to a page for people.
        accept: isFirst ? [200, 400, 403, 404, 405, 406, 501] : [200],
      });
      const isList = answer.status === 200 && /\bjson\b/.test(answer.header("content-type") ?? "");
      if (!isList && isFirst) return answer.discard();
      const link = answer.header("link");
      const bytes = await answer.read(MANIFEST_MAX, `${this.label}: its referrers`);
      return { link, json: readJson(this.label, bytes) };
    });
  }

  private async taggedReferrers(digest: Digest): Promise<Descriptor[]> {
    const list = await this.findManifest(referrersTag(digest));
    return list === undefined ? [] : descriptorsOf(readJson(this.label, list.bytes));
  }

  /**
   * @param from a repository of the same registry that may have it already
   * @param onProgress is told how many bytes are on their way
   */
  async pushBlob(
    bytes: Uint8Array,
    from?: string,
    onProgress?: OciOptions["onProgress"],
  ): Promise<PushedBlob> {
    const digest = digestOf(bytes);
    const scopes = [this.pushScope];
    const head = await this.request(`blobs/${digest}`, {
      method: "HEAD",
      scopes,
      // Where it can't be asked, it is pushed.
      accept: [200, 404, 405],
    });
    await head.discard();
    if (head.status === 200) return "exists";
    for (let attempt = 1; ; attempt++) {
      const start = await this.request(`blobs/uploads/${mountQuery(digest, from)}`, {
        method: "POST",
        scopes: from === undefined ? scopes : [...scopes, `repository:${from}:pull`],
        accept: [201, 202],
      });
      await start.discard();
      if (start.status === 201) return "mounted";
      const place = this.transport.resolve(
        start.header("location"),
        this.base,
        "wants the upload to go",
      );
      place.searchParams.set("digest", digest);
      try {
        // An upload that failed can't be gone on with, but begun again.
        const done = await this.request(place, {
          method: "PUT",
          scopes,
          body: bytes,
          onSent: (sent) => onProgress?.(sent, bytes.length),
          headers: { "content-type": "application/octet-stream" },
          retries: 0,
          accept: [200, 201, 202, 204],
        });
        await done.discard();
        return "uploaded";
      } catch (error) {
        const { status } = error as RegistryError;
        const mayHelp = status === undefined || status === 404 || status >= 500;
        if (!(error instanceof RegistryError) || !mayHelp || attempt > this.retries) throw error;
      }
    }
  }

  /**
   * @param reference a tag, or the digest
   * @returns whether the registry keeps its own list of what refers to what
   */
  async pushManifest(
    reference: string,
    bytes: Uint8Array,
    mediaType: string = MANIFEST,
  ): Promise<{ readonly digest: Digest; readonly knowsSubject: boolean }> {
    const answer = await this.request(`manifests/${reference}`, {
      method: "PUT",
      scopes: [this.pushScope],
      body: bytes,
      headers: { "content-type": mediaType },
      accept: [200, 201, 202, 204],
    });
    await answer.discard();
    const digest = digestOf(bytes);
    const told = answer.header("docker-content-digest");
    if (isDigest(told) && told !== digest) {
      throw new RegistryError(
        `${this.label}: the registry stored the manifest as ${told}, not ${digest}`,
      );
    }
    return { digest, knowsSubject: answer.header("oci-subject") !== undefined };
  }

  /** All of a plugin, the manifest last: who sees it can load it. */
  async pushArtifact(
    reference: string,
    artifact: Artifact,
    onProgress?: OciOptions["onProgress"],
  ): Promise<PushedBlob> {
    const [pushed] = await Promise.all([
      this.pushBlob(artifact.layer, undefined, onProgress),
      this.pushBlob(artifact.config),
    ]);
    await this.pushManifest(reference, artifact.manifest);
    return pushed;
  }

  private get pullScope(): string {
    return `repository:${this.name}:pull`;
  }

  private get pushScope(): string {
    return `repository:${this.name}:pull,push`;
  }

  private async request(
    path: string | URL,
    { scopes, accept = [200], ...request }: ScopedRequest,
  ): Promise<Answer> {
    const url = this.urlOf(path);
    const isHome = url.origin === this.base.origin;
    let answer = await this.send(url, request, scopes, isHome);
    if (answer.status === 401 && isHome) {
      await answer.discard();
      await this.authorization.obey(answer, scopes);
      answer = await this.send(url, request, scopes, isHome);
    }
    if (accept.includes(answer.status)) return answer;
    throw await this.failure(answer, request.method ?? "GET", url);
  }

  private send(
    url: URL,
    request: PlainRequest,
    scopes: readonly string[],
    isHome: boolean,
  ): Promise<Answer> {
    const authorization = isHome ? this.authorization.get(scopes) : undefined;
    return this.transport.request(url, { ...request, authorization });
  }

  /** Links of lists are relative to the registry, all else to the repository. */
  private urlOf(path: string | URL): URL {
    if (path instanceof URL) return path;
    if (!path.startsWith("/") && !/^https?:/i.test(path)) {
      return new URL(`/v2/${this.name}/${path}`, this.base);
    }
    const url = new URL(path, this.base);
    if (url.origin === this.base.origin) return url;
    throw new RegistryError(
      `${this.host} goes on with a list at another server, which is not asked`,
    );
  }

  private async failure(answer: Answer, method: string, url: URL): Promise<RegistryError> {
    const { status } = answer;
    const { codes, isQuota } = await readErrors(answer);
    // Harbor and Quay say no more than DENIED of it, as of a user who may not push.
    if (isQuota && method !== "GET" && method !== "HEAD") {
      return new RegistryError(
        `${this.label}: ${this.host} has no room for it, the quota of its project is used up: delete old plugins there, or have the quota raised`,
        { status },
      );
    }
    if (status === 401 || (status === 403 && codes.length === 0) || codes.includes("DENIED")) {
      return new RegistryError(await this.authorization.refusal(), { status });
    }
    if (status === 429) {
      const seconds = Math.ceil(secondsOf(answer.header("retry-after")));
      const wait = seconds === 0 ? "later" : `in ${seconds} s`;
      return new RegistryError(
        `${this.host} takes no more requests for now: try again ${wait}, or log in, as users may make more of them: docker login ${this.host}`,
        { status },
      );
    }
    if (method !== "GET" && codes.includes("NAME_UNKNOWN")) {
      return new RegistryError(
        `${this.label}: ${this.host} has no such repository, and makes none when something is pushed: create it there first`,
        { status },
      );
    }
    if (url.pathname.includes("/manifests/") && method === "PUT" && isUnsupported(status, codes)) {
      return new RegistryError(
        `${this.label}: ${this.host} does not take manifests of this kind (HTTP status ${status}): perhaps it takes the layout module (wplug push --layout=module)`,
        { status },
      );
    }
    const code = codes.length === 0 ? "" : ` (${codes.join(", ")})`;
    return new RegistryError(
      `${this.label}: ${method} ${url.pathname.slice(0, 300)} answers with HTTP status ${status}${code}`,
      { status },
    );
  }
}

/** Whether a registry takes images only, or some other kinds, but not this one. */
function isUnsupported(status: number, codes: readonly string[]): boolean {
  return status === 415 || codes.includes("MANIFEST_INVALID") || codes.includes("UNSUPPORTED");
}

/** A tag under which registries without the list of referrers keep one. */
export function referrersTag(digest: Digest): string {
  return digest.replace(":", "-");
}

/** Whether signatures are kept under a tag: by that list, or by cosign until its version 3. */
export function isSignatureTag(tag: string): boolean {
  return /^sha256-[0-9a-f]{64}(?:\.\w+)?$/.test(tag);
}

function mirrored(
  { host, name }: Pick<Repository, "host" | "name">,
  mirrors: Readonly<Record<string, string>> = {},
): Pick<Repository, "host" | "name"> {
  const mirror = Object.hasOwn(mirrors, host) ? mirrors[host] : undefined;
  return mirror === undefined ? { host, name } : parseRepository(`oci://${mirror}/${name}`);
}

function mountQuery(digest: Digest, from: string | undefined): string {
  return from === undefined ? "" : `?${new URLSearchParams({ mount: digest, from }).toString()}`;
}

function descriptorsOf(json: Readonly<Record<string, unknown>>): Descriptor[] {
  const manifests = Array.isArray(json["manifests"]) ? (json["manifests"] as unknown[]) : [];
  return manifests.filter(isDescriptor);
}

function isDescriptor(json: unknown): json is Descriptor {
  if (!isObject(json)) return false;
  const { digest, mediaType, size } = json as Partial<Descriptor>;
  return isDigest(digest) && typeof mediaType === "string" && Number.isSafeInteger(size);
}

/** Where a list goes on: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags */
function nextPage(link = ""): string | undefined {
  return /^\s*<([^>]+)>\s*;\s*rel="?next"?/i.exec(link)?.[1];
}

interface RegistryErrors {
  readonly codes: readonly string[];
  /** Whether they are about room that is used up, of which no code of the specification tells. */
  readonly isQuota: boolean;
}

/**
 * The codes of a registry's errors. Their texts are left out: anything could be in them, also what the registry was sent.
 *
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 */
async function readErrors(answer: Answer): Promise<RegistryErrors> {
  try {
    const bytes = await answer.read(ANSWER_MAX, "the error");
    const { errors } = JSON.parse(Buffer.from(bytes).toString()) as {
      errors: { code: unknown; message?: unknown }[];
    };
    const codes = errors
      .map(({ code }) => code)
      .filter((code): code is string => typeof code === "string" && /^[A-Z_]{1,40}$/.test(code));
    const isQuota = errors.some(({ message }) =>
      /quota|upper limit|storage limit/i.test(`${message}`),
    );
    return { codes, isQuota };
  } catch {
    return { codes: [], isQuota: false };
  }
}
