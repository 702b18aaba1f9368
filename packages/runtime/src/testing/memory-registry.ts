import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers a request in place of the registry; true if it did. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

interface StoredManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/**
 * A registry in memory, with the list of referrers, which the registry of Debian lacks. Tests of what a registry should not do
 * give it an `intercept`; those of what real ones do are in real-registries.spec.ts.
 */
export class MemoryRegistry {
  /** `GET /v2/a/b/blobs/sha256:…`, in their order. */
  readonly requests: string[] = [];
  /** Headers Authorization of them, or undefined. */
  readonly authorizations: (string | undefined)[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, StoredManifest>();
  intercept: Intercept = () => false;
  /** Whether it knows what refers to what, as few do. */
  listsReferrers = true;
  /** Most referrers of a page of that list. */
  pageSize = Infinity;
  private readonly server = createServer((request, response) => {
    this.requests.push(`${request.method} ${request.url}`);
    this.authorizations.push(request.headers.authorization);
    if (this.intercept(request, response)) return;
    this.answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  static async start(): Promise<MemoryRegistry> {
    const registry = new MemoryRegistry();
    await new Promise<void>((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  forget(): void {
    this.requests.length = 0;
    this.authorizations.length = 0;
    this.intercept = () => false;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = "GET", url = "" } = request;
    const { pathname, searchParams } = new URL(url, "http://registry");
    const [, name = "", kind, rest = ""] =
      /^\/v2\/(.+?)\/(blobs|manifests|tags|referrers)\/(.*)$/.exec(pathname) ?? [];
    const send = (status: number, headers: Record<string, string> = {}, content?: Buffer): void => {
      response.writeHead(status, { ...headers, "content-length": content?.length ?? 0 });
      response.end(method === "HEAD" ? undefined : content);
    };
    const json = (value: object): void =>
      send(200, { "content-type": "application/json" }, Buffer.from(JSON.stringify(value)));
    if (kind === "blobs" && rest === "uploads/" && method === "POST") {
      return send(202, { location: `/v2/${name}/blobs/uploads/1?state=s%3D` });
    }
    if (kind === "blobs" && method === "PUT") {
      const digest = sha256(body);
      if (digest !== searchParams.get("digest")) return send(400);
      this.blobs.set(digest, body);
      return send(201);
    }
    if (kind === "blobs") {
      const blob = this.blobs.get(rest);
      return blob === undefined ? send(404) : send(200, {}, blob);
    }
    if (kind === "manifests" && method === "PUT") {
      const stored = { bytes: body, mediaType: request.headers["content-type"] ?? "" };
      const digest = sha256(body);
      this.manifests.set(`${name}@${digest}`, stored);
      if (!rest.startsWith("sha256:")) this.manifests.set(`${name}:${rest}`, stored);
      const { subject } = JSON.parse(body.toString()) as { subject?: { digest: string } };
      return send(201, {
        "docker-content-digest": digest,
        ...(subject === undefined || !this.listsReferrers ? {} : { "oci-subject": subject.digest }),
      });
    }
    if (kind === "manifests") {
      const separator = rest.startsWith("sha256:") ? "@" : ":";
      const stored = this.manifests.get(`${name}${separator}${rest}`);
      if (stored === undefined) return send(404);
      const { bytes, mediaType } = stored;
      const headers = { "content-type": mediaType, "docker-content-digest": sha256(bytes) };
      return send(200, headers, bytes);
    }
    if (kind === "tags") {
      const tags = [...this.manifests.keys()]
        .filter((key) => key.startsWith(`${name}:`))
        .map((key) => key.slice(name.length + 1));
      if (tags.length === 0) return send(404);
      return json({ name, tags });
    }
    if (kind === "referrers" && this.listsReferrers) {
      const manifests = [...this.manifests]
        .filter(([key]) => key.startsWith(`${name}@`))
        .map(([, { bytes, mediaType }]) => {
          const manifest = JSON.parse(bytes.toString()) as Record<string, unknown>;
          const { subject, artifactType, annotations } = manifest;
          const digest = sha256(bytes);
          return { digest, size: bytes.length, mediaType, subject, artifactType, annotations };
        })
        .filter(({ subject }) => (subject as { digest?: string } | undefined)?.digest === rest);
      const from = Number(searchParams.get("last") ?? 0);
      const to = Math.min(from + this.pageSize, manifests.length);
      const link = to < manifests.length ? { link: `<${pathname}?last=${to}>; rel="next"` } : {};
      const page = { schemaVersion: 2, manifests: manifests.slice(from, to) };
      const headers = { "content-type": "application/vnd.oci.image.index.v1+json", ...link };
      return send(200, headers, Buffer.from(JSON.stringify(page)));
    }
    return send(404);
  }
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
