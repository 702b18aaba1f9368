import { createHash } from "node:crypto";

/** `sha256:` and 64 hexadecimal digits, the only kind that is accepted. */
export type Digest = `sha256:${string}`;

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#sha-256 */
export function isDigest(value: unknown): value is Digest {
  return typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
}
