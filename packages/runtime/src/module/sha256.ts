import { PluginLoadError } from "../errors/plugin-errors.js";

/**
 * @param manifest digest of its manifest, if it came from a registry
 * @throws PluginLoadError if the bytes have another hash
 */
export async function checkSha256(
  name: string,
  bytes: Uint8Array,
  expected: string,
  manifest?: string,
): Promise<void> {
  if (!/^[0-9a-f]{64}$/i.test(expected)) {
    throw new PluginLoadError(`sha256 is not a hash: it has 64 hexadecimal digits`);
  }
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  const actual = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  if (actual.join("") === expected.toLowerCase()) return;
  if (manifest === `sha256:${expected.toLowerCase()}`) {
    throw new PluginLoadError(
      `sha256 is the digest of the manifest of ${name}, not of the plugin: write it into the source, as @${manifest}, or give ${actual.join("")}`,
    );
  }
  throw new PluginLoadError(
    `${name} is not the plugin that was pinned: its SHA-256 is ${actual.join("")}, not ${expected.toLowerCase()}`,
  );
}
