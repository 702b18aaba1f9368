/** Bytes that are shown: the rest of a large message helps nobody. */
const MOST = 4096;

/** `0a 03 41 64 61`, sixteen a line. */
export function toHex(bytes: Uint8Array): string {
  const digits = Array.from(bytes.subarray(0, MOST), (byte) => byte.toString(16).padStart(2, "0"));
  const lines = Array.from({ length: Math.ceil(digits.length / 16) }, (_, i) =>
    digits.slice(i * 16, i * 16 + 16).join(" "),
  );
  if (bytes.length > MOST) lines.push(`… ${bytes.length - MOST} bytes more`);
  return lines.join("\n");
}
