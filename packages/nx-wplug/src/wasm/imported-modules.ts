import { ByteReader } from "./byte-reader";

const IMPORT_SECTION = 2;

/** Magic number and version. */
const HEADER_SIZE = 8;

/**
 * Names of the modules that a module imports from, each once.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#import-section
 */
export function importedModules(module: Uint8Array): Set<string> {
  const reader = new ByteReader(module);
  reader.take(HEADER_SIZE);
  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.take(reader.u32());
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
