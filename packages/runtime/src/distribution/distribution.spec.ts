import type { ServerResponse } from "node:http";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pullPlugin } from "../oci/pull-plugin.js";
import { canRun } from "../testing/docker-registry.js";
import { MemoryRegistry } from "../testing/memory-registry.js";
import { concat, customSection, ECHO, greeter, wat } from "../testing/wat.js";
import { copyPlugin } from "./copy-plugin.js";
import { pushPlugin, type PushOptions } from "./push-plugin.js";
import { resolvePlugin } from "./resolve-plugin.js";
import { searchPlugins } from "./search-plugins.js";

let registry: MemoryRegistry;
let wasm: Uint8Array;
let folder: string;
let repository: string;
const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = keys.publicKey.export({ type: "spki", format: "pem" }).toString();

beforeAll(async () => {
  const section = {
    contract: "greeter-contract",
    services: [{ typeName: "test.v1.Greeter", version: 1 }],
  };
  wasm = concat(
    await wat(greeter({ sayHello: ECHO })),
    customSection("wplug", JSON.stringify(section)),
  );
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wplug-distribution-"));
  registry = await MemoryRegistry.start();
  repository = `oci://${registry.host}/acme/greeter`;
});

afterEach(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

const push = (tag: string, options: Partial<PushOptions> = {}, bytes = wasm) =>
  pushPlugin(`${repository}:${tag}`, bytes, { title: "greeter.wasm", retries: 0, ...options });

describe("pushPlugin", () => {
  it("gives the manifest annotations by which a plugin is known without being loaded", async () => {
    const pushed = await push("1.2", { version: "1.2.0", annotations: { "com.acme.team": "a" } });
    expect(pushed).toMatchObject({ tag: "1.2", size: wasm.length, existed: false });
    const resolved = await resolvePlugin(`${repository}:1.2`);
    expect(resolved).toMatchObject({
      reference: `${repository}@${pushed.manifest}`,
      layer: pushed.layer,
      contract: "greeter-contract",
      services: { "test.v1.Greeter": 1 },
      annotations: {
        "com.acme.team": "a",
        "org.opencontainers.image.version": "1.2.0",
        "wplug.contract": "greeter-contract",
        "wplug.services": "test.v1.Greeter=1",
        "wplug.size": String(wasm.length),
      },
    });
    expect(
      (await push("again", { version: "1.2.0", annotations: { "com.acme.team": "a" } })).manifest,
    ).toBe(pushed.manifest);
  });

  it("does not move a tag, unless it is told to", async () => {
    const first = await push("1.2");
    expect((await push("1.2")).existed).toBe(true);
    const other = concat(wasm, customSection("x", "y"));
    await expect(push("1.2", {}, other)).rejects.toThrow(
      `${repository}:1.2 is there already, with another digest (${first.manifest}): push another version, or move the tag with --force`,
    );
    const moved = await push("1.2", { force: true }, other);
    expect((await resolvePlugin(`${repository}:1.2`)).manifest).toBe(moved.manifest);
  });

  it("writes nothing in a dry run", async () => {
    await push("1.2", { dryRun: true });
    expect(registry.requests.filter((it) => !it.startsWith("GET"))).toEqual([]);
  });

  it("refuses what is no plugin, and what has no tag", async () => {
    await expect(push("1.2", {}, Buffer.from("text"))).rejects.toThrow(
      "is not a WebAssembly module",
    );
    const digest = `sha256:${"0".repeat(64)}`;
    await expect(pushPlugin(`${repository}@${digest}`, wasm, { title: "x" })).rejects.toThrow(
      "a plugin is pushed under a tag (:1.2), and not by a digest",
    );
    expect(registry.requests).toEqual([]);
  });

  it("signs for hosts that verify", async () => {
    const { reference } = await push("1.2", { signKey: keys.privateKey });
    await pullPlugin(reference, { cache: false, verify: { key } });
  });

  it("pushes as go-plugin's README does, if it is asked to", async () => {
    const { reference } = await push("1.2", { layout: "module" });
    expect((await pullPlugin(reference, { cache: false })).bytes).toHaveLength(wasm.length);
    const [manifest] = [...registry.manifests.values()];
    expect(manifest?.bytes.toString()).toContain(
      "application/vnd.module.wasm.content.layer.v1+wasm",
    );
  });
});

describe("searchPlugins", () => {
  it("lists tags with what they stand for, and those that are no plugins without", async () => {
    await push("1.2", { signKey: keys.privateKey });
    const index = Buffer.from('{"manifests":[]}');
    registry.manifests.set("acme/greeter:index", { bytes: index, mediaType: "x" });
    registry.listsReferrers = false;
    await push(
      "1.3",
      { version: "1.3.0", signKey: keys.privateKey },
      concat(wasm, customSection("x", "y")),
    );
    const found = await searchPlugins(repository);
    expect(found.map(({ tag, plugin }) => [tag, plugin?.services])).toEqual([
      ["1.2", { "test.v1.Greeter": 1 }],
      ["index", undefined],
      ["1.3", { "test.v1.Greeter": 1 }],
    ]);
    expect(found.map(({ plugin }) => plugin?.version)).toEqual([undefined, undefined, "1.3.0"]);
  });

  it("fails if the registry does", async () => {
    await push("1.2");
    const answers = (answer: (response: ServerResponse) => void): void => {
      registry.intercept = (request, response) => {
        if (request.url?.includes("/manifests/") !== true) return false;
        answer(response);
        return true;
      };
    };
    const search = () => searchPlugins(repository, { retries: 0 });
    answers((it) => it.destroy());
    await expect(search()).rejects.toThrow("can't reach");
    answers((it) => it.writeHead(200, { "content-length": 9 }).write("{", () => it.destroy()));
    await expect(search()).rejects.toThrow("after 1 bytes, the connection ended");
    answers((it) => it.writeHead(500).end());
    await expect(search()).rejects.toThrow("answers with HTTP status 500");
  });

  it("says that there is no such repository", async () => {
    await expect(searchPlugins(`oci://${registry.host}/acme/none`)).rejects.toThrow(
      `${registry.host}/acme/none: ${registry.host} has no such repository, or shows it only to those who log in`,
    );
  });

  it("logs in once, for however many tags", async () => {
    for (const tag of ["1", "2", "3"]) await push(tag);
    registry.forget();
    registry.intercept = ({ headers }, response) => {
      if (headers.authorization !== undefined) return false;
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      return true;
    };
    const credentials = () => ({ username: "alice", password: "secret" });
    expect(await searchPlugins(repository, { credentials })).toHaveLength(3);
    expect(registry.requests).toHaveLength(5);
  });
});

describe("copyPlugin", () => {
  it.each([true, false])(
    "takes a plugin with its signature through a folder (registries that list referrers: %s)",
    async (lists) => {
      registry.listsReferrers = lists;
      const { manifest } = await push("1.2", { signKey: keys.privateKey });
      const layout = join(folder, "layout");
      const copied = await copyPlugin(`${repository}:1.2`, layout);
      expect(copied).toEqual({ manifest, signatures: 1 });
      for (const source of [layout, `${layout}:1.2`]) {
        const target = `oci://${registry.host}/mirror/greeter:1`;
        expect(await copyPlugin(source, target)).toEqual(copied);
        const reference = `oci://${registry.host}/mirror/greeter@${manifest}`;
        await pullPlugin(reference, { cache: false, verify: { key } });
      }
    },
  );

  it("says which tags there are in a folder with several", async () => {
    await push("1.2");
    await push("1.3", {}, concat(wasm, customSection("x", "y")));
    const layout = join(folder, "layout");
    await copyPlugin(`${repository}:1.2`, layout);
    await copyPlugin(`${repository}:1.3`, layout);
    await expect(copyPlugin(layout, `${repository}:2`)).rejects.toThrow(
      `${layout}: which one? Add one of its tags: 1.2, 1.3`,
    );
    await expect(copyPlugin(`${layout}:9`, `${repository}:2`)).rejects.toThrow(
      `${layout}: there is no 9; its tags are 1.2, 1.3`,
    );
    await expect(copyPlugin(`${layout}s:9`, `${repository}:2`)).rejects.toThrow(
      `${layout}s is no folder with plugins: wplug copy oci://… ${layout}s makes one`,
    );
    await expect(copyPlugin(`${repository}:9`, layout)).rejects.toThrow("has no such plugin");
    await expect(copyPlugin(`${layout}:1.3`, `${repository}:1.2`)).rejects.toThrow(
      "is there already, with another digest",
    );
  });

  it("notices a damaged file of a folder", async () => {
    const { layer } = await push("1.2");
    const layout = join(folder, "layout");
    await copyPlugin(`${repository}:1.2`, layout);
    writeFileSync(join(layout, "blobs/sha256", layer.slice(7)), "damaged");
    await expect(copyPlugin(layout, `${repository}:2`)).rejects.toThrow(/ is damaged: its content/);
  });

  const hasOras = canRun("oras", "version");
  if (!hasOras) it("oras: not run, it is not installed", () => expect(hasOras).toBe(false));
  else {
    it("writes a folder that oras reads, and reads one that oras writes", async () => {
      const { manifest } = await push("1.2");
      const layout = join(folder, "layout");
      await copyPlugin(`${repository}:1.2`, layout);
      const oras = (...args: string[]) =>
        execFileSync("oras", args, { encoding: "utf8", cwd: folder });
      const text = oras("manifest", "fetch", "--oci-layout", `${layout}:1.2`);
      expect(text).toContain("application/wasm");
      oras("cp", "--from-oci-layout", `${layout}:1.2`, "--to-oci-layout", "copied:7");
      expect(await copyPlugin(`${join(folder, "copied")}:7`, `${repository}:7`)).toMatchObject({
        manifest,
      });
      expect(readFileSync(join(folder, "copied/oci-layout"), "utf8")).toContain("1.0.0");
    });
  }
});
