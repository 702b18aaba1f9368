import { ByteReader } from "./byte-reader";
import { ByteWriter } from "./byte-writer";
import { HEADER_SIZE, sectionsOf } from "./sections";

const EXPORT_SECTION = 7;

/**
 * `module` with other names of its exports.
 *
 * @param rename gives the new name of each
 * @throws Error if two exports would have the same name
 */
export function renameExports(module: Uint8Array, rename: (name: string) => string): Uint8Array {
  const writer = new ByteWriter().raw(module.subarray(0, HEADER_SIZE));
  for (const { id, content } of sectionsOf(module)) {
    writer.byte(id).vector(id === EXPORT_SECTION ? renameIn(content, rename) : content);
  }
  return writer.result();
}

function renameIn(section: Uint8Array, rename: (name: string) => string): Uint8Array {
  const reader = new ByteReader(section);
  const exports = reader.list(() => ({
    name: rename(reader.name()),
    kind: reader.byte(),
    index: reader.u32(),
  }));
  const writer = new ByteWriter().u32(exports.length);
  const names = new Set<string>();
  for (const { name, kind, index } of exports) {
    if (names.has(name)) throw new Error(`The module would export "${name}" twice.`);
    names.add(name);
    writer.name(name).byte(kind).u32(index);
  }
  return writer.result();
}
