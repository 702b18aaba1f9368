import { ByteReader } from "./byte-reader.js";
import { skipConstant } from "./code-reader.js";
import { functionIndex, skipValueType, tableIndex, typeIndex } from "./indices.js";
import { functionCount, PLACE, SECTION, type Layout } from "./layout.js";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** Forms of types: https://webassembly.github.io/spec/core/binary/types.html */
const FUNCTION_TYPE = 0x60;
const STRUCT_TYPE = 0x5f;
const ARRAY_TYPE = 0x5e;
const SUB = 0x50;
const SUB_FINAL = 0x4f;
const RECURSIVE = 0x4e;
const PACKED_TYPES: readonly number[] = [0x78, 0x77];
/** A table whose entries begin with the value of an expression. */
const TABLE_WITH_VALUE = 0x40;
const HAS_MAXIMUM = 1;
const IS_SHARED = 2;
const IS_64_BIT = 4;

const utf8 = new TextDecoder();

/** @throws Refusal if a section is of a kind that is not known, or not well-formed */
export function readLayout(bytes: Uint8Array): Layout {
  const reader = new ByteReader(bytes, 0, bytes.length);
  const layout: Layout = {
    bytes,
    sections: [],
    types: 0,
    parameters: [],
    importedFunctions: 0,
    functionTypes: [],
    tables64: [],
    memories64: [],
    globals: 0,
    start: undefined,
    exportNames: new Set(),
  };
  for (const byte of HEADER) {
    if (reader.byte() !== byte) reader.refuse("no header of a WebAssembly module", 0);
  }
  let last = 0;
  while (reader.pos < bytes.length) {
    const at = reader.pos;
    const id = reader.byte();
    const size = reader.u32();
    const start = reader.pos;
    reader.skip(size);
    const end = reader.pos;
    if (id !== SECTION.CUSTOM) {
      const place = PLACE[id];
      if (place === undefined) return reader.refuse(`a section ${id}, which is not known`, at);
      if (place <= last) reader.refuse("sections that are not in order", at);
      last = place;
    }
    layout.sections.push({ id, start, end });
    readSection(id, new ByteReader(bytes, start, end), layout);
  }
  return layout;
}

function readSection(id: number, reader: ByteReader, layout: Layout): void {
  switch (id) {
    case SECTION.TYPE:
      return readTypes(reader, layout);
    case SECTION.IMPORT:
      return repeat(reader, () => readImport(reader, layout));
    case SECTION.FUNCTION:
      return repeat(reader, () => void layout.functionTypes.push(typeIndex(reader, layout)));
    case SECTION.TABLE:
      return repeat(reader, () => {
        const hasValue = reader.peek() === TABLE_WITH_VALUE;
        if (hasValue) reader.skip(2);
        readTable(reader, layout);
        if (hasValue) skipConstant(reader, layout);
      });
    case SECTION.MEMORY:
      return repeat(reader, () => void layout.memories64.push(readLimits(reader)));
    case SECTION.GLOBAL:
      return repeat(reader, () => {
        skipValueType(reader, layout.types);
        reader.skip(1);
        skipConstant(reader, layout);
        layout.globals++;
      });
    case SECTION.TAG:
      return repeat(reader, () => skipTag(reader, layout));
    case SECTION.EXPORT:
      return repeat(reader, () => readExport(reader, layout));
    case SECTION.START:
      layout.start = functionIndex(reader, layout);
      return atEnd(reader);
    case SECTION.ELEMENT:
      return repeat(reader, () => readElements(reader, layout));
  }
}

function repeat(reader: ByteReader, each: () => void): void {
  for (let count = reader.u32(); count > 0; count--) each();
  atEnd(reader);
}

function atEnd(reader: ByteReader): void {
  if (reader.pos !== reader.end) reader.refuse("a section that is longer than what it holds");
}

function readTypes(reader: ByteReader, layout: Layout): void {
  repeat(reader, () => {
    if (reader.peek() !== RECURSIVE) return readSubType(reader, layout);
    reader.skip(1);
    for (let count = reader.u32(); count > 0; count--) readSubType(reader, layout);
  });
}

function readSubType(reader: ByteReader, layout: Layout): void {
  let form = reader.byte();
  if (form === SUB || form === SUB_FINAL) {
    for (let supertypes = reader.u32(); supertypes > 0; supertypes--) reader.skip32();
    form = reader.byte();
  }
  // Types may name later ones, so that what they name is the engine's business: it comes before what is added.
  let parameters: number | undefined;
  if (form === FUNCTION_TYPE) {
    parameters = reader.u32();
    for (let i = parameters; i > 0; i--) skipValueType(reader, Infinity);
    for (let results = reader.u32(); results > 0; results--) skipValueType(reader, Infinity);
  } else if (form === STRUCT_TYPE) {
    for (let fields = reader.u32(); fields > 0; fields--) skipField(reader);
  } else if (form === ARRAY_TYPE) {
    skipField(reader);
  } else {
    reader.refuse(`a type of the form 0x${form.toString(16)}, which is not known`, reader.pos - 1);
  }
  layout.types++;
  layout.parameters.push(parameters);
}

function skipField(reader: ByteReader): void {
  if (PACKED_TYPES.includes(reader.peek())) reader.skip(1);
  else skipValueType(reader, Infinity);
  reader.skip(1);
}

function readImport(reader: ByteReader, layout: Layout): void {
  reader.skip(reader.u32());
  reader.skip(reader.u32());
  const at = reader.pos;
  const kind = reader.byte();
  switch (kind) {
    case 0:
      typeIndex(reader, layout);
      layout.importedFunctions++;
      return;
    case 1:
      return readTable(reader, layout);
    case 2:
      layout.memories64.push(readLimits(reader));
      return;
    case 3:
      skipValueType(reader, layout.types);
      reader.skip(1);
      layout.globals++;
      return;
    case 4:
      return skipTag(reader, layout);
    default:
      reader.refuse(`an import of the kind ${kind}, which is not known`, at);
  }
}

function skipTag(reader: ByteReader, layout: Layout): void {
  reader.skip(1);
  typeIndex(reader, layout);
}

function readTable(reader: ByteReader, layout: Layout): void {
  skipValueType(reader, layout.types);
  layout.tables64.push(readLimits(reader));
}

/** @returns whether it has 64-bit addresses */
function readLimits(reader: ByteReader): boolean {
  const at = reader.pos;
  const flags = reader.byte();
  if (flags > (HAS_MAXIMUM | IS_SHARED | IS_64_BIT)) {
    reader.refuse(`limits of the kind ${flags}, which is not known`, at);
  }
  reader.skip64();
  if ((flags & HAS_MAXIMUM) !== 0) reader.skip64();
  return (flags & IS_64_BIT) !== 0;
}

function readExport(reader: ByteReader, layout: Layout): void {
  const size = reader.u32();
  const start = reader.pos;
  reader.skip(size);
  layout.exportNames.add(utf8.decode(reader.bytes.subarray(start, reader.pos)));
  const at = reader.pos;
  const kind = reader.byte();
  const index = reader.u32();
  const { tables64, globals } = layout;
  const counts = [functionCount(layout), tables64.length, Infinity, globals, Infinity];
  const count = counts[kind];
  if (count === undefined) reader.refuse(`an export of the kind ${kind}, which is not known`, at);
  if (index >= count) reader.refuse("an export of what is not there", at);
}

/** https://webassembly.github.io/spec/core/binary/modules.html#element-section */
function readElements(reader: ByteReader, layout: Layout): void {
  const at = reader.pos;
  const kind = reader.u32();
  if (kind > 7) reader.refuse(`elements of the kind ${kind}, which is not known`, at);
  const isActive = (kind & 1) === 0;
  const hasExpressions = (kind & 4) !== 0;
  if (isActive) {
    if ((kind & 2) !== 0) tableIndex(reader, layout);
    else if (layout.tables64.length === 0) reader.refuse("elements without a table", at);
    skipConstant(reader, layout);
  }
  if ((kind & 3) !== 0) {
    if (hasExpressions) skipValueType(reader, layout.types);
    else reader.skip(1);
  }
  for (let count = reader.u32(); count > 0; count--) {
    if (hasExpressions) skipConstant(reader, layout);
    else functionIndex(reader, layout);
  }
}
