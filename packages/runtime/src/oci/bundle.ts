import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";

import { isObject } from "./artifact.js";
import type { Digest } from "./digest.js";
import { BUNDLE } from "./media-types.js";
import { RegistryError } from "./registry-error.js";

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const STATEMENT = "https://in-toto.io/Statement/v1";
const PAYLOAD_TYPE = "application/vnd.in-toto+json";
/** What cosign says of images that it signs. */
export const PREDICATE_TYPE = "https://sigstore.dev/cosign/sign/v1";

/**
 * @param what errors call it: where it comes from
 * @throws RegistryError if it is no public key
 */
export function readPublicKey(pem: string, what: string): KeyObject {
  // createPublicKey would make one of a private key, which has no place here.
  if (!/PRIVATE KEY/.test(pem)) {
    try {
      return createPublicKey(pem);
    } catch {
      // Reported below, without what was given.
    }
  }
  throw new RegistryError(
    `${what} is no public key: a PEM is expected that begins with -----BEGIN PUBLIC KEY-----`,
  );
}

/**
 * @param what errors call it
 * @throws RegistryError if it is no private key
 */
export function readPrivateKey(pem: string, what: string): KeyObject {
  if (/ENCRYPTED (?:COSIGN|SIGSTORE) PRIVATE KEY/.test(pem)) {
    throw new RegistryError(
      `${what} is encrypted as only cosign can read it: sign with cosign, or make a key with openssl ecparam -name prime256v1 -genkey -noout`,
    );
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new RegistryError(`${what} is no private key that is not encrypted, as PEM`);
  }
}

/**
 * Signs a manifest as `cosign sign --key` does: a bundle of Sigstore in version 0.3, without a log.
 *
 * https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
 */
export function signManifest(manifest: Digest, key: KeyObject): string {
  const statement = {
    _type: STATEMENT,
    subject: [{ digest: { sha256: manifest.slice("sha256:".length) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {},
  };
  const payload = Buffer.from(JSON.stringify(statement));
  // What cosign verify --key expects of all curves, unless it is told otherwise.
  const [hash = null] = hashesFor(key);
  const signature = sign(hash, signedBytes(payload), key);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  return JSON.stringify({
    mediaType: BUNDLE,
    verificationMaterial: {
      publicKey: { hint: createHash("sha256").update(publicKey).digest("base64") },
    },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString("base64") }],
    },
  });
}

/**
 * Whether a bundle is the signature of a manifest by one of the keys. A bundle is data of others: one that is anything else is
 * just not that.
 */
export function isSignatureOf(
  manifest: Digest,
  bundle: string,
  keys: readonly KeyObject[],
): boolean {
  try {
    const json: unknown = JSON.parse(bundle);
    const envelope = isObject(json) ? json["dsseEnvelope"] : undefined;
    if (!isObject(envelope) || envelope["payloadType"] !== PAYLOAD_TYPE) return false;
    const payload = Buffer.from(envelope["payload"] as string, "base64");
    const { sig } = (envelope["signatures"] as { sig: string }[])[0] ?? {};
    // Before anything of the payload is believed.
    if (!isSignedBy(keys, signedBytes(payload), sig ?? "")) return false;
    const statement: unknown = JSON.parse(payload.toString());
    return isObject(statement) && isAbout(manifest, statement);
  } catch {
    return false;
  }
}

/** @param signature in Base64 */
export function isSignedBy(
  keys: readonly KeyObject[],
  bytes: Uint8Array,
  signature: string,
): boolean {
  const raw = Buffer.from(signature, "base64");
  return keys.some((key) => hashesFor(key).some((hash) => verify(hash, bytes, key, raw)));
}

function isAbout(manifest: Digest, statement: Readonly<Record<string, unknown>>): boolean {
  const { _type, predicateType, subject } = statement;
  if (_type !== STATEMENT || predicateType !== PREDICATE_TYPE || !Array.isArray(subject)) {
    return false;
  }
  return (subject as { digest?: { sha256?: unknown } }[]).some(
    (it) => `sha256:${String(it.digest?.sha256)}` === manifest,
  );
}

/** https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md#signature-definition */
function signedBytes(payload: Uint8Array): Uint8Array {
  const type = Buffer.from(PAYLOAD_TYPE);
  const head = `DSSEv1 ${type.length} ${PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/**
 * Hashes that signatures of a key are made with, ours first. By Sigstore's list of algorithms, which cosign keeps to when it signs,
 * curves have that of their length. Ed25519 hashes by itself: null.
 *
 * https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md
 */
function hashesFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): (string | null)[] {
  if (asymmetricKeyType === "ed25519" || asymmetricKeyType === "ed448") return [null];
  const { namedCurve } = asymmetricKeyDetails ?? {};
  if (namedCurve === "secp384r1") return ["sha256", "sha384"];
  if (namedCurve === "secp521r1") return ["sha256", "sha512"];
  return ["sha256"];
}
