import { unsignedLeb128 } from "./leb128";

/**
 * `module` with a custom section appended: https://webassembly.github.io/spec/core/binary/modules.html#custom-section
 */
export function appendCustomSection(
  module: Uint8Array,
  name: string,
  content: Uint8Array,
): Uint8Array {
  const nameBytes = new TextEncoder().encode(name);
  const nameLength = unsignedLeb128(nameBytes.length);
  const size = unsignedLeb128(nameLength.length + nameBytes.length + content.length);
  return Buffer.concat([module, [0], size, nameLength, nameBytes, content].map(toBytes));
}

function toBytes(part: Uint8Array | readonly number[]): Uint8Array {
  return part instanceof Uint8Array ? part : Uint8Array.from(part);
}
