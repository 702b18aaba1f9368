/** https://tc39.es/proposal-arraybuffer-base64/, part of ES2026: not in all browsers yet. */
interface NativeBase64 {
  toBase64?(this: Uint8Array): string;
  fromBase64?(text: string, options: { alphabet: "base64" | "base64url" }): Uint8Array;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS = /* @__PURE__ */ Uint8Array.from(`${LETTERS}0123456789+/`, (digit) =>
  digit.charCodeAt(0),
);
const PADDING = 61; // "="

/** Standard base64 with padding. */
export function base64Encode(bytes: Uint8Array): string {
  const { toBase64 } = Uint8Array.prototype as NativeBase64;
  return toBase64 === undefined ? encodeDigits(bytes) : toBase64.call(bytes);
}

/** Not by `btoa`, which wants the bytes as a text first. */
function encodeDigits(bytes: Uint8Array): string {
  const { length } = bytes;
  const text = new Uint8Array(Math.ceil(length / 3) * 4);
  let position = 0;
  for (let i = 0; i < length; i += 3) {
    // Behind the end there are zeros.
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) {
      text[position++] = DIGITS[(bits >> shift) & 63] ?? 0;
    }
  }
  const padding = (3 - (length % 3)) % 3;
  return new TextDecoder().decode(text.fill(PADDING, position - padding));
}

/** Values of the digits in both alphabets, -1 for all other characters. */
const digitValues = /* @__PURE__ */ (() => {
  const table = new Int8Array(128).fill(-1);
  DIGITS.forEach((digit, value) => (table[digit] = value));
  ["-", "_"].forEach((digit, i) => (table[digit.charCodeAt(0)] = 62 + i));
  return table;
})();

function digitAt(text: string, index: number): number {
  return digitValues[text.charCodeAt(index)] ?? -1;
}

/**
 * The bytes of the first `count` characters of a text, which are base64 digits in either alphabet; undefined if something else is
 * among them. Behind them is nothing but padding.
 */
export function base64Decode(text: string, count: number): Uint8Array | undefined {
  const size = Math.floor((count * 3) / 4);
  return nativeDecode(text, size) ?? decodeDigits(text, count, new Uint8Array(size));
}

/** Undefined if the engine can't, or takes the text for wrong: it may have digits of both alphabets. */
function nativeDecode(text: string, size: number): Uint8Array | undefined {
  const native = Uint8Array as NativeBase64;
  if (native.fromBase64 === undefined) return undefined;
  const isUrl = text.includes("-") || text.includes("_");
  try {
    const bytes = native.fromBase64(text, { alphabet: isUrl ? "base64url" : "base64" });
    // It skips blanks, which leaves too few bytes.
    return bytes.length === size ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function decodeDigits(text: string, count: number, bytes: Uint8Array): Uint8Array | undefined {
  let position = 0;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    // Negative if one of them is.
    const bits =
      (digitAt(text, i) << 18) |
      (digitAt(text, i + 1) << 12) |
      (digitAt(text, i + 2) << 6) |
      digitAt(text, i + 3);
    if (bits < 0) return undefined;
    bytes[position++] = bits >> 16;
    bytes[position++] = bits >> 8;
    bytes[position++] = bits;
  }
  if (i === count) return bytes;
  // The rest is two or three digits; what they have beyond whole bytes is dropped.
  const third = i + 2 < count ? digitAt(text, i + 2) : 0;
  const bits = (digitAt(text, i) << 18) | (digitAt(text, i + 1) << 12) | (third << 6);
  if (bits < 0) return undefined;
  bytes[position++] = bits >> 16;
  if (i + 2 < count) bytes[position++] = bits >> 8;
  return bytes;
}
