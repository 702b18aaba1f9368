import type { Engine } from "../../platform/engine.js";

/** `crypto.getRandomValues` and `crypto.randomUUID`, of the host's random numbers. */
export function addCrypto(engine: Engine): void {
  const getRandomValues = <T extends ArrayBufferView>(array: T): T => {
    engine.random(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return array;
  };
  const randomUUID = (): string => {
    const bytes = getRandomValues(new Uint8Array(16));
    // https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-4
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };
  Object.assign(globalThis, { crypto: { getRandomValues, randomUUID } });
}
