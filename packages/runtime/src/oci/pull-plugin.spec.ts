import { fork } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PluginModule } from "../index.js";
import type { OciOptions } from "../options/oci-options.js";
import { ECHO, greeter, wat } from "../testing/wat.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { MemoryRegistry } from "../testing/memory-registry.js";
import { withSmallDisk } from "../testing/small-disk.js";
import { createArtifact, type Artifact } from "./artifact.js";
import { BlobCache, defaultCacheFolder } from "./blob-cache.js";
import { formatLockfile } from "./lockfile.js";
import { pullPlugin } from "./pull-plugin.js";
import { RegistryRepository } from "./registry.js";

let registry: MemoryRegistry;
let wasm: Uint8Array;
let artifact: Artifact;
let folder: string;
let cache: string;
let tagged: string;
let pinned: string;

beforeAll(async () => {
  wasm = await wat(greeter({ sayHello: ECHO }));
  registry = await MemoryRegistry.start();
  artifact = createArtifact(wasm, { title: "greeter.wasm", annotations: { b: "2", a: "1" } });
  const repository = new RegistryRepository({ host: registry.host, name: "acme/greeter" });
  await repository.pushArtifact("1.2", artifact);
  tagged = `oci://${registry.host}/acme/greeter:1.2`;
  pinned = `oci://${registry.host}/acme/greeter@${artifact.digest}`;
});

afterAll(() => registry.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wplug-oci-"));
  cache = join(folder, "cache");
  registry.forget();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function blobFile(): string {
  return join(cache, "blobs/sha256", artifact.layerDigest.slice("sha256:".length));
}

function writeLock(entry: object = {}): string {
  const lock = join(folder, "wplug-lock.json");
  const { digest: manifest, layerDigest: layer } = artifact;
  const locked = { manifest, layer, size: wasm.length, ...entry };
  writeFileSync(lock, formatLockfile(new Map([[tagged, locked]])));
  return lock;
}

describe("load with oci://", () => {
  it("gets a plugin by its digest, and from the cache alone when it is warm", async () => {
    const oci: OciOptions = { cache };
    for (const requests of [2, 0]) {
      registry.forget();
      await using plugin = await GreeterPlugin.load(pinned, { oci });
      expect((await plugin.sayHello({ name: "echo" })).name).toBe("echo");
      expect(plugin.module.name).toBe(pinned);
      expect(registry.requests).toHaveLength(requests);
    }
    await registry.stop();
    try {
      const module = await PluginModule.compile(pinned, { oci: { cache, offline: true } });
      expect(module.exports.has("greeter_api_version")).toBe(true);
    } finally {
      registry = await restarted(registry);
    }
  });

  it("gets a tag that a lockfile pins, by the digest in it", async () => {
    await PluginModule.compile(tagged, { oci: { cache, lock: writeLock() } });
    expect(registry.requests[0]).toBe(`GET /v2/acme/greeter/manifests/${artifact.digest}`);
  });

  it("takes the hash of the plugin as sha256, and says so to those who give that of the manifest", async () => {
    const oci: OciOptions = { cache };
    await PluginModule.compile(pinned, { oci, sha256: artifact.layerDigest.slice(7) });
    await expect(
      PluginModule.compile(pinned, { oci, sha256: artifact.digest.slice(7) }),
    ).rejects.toThrow(
      `sha256 is the digest of the manifest of ${pinned}, not of the plugin: write it into the source, as @${artifact.digest}, or give ${artifact.layerDigest.slice(7)}`,
    );
    await expect(PluginModule.compile(pinned, { oci, sha256: "0".repeat(64) })).rejects.toThrow(
      "is not the plugin that was pinned",
    );
  });

  it("asks a mirror in place of the registry", async () => {
    const mirrors = { "ghcr.io": `${registry.host}/acme` };
    const source = `oci://ghcr.io/greeter@${artifact.digest}`;
    expect((await pullPlugin(source, { cache, mirrors })).name).toBe(source);
  });

  it("tells how much has come", async () => {
    const seen: number[][] = [];
    await pullPlugin(pinned, { cache, onProgress: (...it) => seen.push(it) });
    expect(seen.at(-1)).toEqual([wasm.length, wasm.length]);
  });
});

describe("load with oci:// refuses", () => {
  const reject = (source: string, options: OciOptions) =>
    expect(pullPlugin(source, { cache, retries: 0, ...options })).rejects;

  it("a tag that nothing pins", async () => {
    await reject(tagged, {}).toThrow(
      `${tagged} is not pinned: run wplug lock and load it with oci.lock, or add @sha256:…`,
    );
    expect(registry.requests).toEqual([]);
    await pullPlugin(tagged, { cache, unpinned: true });
  });

  it("a tag that is not in the lockfile, and a lockfile that is not there", async () => {
    const lock = writeLock();
    const other = tagged.replace("1.2", "1.3");
    await reject(other, { lock }).toThrow(
      `${other} is not pinned, it is not in ${lock}: run wplug lock ${other}`,
    );
    await reject(tagged, { lock: "no.json" }).toThrow(
      "there is no lockfile no.json: run wplug lock",
    );
  });

  it("what does not match the lockfile", async () => {
    const wrong = `sha256:${"1".repeat(64)}` as const;
    const lock = writeLock({ layer: wrong });
    await reject(tagged, { lock }).toThrow(/its plugin is sha256:.* says sha256:1111/);
    const both = `${tagged}@${wrong}`;
    writeFileSync(lock, readFileSync(lock, "utf8").replace(tagged, both));
    await reject(both, { lock }).toThrow(`${both}: ${lock} says that it is ${artifact.digest}`);
  });

  it("what is not in the cache, offline", async () => {
    await reject(pinned, { offline: true }).toThrow(
      `${pinned}: the registry is needed for ${artifact.digest}, which is not in the cache, and oci.offline is set`,
    );
    await reject(tagged, { offline: true, unpinned: true }).toThrow("needed to resolve a tag");
    expect(registry.requests).toEqual([]);
  });

  it("what is larger than allowed, before it is fetched", async () => {
    await reject(pinned, { maxSize: 100 }).toThrow(
      `has ${wasm.length} bytes, more than oci.maxSize allows: 100`,
    );
    expect(registry.requests).toHaveLength(1);
  });

  it("what the registry does not have", async () => {
    await reject(tagged.replace("1.2", "9"), { unpinned: true }).toThrow(
      `${registry.host}/acme/greeter:9: ${registry.host} has no such plugin, or shows it only to those who log in: docker login ${registry.host}`,
    );
  });

  it("a registry that is not there", async () => {
    await reject("oci://127.0.0.1:1/a:1", { unpinned: true }).toThrow(
      /^can't reach 127\.0\.0\.1:1: /,
    );
    await reject("oci://registry.invalid/a:1", { unpinned: true }).toThrow(
      /^can't reach registry\.invalid: \w+ \(is there a network\?/,
    );
  });

  it.each<[object, string]>([
    [{ maxSize: "1" }, "oci.maxSize must be a number of bytes from 1 to 4294967296"],
    [{ timeout: NaN }, "oci.timeout must be a number of milliseconds from 1 to 2147483647"],
    [{ retries: -1 }, "oci.retries must be a number of times from 0 to 100"],
    [{ lock: "" }, "oci.lock must be the path of a file"],
    [{ policy: null }, "oci.policy must be the path of a file"],
    [
      { verify: { key: undefined } },
      "oci.verify needs a key or a check: as it is, it would accept",
    ],
    [{ verify: { key: [] } }, "oci.verify needs a key or a check"],
    [
      { verify: { key: "x" } },
      "oci.verify.key is no public key: a PEM is expected that begins with",
    ],
  ])("the options %j", async (options, message) => {
    await reject(pinned, options).toThrow(message);
    expect(registry.requests).toEqual([]);
  });
});

describe("the cache", () => {
  it("makes one request of each kind for 20 loads at once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => pullPlugin(pinned, { cache })));
    expect(registry.requests).toHaveLength(2);
  });

  it.each(["damaged", ""])(
    "is not believed: %j in place of a plugin is fetched again",
    async (bad) => {
      await pullPlugin(pinned, { cache });
      writeFileSync(blobFile(), bad);
      registry.forget();
      expect(Buffer.from((await pullPlugin(pinned, { cache })).bytes).equals(wasm)).toBe(true);
      expect(registry.requests).toEqual([`GET /v2/acme/greeter/blobs/${artifact.layerDigest}`]);
      expect(readFileSync(blobFile()).equals(wasm)).toBe(true);
    },
  );

  it("is not needed: nothing is written where it is off", async () => {
    await pullPlugin(pinned, { cache: false });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that can only be read is not written", async () => {
    mkdirSync(cache);
    chmodSync(cache, 0o500);
    expect((await pullPlugin(pinned, { cache })).layer).toBe(artifact.layerDigest);
    // Nobody keeps root from writing.
    if (process.getuid?.() !== 0) expect(readdirSync(cache)).toEqual([]);
  });

  it("that can't be written otherwise is told, with what to do", async () => {
    writeFileSync(cache, "a file in place of the folder");
    await expect(pullPlugin(pinned, { cache })).rejects.toThrow(
      /^can't write to the cache .*: \w+.*; make room, or set oci\.cache to another folder, or to false$/,
    );
  });

  it("in a folder in which none can be made is told as well, at once", async () => {
    if (process.platform !== "linux") return;
    await expect(pullPlugin(pinned, { cache: "/proc/wplug/cache" })).rejects.toThrow(
      /^can't write to the cache \/proc\/wplug\/cache: ENOENT.*; make room, or set oci\.cache to another/,
    );
  });

  withSmallDisk("on a disk that is full is told, and nothing of the plugin stays", async (disk) => {
    const small = join(disk.folder, "cache");
    await expect(pullPlugin(pinned, { cache: small })).rejects.toThrow(
      `can't write to the cache ${small}: the disk is full; make room, or set oci.cache to another folder, or to false`,
    );
    expect(readdirSync(join(small, "blobs/sha256"))).toEqual([artifact.digest.slice(7)]);
    expect((await pullPlugin(pinned, { cache: false })).layer).toBe(artifact.layerDigest);
  });

  withSmallDisk("on a disk that is read-only is not written", async (disk) => {
    disk.makeReadOnly();
    const pulled = await pullPlugin(pinned, { cache: join(disk.folder, "cache") });
    expect(pulled.layer).toBe(artifact.layerDigest);
    expect(readdirSync(disk.folder)).toEqual([]);
  });

  it("holds whole files whenever a process that fills it is killed", async () => {
    const big = Buffer.alloc(8 << 20, 7);
    const { layerDigest } = createArtifact(big, { title: "big.wasm" });
    const program = join(folder, "fill.cjs");
    const built = join(__dirname, "../../dist/cjs/oci/blob-cache.js");
    writeFileSync(
      program,
      `const { BlobCache } = require(${JSON.stringify(built)});
      const cache = new BlobCache(${JSON.stringify(cache)});
      process.send("ready");
      (async () => { for (;;) await cache.put("${layerDigest}", Buffer.alloc(8 << 20, 7)); })();`,
    );
    mkdirSync(join(cache, "blobs/sha256"), { recursive: true });
    // Two at a time.
    for (const delay of [0, 20, 60]) {
      const children = [fork(program), fork(program)];
      await Promise.all(children.map((child) => once(child, "message")));
      await new Promise((resolve) => setTimeout(resolve, delay));
      await Promise.all(
        children.map((child) => {
          child.kill("SIGKILL");
          return once(child, "exit");
        }),
      );
      const names = readdirSync(join(cache, "blobs/sha256"));
      const bytes = await new BlobCache(cache).get(layerDigest);
      expect(bytes !== undefined).toBe(names.includes(layerDigest.slice(7)));
    }
  }, 30_000);

  it("lies where the system keeps caches", () => {
    expect(defaultCacheFolder({ XDG_CACHE_HOME: "/c" }, "linux")).toBe("/c/wplug/oci");
    expect(defaultCacheFolder({}, "linux")).toMatch(/\/\.cache\/wplug\/oci$/);
    expect(defaultCacheFolder({}, "darwin")).toMatch(/\/Library\/Caches\/wplug\/oci$/);
    expect(defaultCacheFolder({ LOCALAPPDATA: "/l" }, "win32")).toBe("/l/wplug/oci");
  });
});

/** The same registry, on another port. */
async function restarted(stopped: MemoryRegistry): Promise<MemoryRegistry> {
  const next = await MemoryRegistry.start();
  for (const [digest, blob] of stopped.blobs) next.blobs.set(digest, blob);
  for (const [name, manifest] of stopped.manifests) next.manifests.set(name, manifest);
  tagged = `oci://${next.host}/acme/greeter:1.2`;
  pinned = `oci://${next.host}/acme/greeter@${artifact.digest}`;
  return next;
}
