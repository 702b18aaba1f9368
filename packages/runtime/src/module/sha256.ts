import { PluginLoadError } from "../errors/plugin-errors.js";

/** @throws PluginLoadError if the bytes have another hash */
export async function checkSha256(
  name: string,
  bytes: Uint8Array,
  expected: string,
): Promise<void> {
  if (!/^[0-9a-f]{64}$/i.test(expected)) {
    throw new PluginLoadError(`sha256 is not a hash: it has 64 hexadecimal digits`);
  }
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  const actual = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  if (actual.join("") === expected.toLowerCase()) return;
  throw new PluginLoadError(
    `${name} is not the plugin that was pinned: its SHA-256 is ${actual.join("")}, not ${expected.toLowerCase()}`,
  );
}
