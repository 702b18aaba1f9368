import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { OciOptions } from "../options/oci-options.js";
import { MemoryRegistry, sha256 } from "../testing/memory-registry.js";
import { createArtifact } from "./artifact.js";
import { isSignatureOf, readPrivateKey, readPublicKey, signManifest } from "./bundle.js";
import { pullPlugin } from "./pull-plugin.js";
import { RegistryRepository } from "./registry.js";
import { pushSignature } from "./signatures.js";

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const pem = ({ publicKey }: Pair) => publicKey.export({ type: "spki", format: "pem" }).toString();
const ours = generateKeyPairSync("ec", { namedCurve: "P-256" });
const theirs = generateKeyPairSync("ec", { namedCurve: "P-256" });
const artifact = createArtifact(Buffer.from("plugin"), { title: "p.wasm" });
const digestOfNone = `sha256:${"0".repeat(64)}`;
const subject = { digest: artifact.digest, size: artifact.manifest.length };

describe("a bundle", () => {
  it.each<[string, Pair]>([
    ["ECDSA", ours],
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["Ed25519", generateKeyPairSync("ed25519")],
  ])("with a key of %s is the signature of its manifest alone", (_, { publicKey, privateKey }) => {
    const bundle = signManifest(artifact.digest, privateKey);
    const other = `sha256:${"0".repeat(64)}` as const;
    expect(isSignatureOf(artifact.digest, bundle, [theirs.publicKey, publicKey])).toBe(true);
    expect(isSignatureOf(artifact.digest, bundle, [theirs.publicKey])).toBe(false);
    expect(isSignatureOf(other, bundle, [publicKey])).toBe(false);
  });

  const changed = (change: (envelope: Record<string, unknown>) => void): string => {
    const json = JSON.parse(signManifest(artifact.digest, ours.privateKey)) as {
      dsseEnvelope: Record<string, unknown>;
    };
    change(json.dsseEnvelope);
    return JSON.stringify(json);
  };

  it.each<[string, string]>([
    ["no JSON", "x"],
    ["null", "null"],
    ["an empty object", "{}"],
    ["another type of payload", changed((it) => (it["payloadType"] = "text/plain"))],
    ["another payload", changed((it) => (it["payload"] = Buffer.from("{}").toString("base64")))],
    ["no payload", changed((it) => delete it["payload"])],
    ["no signature", changed((it) => (it["signatures"] = []))],
    ["an empty signature", changed((it) => (it["signatures"] = [{ sig: "" }]))],
    ["null as its signatures", changed((it) => (it["signatures"] = null))],
  ])("that is %s is no signature", (_, bundle) => {
    expect(isSignatureOf(artifact.digest, bundle, [ours.publicKey])).toBe(false);
  });

  it.each([
    ["P-384", "sha384"],
    ["P-521", "sha512"],
  ])("with a key of %s may be signed with %s, as cosign does", (namedCurve, hash) => {
    const pair = generateKeyPairSync("ec", { namedCurve });
    const bundle = signManifest(artifact.digest, pair.privateKey);
    const signed = signedAgain(bundle, {}, pair.privateKey, hash);
    expect(isSignatureOf(artifact.digest, signed, [pair.publicKey])).toBe(true);
    expect(isSignatureOf(artifact.digest, bundle, [pair.publicKey])).toBe(true);
  });

  it.each<[string, object]>([
    ["of an attestation", { predicateType: "https://slsa.dev/provenance/v1" }],
    ["about nothing", { subject: [] }],
    ["of another type", { _type: "https://in-toto.io/Statement/v0.1" }],
  ])("with a statement %s, signed by the right key, is no signature", (_, change) => {
    const bundle = signManifest(artifact.digest, ours.privateKey);
    const isOurs = (bundle: string) => isSignatureOf(artifact.digest, bundle, [ours.publicKey]);
    expect(isOurs(signedAgain(bundle, {}, ours.privateKey))).toBe(true);
    expect(isOurs(signedAgain(bundle, change, ours.privateKey))).toBe(false);
  });
});

describe("keys", () => {
  const privatePem = ours.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

  it("that are no public keys are refused, and not shown", () => {
    for (const text of ["", "x", privatePem]) {
      expect(() => readPublicKey(text, "key.pem")).toThrow(
        /^key\.pem is no public key: a PEM is expected that begins with -----BEGIN PUBLIC KEY-----$/,
      );
    }
  });

  it("that can't be signed with are refused", () => {
    expect(() => readPrivateKey("x", "key.pem")).toThrow("key.pem is no private key");
    expect(() => readPrivateKey("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----", "k")).toThrow(
      "k is encrypted as only cosign can read it: sign with cosign",
    );
  });
});

describe.each([
  ["that lists referrers", true],
  ["that does not", false],
])("a registry %s", (_, lists) => {
  let registry: MemoryRegistry;
  let folder: string;
  let reference: string;
  let repository: RegistryRepository;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "wplug-signatures-"));
    registry = await MemoryRegistry.start();
    registry.listsReferrers = lists;
    repository = new RegistryRepository({ host: registry.host, name: "acme/greeter" });
    await repository.pushArtifact("1", artifact);
    reference = `oci://${registry.host}/acme/greeter@${artifact.digest}`;
  });

  afterEach(async () => {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const pull = (options: OciOptions) =>
    pullPlugin(reference, { cache: join(folder, "cache"), retries: 0, ...options });

  it("has signatures that are found among those of others, and offline too", async () => {
    await pushSignature(repository, subject, theirs.privateKey);
    await pushSignature(repository, subject, ours.privateKey);
    await pull({ verify: { key: pem(ours) } });
    await pull({ verify: { key: [pem(theirs), pem(ours)] } });
    registry.forget();
    await pull({ verify: { key: pem(ours) }, offline: true });
    await pull({ verify: { key: pem(ours) } });
    expect(registry.requests).toEqual([]);
  });

  it("has a signature that is found on a later page of a list", async () => {
    registry.pageSize = 1;
    for (const { privateKey } of [theirs, theirs, ours]) {
      await pushSignature(repository, subject, privateKey);
    }
    await pull({ verify: { key: pem(ours) } });
    const pages = registry.requests.filter((it) => it.includes("/referrers/"));
    expect(pages.filter((it) => it.includes("?last=")).length).toBe(lists ? 2 : 0);
  });

  it("has a plugin without a signature, or with one of others, which is not loaded", async () => {
    await expect(pull({ verify: { key: pem(ours) } })).rejects.toThrow(
      `${reference} (${artifact.digest}) is not signed with a key that is accepted: it has no signature`,
    );
    await pushSignature(repository, subject, theirs.privateKey);
    await expect(pull({ verify: { key: pem(ours) } })).rejects.toThrow(
      "its signatures are of others",
    );
    expect(registry.requests.join()).not.toContain(`blobs/${artifact.layerDigest} `);
    await pushSignature(repository, subject, ours.privateKey);
    await pull({ verify: { key: pem(ours) } });
  });

  describe("with a signature as cosign made it until version 3", () => {
    const payloadOf = (critical: object = {}) => ({
      critical: {
        identity: { "docker-reference": "" },
        image: { "docker-manifest-digest": artifact.digest },
        type: "cosign container image signature",
        ...critical,
      },
      optional: null,
    });

    async function signSimply(
      payload: unknown,
      { privateKey }: Pair,
      change: (layer: Record<string, unknown>) => object = (layer) => layer,
    ): Promise<void> {
      const bytes = Buffer.from(JSON.stringify(payload));
      await repository.pushBlob(bytes);
      const layer = {
        mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
        digest: sha256(bytes),
        size: bytes.length,
        annotations: {
          "dev.cosignproject.cosign/signature": sign("sha256", bytes, privateKey).toString(
            "base64",
          ),
        },
      };
      const config = Buffer.from("{}");
      await repository.pushBlob(config);
      const manifest = {
        schemaVersion: 2,
        config: { mediaType: "application/json", digest: sha256(config), size: config.length },
        layers: [null, change(layer)],
      };
      const tag = `${artifact.digest.replace(":", "-")}.sig`;
      await repository.pushManifest(tag, Buffer.from(JSON.stringify(manifest)));
    }

    it("loads it, offline too, and gives a hook bundles only", async () => {
      await signSimply(payloadOf(), ours);
      await pull({ verify: { key: pem(ours) } });
      const check = jest.fn();
      await pull({ verify: { key: pem(ours), check }, offline: true });
      expect(check).toHaveBeenCalledWith(expect.objectContaining({ bundles: [] }));
      await expect(pull({ verify: { key: pem(theirs) } })).rejects.toThrow("are of others");
    });

    it.each<[string, unknown]>([
      ["of another manifest", payloadOf({ image: { "docker-manifest-digest": digestOfNone } })],
      ["of another type", payloadOf({ type: "atomic container signature" })],
      ["without an image", payloadOf({ image: null })],
      ["without critical", {}],
      ["of null", null],
    ])("does not load it with a payload %s", async (_, payload) => {
      await signSimply(payload, ours);
      await expect(pull({ verify: { key: pem(ours) } })).rejects.toThrow("are of others");
    });

    it.each<[string, object]>([
      ["of another type", { mediaType: "text/plain" }],
      ["without a signature", { annotations: {} }],
      ["without a digest", { digest: "sha256:.." }],
      ["of any size", { size: 1e9 }],
    ])("does not load it with a layer %s", async (_, change) => {
      await signSimply(payloadOf(), ours, (layer) => ({ ...layer, ...change }));
      await expect(pull({ verify: { key: pem(ours) } })).rejects.toThrow("it has no signature");
    });
  });

  it("gives a hook what it decides by", async () => {
    await pushSignature(repository, subject, ours.privateKey);
    const check = jest.fn();
    await pull({ verify: { check } });
    expect(check).toHaveBeenCalledWith(
      expect.objectContaining({
        reference,
        manifest: artifact.digest,
        layer: artifact.layerDigest,
        bundles: [expect.stringContaining("dsseEnvelope")],
      }),
    );
    check.mockRejectedValue(new Error("not from our CI"));
    await expect(pull({ verify: { check } })).rejects.toThrow("not from our CI");
  });

  it("is accepted or not by a policy", async () => {
    const policy = join(folder, "policy.json");
    const write = (registries: object): void =>
      writeFileSync(policy, JSON.stringify({ version: 1, registries }));
    writeFileSync(join(folder, "ours.pub"), pem(ours));
    const source = `${registry.host}/acme`;

    write({ "ghcr.io/acme": {} });
    await expect(pull({ policy })).rejects.toThrow(
      `${reference}: the policy ${policy} accepts no plugins from ${registry.host}/acme/greeter; it accepts those from ghcr.io/acme`,
    );
    write({ [`${registry.host}/ac`]: {} });
    await expect(pull({ policy })).rejects.toThrow("accepts no plugins from");
    write({ [source]: {} });
    await pull({ policy });
    write({ [registry.host]: {}, [source]: { keys: ["ours.pub"] } });
    await expect(pull({ policy })).rejects.toThrow("is not signed with a key that is accepted");
    await pushSignature(repository, subject, ours.privateKey);
    await pull({ policy });
    await expect(pull({ policy, verify: { key: pem(theirs) } })).rejects.toThrow("is not signed");

    for (const rule of [{ keys: [] }, { key: "ours.pub" }, { keys: "ours.pub" }, null]) {
      write({ [source]: rule });
      await expect(pull({ policy })).rejects.toThrow(
        `${policy}: the rule of "${source}" has to be {}, or { "keys": [paths of public keys] }`,
      );
    }
    write({ [source]: { keys: ["none.pub"] } });
    await expect(pull({ policy })).rejects.toThrow(`can't read ${join(folder, "none.pub")}`);
  });
});

/** A bundle whose statement is changed, and signed as it is then. */
function signedAgain(bundle: string, change: object, key: KeyObject, hash = "sha256"): string {
  const whole = JSON.parse(bundle) as {
    dsseEnvelope: { payload: string; payloadType: string; signatures: object[] };
  };
  const envelope = whole.dsseEnvelope;
  const statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString()) as object;
  const payload = JSON.stringify({ ...statement, ...change });
  const type = envelope.payloadType;
  const bytes = Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} ${payload}`);
  envelope.payload = Buffer.from(payload).toString("base64");
  envelope.signatures = [{ sig: sign(hash, bytes, key).toString("base64") }];
  return JSON.stringify(whole);
}
