import { ByteWriter } from "./byte-writer";

/**
 * `module` with a custom section appended: https://webassembly.github.io/spec/core/binary/modules.html#custom-section
 */
export function appendCustomSection(
  module: Uint8Array,
  name: string,
  content: Uint8Array,
): Uint8Array {
  const section = new ByteWriter().name(name).raw(content).result();
  return new ByteWriter().raw(module).byte(0).vector(section).result();
}
