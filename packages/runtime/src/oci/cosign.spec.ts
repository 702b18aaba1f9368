import { spawnSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { copyPlugin } from "../distribution/copy-plugin.js";
import {
  hasDockerRegistry,
  interop,
  startDockerRegistry,
  type DockerRegistry,
} from "../testing/docker-registry.js";
import { createArtifact } from "./artifact.js";
import { pullPlugin } from "./pull-plugin.js";
import { RegistryRepository } from "./registry.js";
import { pushSignature } from "./signatures.js";

if (hasDockerRegistry) {
  interop("cosign", ["version"], withCosign);
} else {
  it("signatures of cosign: not run, no docker-registry", () => {
    expect(hasDockerRegistry).toBe(false);
  });
}

function withCosign(): void {
  let folder: string;
  let registry: DockerRegistry;
  let plugins = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "wplug-cosign-"));
    registry = await startDockerRegistry(folder);
    // Without logs and roots of others: cosign would ask the network for them.
    for (const what of ["signing-config", "trusted-root"]) {
      expect(cosign(what, "create", "--out", `${what}.json`)).toBe("");
    }
    expect(cosign("generate-key-pair")).toBe("");
  }, 60_000);

  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns what it complains of if it fails; else "" */
  function cosign(...args: string[]): string {
    const { status, stderr } = spawnSync("cosign", args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, HOME: folder, COSIGN_PASSWORD: "s3cret" },
    });
    return status === 0 ? "" : stderr || "no reason";
  }

  function signWithCosign(reference: string, key = "cosign.key"): string {
    const offline = ["--signing-config=signing-config.json", "--trusted-root=trusted-root.json"];
    return cosign("sign", `--key=${key}`, ...offline, "--allow-http-registry", "-y", reference);
  }

  function verifyWithCosign(key: KeyObject, reference: string): string {
    writeFileSync(join(folder, "key.pub"), pemOf(key));
    const offline = ["--insecure-ignore-tlog", "--allow-http-registry"];
    return cosign("verify", "--key=key.pub", ...offline, reference);
  }

  /** A plugin that no other test has. */
  async function pushPlugin() {
    const artifact = createArtifact(Buffer.from(`plugin ${++plugins}`), { title: "p.wasm" });
    const name = `acme/plugin-${plugins}`;
    const repository = new RegistryRepository({ host: registry.host, name });
    await repository.pushArtifact("1", artifact);
    const reference = `${registry.host}/${name}@${artifact.digest}`;
    return { repository, artifact, reference };
  }

  const theirs = () => readFileSync(join(folder, "cosign.pub"), "utf8");
  const pull = (reference: string, key: string) =>
    pullPlugin(`oci://${reference}`, { cache: false, verify: { key } });

  const pairs: [string, KeyPairKeyObjectResult][] = [
    ["P-256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
    ["P-384", generateKeyPairSync("ec", { namedCurve: "P-384" })],
    ["P-521", generateKeyPairSync("ec", { namedCurve: "P-521" })],
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["Ed25519", generateKeyPairSync("ed25519")],
  ];

  it.each(pairs)("makes signatures with a key of %s that cosign verifies", async (_, pair) => {
    const { repository, artifact, reference } = await pushPlugin();
    const { digest, manifest } = artifact;
    await pushSignature(repository, { digest, size: manifest.length }, pair.privateKey);
    expect(verifyWithCosign(pair.publicKey, reference)).toBe("");
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(verifyWithCosign(other.publicKey, reference)).toContain("failed to verify signature");
  });

  it("verifies what cosign signs", async () => {
    const { reference } = await pushPlugin();
    await expect(pull(reference, theirs())).rejects.toThrow("it has no signature");
    expect(signWithCosign(reference)).toBe("");
    await pull(reference, theirs());
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await expect(pull(reference, pemOf(other.publicKey))).rejects.toThrow(
      "its signatures are of others",
    );
  });

  it("verifies what cosign signs as it did until version 3, also in a copy", async () => {
    const { reference, artifact } = await pushPlugin();
    const old = ["--new-bundle-format=false", "--use-signing-config=false", "--tlog-upload=false"];
    const options = ["--key=cosign.key", "--allow-http-registry", "-y"];
    expect(cosign("sign", ...options, ...old, reference)).toBe("");
    await pull(reference, theirs());
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await expect(pull(reference, pemOf(other.publicKey))).rejects.toThrow("are of others");
    const layout = join(folder, "old-layout");
    const signatures = 1;
    const { digest: manifest } = artifact;
    expect(await copyPlugin(`oci://${reference}`, layout)).toEqual({ manifest, signatures });
    const copy = `${registry.host}/copy/old@${manifest}`;
    expect(await copyPlugin(layout, `oci://${copy}`)).toEqual({ manifest, signatures });
    await pull(copy, theirs());
    const offline = ["--insecure-ignore-tlog", "--allow-http-registry"];
    expect(cosign("verify", "--key=cosign.pub", ...old.slice(0, 1), ...offline, copy)).toBe("");
    // Somebody signs the copy as well: another copy takes nothing away.
    expect(cosign("sign", ...options, ...old, "-a", "by=copy", copy)).toBe("");
    const kept = await copyPlugin(layout, `oci://${copy}`);
    expect(kept).toEqual({ manifest, signatures: 0 });
    expect(await copyPlugin(`oci://${copy}`, layout, { force: true })).toMatchObject({
      signatures: 2,
    });
  });

  // It imports those of Ed25519 as well, but does not accept the signatures that it makes with them.
  const imported = pairs.filter(([name]) => name !== "Ed25519");

  it.each(imported)(
    "verifies what cosign signs with a key of %s that it imports",
    async (name, pair) => {
      const { reference } = await pushPlugin();
      const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" });
      writeFileSync(join(folder, `${name}.pem`), pem);
      const files = ["--key", `${name}.pem`, "--output-key-prefix", name];
      expect(cosign("import-key-pair", ...files)).toBe("");
      expect(signWithCosign(reference, `${name}.key`)).toBe("");
      await pull(reference, pemOf(pair.publicKey));
    },
  );

  it("keeps signatures of both beside each other, also in a copy", async () => {
    const { repository, artifact, reference } = await pushPlugin();
    const { digest, manifest } = artifact;
    const ours = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(signWithCosign(reference)).toBe("");
    await pushSignature(repository, { digest, size: manifest.length }, ours.privateKey);
    const copy = `${registry.host}/copy/plugin@${digest}`;
    const layout = join(folder, "layout");
    expect(await copyPlugin(`oci://${reference}`, layout)).toEqual({
      manifest: digest,
      signatures: 2,
    });
    await copyPlugin(layout, `oci://${copy}`);
    for (const place of [reference, copy]) {
      await pull(place, theirs());
      await pull(place, pemOf(ours.publicKey));
      expect(verifyWithCosign(ours.publicKey, place)).toBe("");
    }
  });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}
