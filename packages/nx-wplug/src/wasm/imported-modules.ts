import { ByteReader } from "./byte-reader";
import { sectionsOf } from "./sections";

const IMPORT_SECTION = 2;

/**
 * Names of the modules that a module imports from, each once.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#import-section
 */
export function importedModules(module: Uint8Array): Set<string> {
  for (const { id, content } of sectionsOf(module)) {
    if (id === IMPORT_SECTION) return new Set(new ByteReader(content).list(moduleOfImport));
  }
  return new Set();
}

function moduleOfImport(reader: ByteReader): string {
  const module = reader.name();
  reader.name();
  skipType(reader);
  return module;
}

/** Passes over what kind of thing is imported, and its type. */
function skipType(reader: ByteReader): void {
  const kind = reader.byte();
  if (kind === 1 || kind === 3 || kind === 4) reader.byte();
  if (kind === 1 || kind === 2) {
    const hasMaximum = (reader.byte() & 1) !== 0;
    reader.skipNumber();
    if (hasMaximum) reader.skipNumber();
  } else {
    reader.skipNumber();
  }
}
