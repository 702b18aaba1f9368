import { base64Decode, base64Encode } from "../../platform/web-base64.js";

/** `atob` and `btoa`: https://infra.spec.whatwg.org/#forgiving-base64 */
export function addBase64(): void {
  const btoa = (text: string): string => {
    const units = Array.from(String(text), (character) => character.codePointAt(0) ?? 0);
    if (units.some((unit) => unit > 255)) {
      throw new RangeError("btoa: the text has characters beyond U+00FF");
    }
    return base64Encode(Uint8Array.from(units));
  };
  const atob = (text: string): string => {
    const packed = String(text).replace(/[\t\n\f\r ]/g, "");
    const digits = packed.length % 4 === 0 ? packed.replace(/={1,2}$/, "") : packed;
    const isBase64 = /^[A-Za-z0-9+/]*$/.test(digits) && digits.length % 4 !== 1;
    const bytes = isBase64 ? base64Decode(digits, digits.length) : undefined;
    if (bytes === undefined) throw new RangeError("atob: the text is no base64");
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  };
  Object.assign(globalThis, { atob, btoa });
}
