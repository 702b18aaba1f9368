import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import type { OciOptions } from "../options/oci-options.js";
import { MemoryRegistry, sha256, type Intercept } from "../testing/memory-registry.js";
import { createArtifact, type Artifact } from "./artifact.js";
import { pullPlugin } from "./pull-plugin.js";
import { RegistryError } from "./registry-error.js";
import { RegistryRepository } from "./registry.js";

const wasm = Buffer.concat([Buffer.from("\0asm\x01\0\0\0", "latin1"), Buffer.alloc(5000, 7)]);
const bomb = gzipSync(Buffer.alloc(64 << 20));
const SECRET = "p4ssw0rd";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

let registry: MemoryRegistry;
let elsewhere: MemoryRegistry;
let artifact: Artifact;
let folder: string;

beforeAll(async () => {
  registry = await MemoryRegistry.start();
  elsewhere = await MemoryRegistry.start();
  artifact = createArtifact(wasm, { title: "greeter.wasm" });
  await new RegistryRepository({ host: registry.host, name: "a/b" }).pushArtifact("1", artifact);
});

afterAll(async () => {
  await registry.stop();
  await elsewhere.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wplug-hostile-"));
  registry.forget();
  elsewhere.forget();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function pull(options: OciOptions = {}, suffix = ":1"): Promise<Uint8Array> {
  return pullPlugin(`oci://${registry.host}/a/b${suffix}`, {
    cache: folder,
    unpinned: true,
    retries: 0,
    timeout: 400,
    credentials: () => ({ username: "alice", password: SECRET }),
    ...options,
  }).then(({ bytes }) => bytes);
}

/** The failure of a pull, which is ours, one sentence, without secrets, and leaves nothing in the cache that was not asked for. */
async function failure(options?: OciOptions, suffix?: string): Promise<string> {
  const error = await pull(options, suffix).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(RegistryError);
  const { message } = error as RegistryError;
  expect(message).not.toContain("\n");
  expect(message.length).toBeLessThan(500);
  for (const secret of [SECRET, "hunter2", Buffer.from(`alice:${SECRET}`).toString("base64")]) {
    expect(message).not.toContain(secret);
  }
  return message;
}

/** A manifest in place of the real one. */
function sendsManifest(json: unknown): Intercept {
  return sends("manifests", (response) => {
    const bytes = Buffer.from(typeof json === "string" ? json : JSON.stringify(json));
    response.writeHead(200, {
      "content-type": MANIFEST,
      "docker-content-digest": sha256(bytes),
    });
    response.end(bytes);
  });
}

function sends(
  kind: "manifests" | "blobs" | "",
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Intercept {
  return (request, response) => {
    if (request.url?.includes(`/${kind}`) !== true) return false;
    answer(response, request);
    return true;
  };
}

const layer = { mediaType: "application/wasm", digest: sha256(wasm), size: wasm.length };

describe("a registry that sends", () => {
  it.each<[string, unknown, RegExp]>([
    ["an index", { schemaVersion: 2, manifests: [] }, /is an index of several images/],
    ["two plugins", { layers: [layer, layer] }, /has 2 WebAssembly layers: a plugin is one$/],
    [
      "an image without one",
      { layers: [{ ...layer, mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" }] },
      /has no WebAssembly layer.*its layers are application\/vnd\.oci\.image\.layer\.v1\.tar\+gzip$/,
    ],
    ["no layers", { layers: [] }, /its layers are none$/],
    ["a layer that is null", { layers: [null] }, /has no WebAssembly layer/],
    ["null", null, /sent something else than a manifest$/],
    ["a list", [], /sent something else than a manifest$/],
    ["a page for people", "<html>log in</html>", /sent something else than a manifest$/],
    [
      "a path in place of a digest",
      { layers: [{ ...layer, digest: "sha256:../../../etc/passwd" }] },
      /a layer is not described as it must be/,
    ],
    [
      "a digest of another kind",
      { layers: [{ ...layer, digest: "md5:aa" }] },
      /a layer is not described as it must be/,
    ],
    ["a size that is no number", { layers: [{ ...layer, size: "9" }] }, /not described as it must/],
    ["a negative size", { layers: [{ ...layer, size: -1 }] }, /has -1 bytes/],
    ["a huge size", { layers: [{ ...layer, size: 2 ** 40 }] }, /more than oci\.maxSize allows/],
    [
      "a layer with text that is not to be shown",
      { layers: [{ ...layer, mediaType: "x\n\u001b[31mhunter2" }] },
      /its layers are unknown$/,
    ],
  ])("%s as the manifest is refused", async (_, json, message) => {
    registry.intercept = sendsManifest(json);
    expect(await failure()).toMatch(message);
  });

  it("a name with folders as the title of a layer gets no file of that name", async () => {
    const annotations = { "org.opencontainers.image.title": "../../x.wasm" };
    registry.intercept = sendsManifest({ layers: [{ ...layer, annotations }] });
    expect(Buffer.from(await pull()).equals(wasm)).toBe(true);
    expect(readdirSync(join(folder, "blobs/sha256"))).toContain(layer.digest.slice(7));
    expect(readdirSync(folder)).toEqual(["blobs"]);
  });

  it("another manifest than was asked for is refused", async () => {
    registry.intercept = sendsManifest(`${Buffer.from(artifact.manifest).toString()} `);
    expect(await failure({}, `@${artifact.digest}`)).toMatch(
      /@sha256:\w+: the registry sent a manifest with the digest sha256:/,
    );
  });

  it("another manifest than its header says is refused", async () => {
    registry.intercept = sends("manifests", (response) => {
      response.writeHead(200, { "docker-content-digest": `sha256:${"0".repeat(64)}` });
      response.end(artifact.manifest);
    });
    expect(await failure()).toMatch(/and says that it is sha256:000/);
  });

  it("a manifest without end is cut off", async () => {
    registry.intercept = sends("manifests", (response) => {
      const chunk = Buffer.alloc(1 << 20, 32);
      const write = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once("drain", write);
      };
      write();
    });
    expect(await failure()).toMatch(/the manifest has more than 4194304 bytes$/);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      "other bytes",
      (it) => it.end(Buffer.from(wasm).fill(1, 100, 101)),
      /sent bytes with the digest/,
    ],
    ["too few bytes", (it) => it.end(wasm.subarray(0, 100)), /sent 100 of 5008 bytes$/],
    ["too many bytes", (it) => it.end(Buffer.concat([wasm, wasm])), /has more than 5008 bytes$/],
    [
      "a lot of bytes, compressed",
      (it) => {
        it.writeHead(200, { "content-encoding": "gzip" });
        it.end(bomb);
      },
      /has more than 5008 bytes$/,
    ],
    [
      "an end in the middle",
      (it) => {
        it.writeHead(200, { "content-length": wasm.length });
        it.write(wasm.subarray(0, 10), () => it.destroy());
      },
      /^127\.0\.0\.1:\d+: after 10 bytes, the connection ended: \w+$/,
    ],
    [
      "nothing any more",
      (it) => {
        it.writeHead(200, { "content-length": wasm.length });
        it.write(wasm.subarray(0, 10));
      },
      /: after 10 bytes, nothing more came for 400 ms$/,
    ],
    ["404", (it) => it.writeHead(404).end(), /GET \S+ answers with HTTP status 404$/],
  ])("%s as the plugin is refused, and not kept", async (_, answer, message) => {
    registry.intercept = sends("blobs", answer);
    expect(await failure()).toMatch(message);
    expect(readdirSync(join(folder, "blobs/sha256"))).toEqual([artifact.digest.slice(7)]);
  });

  it("compressed bytes are those that they are compressed from", async () => {
    registry.intercept = sends("blobs", (response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(wasm));
    });
    expect(Buffer.from(await pull()).equals(wasm)).toBe(true);
  });

  it("an error tells its codes, and nothing else of it", async () => {
    registry.intercept = sends("manifests", (response) => {
      const errors = [
        { code: "NAME_INVALID", message: "Authorization: hunter2" },
        { code: "hunter2\n" },
      ];
      response.writeHead(400).end(JSON.stringify({ errors }));
    });
    expect(await failure()).toMatch(/answers with HTTP status 400 \(NAME_INVALID\)$/);
  });

  it("nothing at all is not waited for without end", async () => {
    registry.intercept = sends("", () => {});
    expect(await failure()).toMatch(/^127\.0\.0\.1:\d+: nothing came for 400 ms$/);
  });
});

describe("a registry that asks who it is", () => {
  const asks = (challenge: string): Intercept =>
    sends("", (response) => response.writeHead(401, { "www-authenticate": challenge }).end());

  it.each([
    ['Bearer realm="http://169.254.169.254/latest",service="x"', "to http://169.254.169.254, "],
    ['Bearer realm="file:///etc/passwd"', "to a URL with file:, "],
    ['Bearer realm="::::"', "to something that is no URL, "],
    ['Bearer realm="http://u:hunter2@example.com/?q=hunter2"', "to http://example.com, "],
  ])("sends no credentials to %s", async (challenge, message) => {
    registry.intercept = asks(challenge);
    expect(await failure()).toContain(`sends its users for a token ${message}`);
  });

  it("again after it was told, says so", async () => {
    registry.intercept = asks('Basic realm="x"');
    expect(await failure()).toMatch(/does not accept the credentials, or they are not for this/);
    expect(registry.requests).toHaveLength(2);
  });

  it("gets no credentials for a redirect of its server of tokens", async () => {
    elsewhere.intercept = sends("", (response) => {
      response.writeHead(302, { location: `http://${registry.host}/stolen` }).end();
    });
    registry.intercept = asks(`Bearer realm="http://${elsewhere.host}/token"`);
    expect(await failure()).toMatch(/answers with HTTP status 302$/);
    expect(registry.requests.join()).not.toContain("stolen");
  });

  it.each(["{}", "no JSON: hunter2", '{"token":"a\\nb"}', '{"token":1}'])(
    "with %s as a token is refused",
    async (body) => {
      elsewhere.intercept = sends("", (response) => response.end(body));
      registry.intercept = asks(`Bearer realm="http://${elsewhere.host}/token"`);
      expect(await failure()).toMatch(/answers without a token$/);
    },
  );

  it("without credentials is told nothing, and the user what to do", async () => {
    registry.intercept = asks('Basic realm="x"');
    expect(await failure({ credentials: () => undefined })).toMatch(
      /^(\S+) wants a user and a password: docker login \1$/,
    );
    expect(registry.authorizations).toEqual([undefined]);
  });
});

describe("a registry that redirects", () => {
  const redirects = (location: string): Intercept =>
    sends("blobs", (response) => response.writeHead(307, { location }).end());

  it("to another server sends it no credentials", async () => {
    elsewhere.intercept = sends("", (response) => response.end(wasm));
    registry.intercept = (request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
        return true;
      }
      return redirects(`http://${elsewhere.host}/x?signature=hunter2`)(request, response);
    };
    expect(Buffer.from(await pull()).equals(wasm)).toBe(true);
    expect(registry.authorizations.filter((it) => it !== undefined)).not.toEqual([]);
    expect(elsewhere.authorizations).toEqual([undefined]);
  });

  it.each([
    ["http://example.com/x?signature=hunter2", "redirects to http://example.com, which is not"],
    ["file:///etc/passwd", "redirects to a URL with file:, which is not https"],
    ["http://[", "redirects, but does not say where to"],
  ])("to %s is not followed", async (location, message) => {
    registry.intercept = redirects(location);
    expect(await failure()).toContain(message);
  });

  it("without end is not followed", async () => {
    registry.intercept = sends("blobs", (response, { url = "" }) =>
      response.writeHead(302, { location: url }).end(),
    );
    expect(await failure()).toMatch(/redirects without end$/);
  });
});

describe("a connection that ends in the middle", () => {
  /** Ends it after half of what is asked for, and a registry that sends parts sends those. */
  function cuts(kind: "manifests" | "blobs", bytes: Buffer, times: number, sendsParts = true) {
    const ranges: (string | undefined)[] = [];
    registry.intercept = sends(kind, (response, { headers }) => {
      ranges.push(headers.range);
      const from = sendsParts ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0) : 0;
      const rest = bytes.subarray(from);
      response.writeHead(from === 0 ? 200 : 206, {
        "content-length": rest.length,
        "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      });
      if (ranges.length > times) response.end(rest);
      else response.write(rest.subarray(0, rest.length / 2), () => response.destroy());
    });
    return ranges;
  }

  it("of a plugin goes on where it was", async () => {
    const progress: number[] = [];
    const ranges = cuts("blobs", wasm, 2);
    const bytes = await pull({ retries: 2, onProgress: (it) => progress.push(it) });
    expect(Buffer.from(bytes).equals(wasm)).toBe(true);
    expect(ranges).toEqual([undefined, "bytes=2504-", "bytes=3756-"]);
    expect(progress).toEqual([2504, 3756, 5008]);
  });

  it("of a plugin begins again with a registry that sends no parts", async () => {
    const ranges = cuts("blobs", wasm, 1, false);
    expect(Buffer.from(await pull({ retries: 1 })).equals(wasm)).toBe(true);
    expect(ranges).toHaveLength(2);
  });

  it("of a manifest begins again", async () => {
    const ranges = cuts("manifests", Buffer.from(artifact.manifest), 1);
    expect(Buffer.from(await pull({ retries: 1 })).equals(wasm)).toBe(true);
    expect(ranges).toEqual([undefined, undefined]);
  });

  it("again and again is told, with how much had come", async () => {
    cuts("blobs", wasm, 9);
    expect(await failure({ retries: 1 })).toMatch(/: after 3756 bytes, the connection ended: \w+$/);
  });

  it("and goes on with other bytes is not believed", async () => {
    const ranges: (string | undefined)[] = [];
    registry.intercept = sends("blobs", (response, { headers }) => {
      ranges.push(headers.range);
      if (ranges.length === 1) {
        response.writeHead(200, { "content-length": wasm.length });
        response.write(wasm.subarray(0, 8), () => response.destroy());
      } else {
        response.writeHead(206).end(Buffer.alloc(5000, 8));
      }
    });
    expect(await failure({ retries: 1 })).toMatch(/: the registry sent bytes with the digest /);
  });
});

it("an upload that is slow is not one that hangs", async () => {
  const bytes = Buffer.alloc(32 << 20, 7);
  let received = 0;
  registry.intercept = (request, response) => {
    if (request.method !== "PUT") return false;
    const read = async (): Promise<void> => {
      for await (const chunk of request) {
        const before = received >> 20;
        received += (chunk as Buffer).length;
        if (received >> 20 > before) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      response.writeHead(201).end();
    };
    // An upload that is given up fails for who made it.
    read().catch(() => {});
    return true;
  };
  // Half of what it takes, and more than for the megabytes that the operating system holds in between.
  const options = { timeout: 800, retries: 0 };
  const repository = new RegistryRepository({ host: registry.host, name: "a/b" }, options);
  const sent: number[] = [];
  expect(await repository.pushBlob(bytes, undefined, (it) => sent.push(it))).toBe("uploaded");
  expect(received).toBe(bytes.length);
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.at(-1)).toBe(bytes.length);
});

describe("a registry that is busy", () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ["429", (it) => it.writeHead(429, { "retry-after": "0.1" }).end()],
    ["503", (it) => it.writeHead(503).end()],
    ["a connection that ends", (it) => it.destroy()],
  ])("with %s is asked again", async (_, answer) => {
    let times = 0;
    registry.intercept = (request, response) => times++ < 2 && sends("", answer)(request, response);
    expect(Buffer.from(await pull({ retries: 3 })).equals(wasm)).toBe(true);
  });

  it.each([
    [
      "21600",
      /^(\S+) takes no more requests for now: try again in 21600 s, or log in.*docker login \1$/,
    ],
    [new Date(Date.now() + 3600_000).toUTCString(), /: try again in 3[56]\d\d s, or log in/],
  ])("and asks for hours (%s) is not waited for", async (retryAfter, message) => {
    registry.intercept = sends("", (response) =>
      response.writeHead(429, { "retry-after": retryAfter }).end("Too Many Requests"),
    );
    expect(await failure({ retries: 3 })).toMatch(message);
    expect(registry.requests).toHaveLength(1);
  });

  it("without saying for how long is told as well", async () => {
    registry.intercept = sends("", (response) => response.writeHead(429).end());
    expect(await failure({ retries: 1 })).toMatch(
      /takes no more requests for now: try again later/,
    );
  });

  it("for too long is not", async () => {
    registry.intercept = sends("", (response) => response.writeHead(503).end());
    expect(await failure({ retries: 1 })).toMatch(/answers with HTTP status 503$/);
    expect(registry.requests).toHaveLength(2);
  });
});

it("a list of tags that goes on at another server is not followed", async () => {
  const repository = new RegistryRepository({ host: registry.host, name: "a/b" });
  registry.intercept = sends("", (response) => {
    const next = `<http://${elsewhere.host}/more>; rel="next"`;
    response.writeHead(200, { link: next }).end('{"tags":["1"]}');
  });
  await expect(repository.tags()).rejects.toThrow("which is not asked");
  expect(elsewhere.requests).toEqual([]);
});

it("a list of referrers that goes on at another server, or without end, is not followed", async () => {
  const repository = new RegistryRepository({ host: registry.host, name: "a/b" }, { retries: 0 });
  const list = (next: string) =>
    sends("", (response) => {
      const headers = { link: `<${next}>; rel="next"`, "content-type": "application/json" };
      response.writeHead(200, headers).end('{"manifests":[]}');
    });
  registry.intercept = list(`http://${elsewhere.host}/more`);
  await expect(repository.referrers(artifact.digest)).rejects.toThrow("which is not asked");
  expect(elsewhere.requests).toEqual([]);
  registry.intercept = list("/v2/a/b/referrers/more");
  await expect(repository.referrers(artifact.digest)).rejects.toThrow(
    `${registry.host}/a/b: its list of referrers has no end`,
  );
  registry.intercept = (request, response) =>
    request.url?.includes("more") === true
      ? sends("", (it) => it.writeHead(404).end())(request, response)
      : list("/v2/a/b/referrers/more")(request, response);
  await expect(repository.referrers(artifact.digest)).rejects.toThrow("HTTP status 404");
});

it("an upload that is to go to another server without https is not made", async () => {
  const repository = new RegistryRepository({ host: registry.host, name: "a/b" });
  registry.intercept = (request, response) =>
    request.method === "POST" &&
    sends("", (it) => it.writeHead(202, { location: "http://example.com/u" }).end())(
      request,
      response,
    );
  await expect(repository.pushBlob(Buffer.from("new"))).rejects.toThrow(
    /wants the upload to go to http:\/\/example\.com, which is not https$/,
  );
});

describe("a registry that is pushed to", () => {
  const push = () =>
    new RegistryRepository({ host: registry.host, name: "new/b" }).pushArtifact("1", artifact);
  const refuses =
    (method: string, part: string, status: number, code: string, message?: string): Intercept =>
    (request, response) => {
      if (request.method !== method || request.url?.includes(part) !== true) return false;
      response.writeHead(status).end(JSON.stringify({ errors: [{ code, message }] }));
      return true;
    };

  it("and wants its repositories to be created first, as that of Amazon, says so", async () => {
    registry.blobs.clear();
    registry.intercept = refuses("POST", "/uploads/", 404, "NAME_UNKNOWN");
    await expect(push()).rejects.toThrow(
      `${registry.host}/new/b: ${registry.host} has no such repository, and makes none when something is pushed: create it there first`,
    );
  });

  it.each([
    [
      "Harbor",
      "adding 1.2 MiB of storage resource, which when updated to current usage of 9.9 GiB will exceed the configured upper limit of 10.0 GiB.",
    ],
    ["Quay", "Quota has been exceeded on namespace"],
  ])("and whose project is full, as %s puts it, does not send to docker login", async (_, text) => {
    registry.blobs.clear();
    registry.intercept = refuses("PUT", "", 403, "DENIED", text);
    await expect(push()).rejects.toThrow(
      `${registry.host}/new/b: ${registry.host} has no room for it, the quota of its project is used up: delete old plugins there, or have the quota raised`,
    );
    registry.intercept = refuses("PUT", "", 403, "DENIED", "requested access is denied");
    await expect(push()).rejects.toThrow("docker login");
  });

  it.each([
    [415, "UNSUPPORTED"],
    [400, "MANIFEST_INVALID"],
  ])("and takes images only says so, by %d and %s", async (status, code) => {
    registry.intercept = refuses("PUT", "/manifests/", status, code);
    await expect(push()).rejects.toThrow(
      /does not take manifests of this kind \(HTTP status \d+\): perhaps it takes the layout module/,
    );
  });

  it("and can't be asked whether it has a blob gets it", async () => {
    registry.blobs.clear();
    registry.intercept = refuses("HEAD", "/blobs/", 405, "UNSUPPORTED");
    expect(await push()).toBe("uploaded");
  });

  it.each(["http://registry.example/v2/a/b/blobs/uploads/1", "http://registry.example:5000/v2/x"])(
    "and takes itself for %s behind a server with TLS is gone on with by https",
    async (location) => {
      const asked: string[] = [];
      const repository = new RegistryRepository(
        { host: "registry.example:8443", name: "a/b" },
        {
          fetch: (url, { method } = {}) => {
            asked.push(`${method} ${String(url as URL)}`);
            const isStart = method === "POST";
            const status = isStart ? 202 : method === "PUT" ? 201 : 404;
            return Promise.resolve(new Response(null, { status, headers: { location } }));
          },
        },
      );
      expect(await repository.pushBlob(Buffer.from("new"))).toBe("uploaded");
      expect(asked.every((it) => it.includes(" https://registry.example:8443/v2/"))).toBe(true);
      expect(asked).toHaveLength(3);
    },
  );
});
