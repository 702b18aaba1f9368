import { readUnsignedLeb128, unsignedLeb128 } from "./leb128";

/** https://webassembly.github.io/spec/core/binary/modules.html#export-section */
const EXPORT_SECTION = 7;

/** Magic number and version. */
const HEADER_SIZE = 8;

/**
 * `module` with other names of its exports.
 *
 * @param rename gives the new name of each
 * @throws Error if two exports would have the same name
 */
export function renameExports(module: Uint8Array, rename: (name: string) => string): Uint8Array {
  const parts: Uint8Array[] = [module.subarray(0, HEADER_SIZE)];
  for (let at = HEADER_SIZE; at < module.length; ) {
    const size = readUnsignedLeb128(module, at + 1);
    const end = size.end + size.value;
    const content = module.subarray(size.end, end);
    if (module[at] === EXPORT_SECTION) {
      const renamed = renameIn(content, rename);
      parts.push(Uint8Array.from([EXPORT_SECTION, ...unsignedLeb128(renamed.length)]), renamed);
    } else {
      parts.push(module.subarray(at, end));
    }
    at = end;
  }
  return Buffer.concat(parts);
}

function renameIn(section: Uint8Array, rename: (name: string) => string): Uint8Array {
  const count = readUnsignedLeb128(section, 0);
  const parts: Uint8Array[] = [section.subarray(0, count.end)];
  const names = new Set<string>();
  let at = count.end;
  for (let index = 0; index < count.value; index++) {
    const length = readUnsignedLeb128(section, at);
    const nameEnd = length.end + length.value;
    const name = rename(new TextDecoder().decode(section.subarray(length.end, nameEnd)));
    if (names.has(name)) throw new Error(`The module would export "${name}" twice.`);
    names.add(name);
    // A byte says what is exported, an index which.
    const end = readUnsignedLeb128(section, nameEnd + 1).end;
    const bytes = new TextEncoder().encode(name);
    parts.push(
      Uint8Array.from(unsignedLeb128(bytes.length)),
      bytes,
      section.subarray(nameEnd, end),
    );
    at = end;
  }
  return Buffer.concat(parts);
}
