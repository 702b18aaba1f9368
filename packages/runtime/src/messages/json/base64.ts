import { base64Decode, base64Encode } from "#platform";
import { JsonError, kindOf } from "./json-error.js";

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return base64Encode(bytes);
}

/**
 * Standard or URL-safe base64, with or without padding.
 *
 * @throws JsonError if it is neither
 */
export function fromBase64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const count = text.length - padding;
  if (count % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) {
    throw new JsonError("expected base64, this has a wrong length");
  }
  const bytes = base64Decode(text, count);
  if (bytes === undefined) {
    const [wrong] = /[^A-Za-z0-9+/_-]/u.exec(text) ?? [];
    throw new JsonError(`expected base64, not ${kindOf(wrong)}`);
  }
  return bytes;
}
