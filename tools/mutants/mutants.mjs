/**
 * Deliberate bugs in the codecs and in the garbage collector of plugins: each replaces one piece of text. The tests must
 * notice every one of them. Most of those in the codecs are among those that the official conformance suite does not notice.
 */
const READER = "packages/runtime/src/messages/wire/reader.ts";
const WRITER = "packages/runtime/src/messages/wire/writer.ts";
const SHORT_TEXT = "packages/runtime/src/messages/wire/short-text.ts";
const FAULT = "packages/runtime/src/messages/wire/fault.ts";
const AS_READER = "packages/runtime/assembly/wire/reader.ts";
const AS_BOUND = "packages/runtime/assembly/wire/bound.ts";
const AS_LAYOUT = "packages/runtime/assembly/wire/layout.ts";
const AS_PUT = "packages/runtime/assembly/wire/put.ts";
const AS_UTF8 = "packages/runtime/assembly/wire/utf8.ts";
const AS_ADD = "packages/runtime/assembly/wire/add.ts";
const COLLECTOR = "packages/runtime/assembly/gc";
const SMALL = `${COLLECTOR}/small-objects.ts`;
const TS_CODEGEN = "packages/nx-wplug/src/host-sdk";
const AS_CODEGEN = "packages/nx-wplug/src/languages/assemblyscript/sdk";

export const mutants = {
  typescript: [
    [
      "UTF-8 is not checked",
      READER,
      'utf8Read(buffer, start, end) ?? fail(reader, "the string is not valid UTF-8", start)',
      "new TextDecoder().decode(buffer.subarray(start, end))",
    ],
    [
      "a continuation byte of a short string is not checked",
      SHORT_TEXT,
      "if ((next & 0xc0) !== 0x80) return undefined;",
      "",
    ],
    [
      "an overlong form of a short string is accepted",
      SHORT_TEXT,
      "if (unit < 0xc2 || unit > 0xdf",
      "if (unit < 0xc0 || unit > 0xdf",
    ],
    ...["(a | b | c | d)", "e", "f", "g", "h"].map((bytes) => [
      `${bytes} of a short string may be anything`,
      SHORT_TEXT,
      `if (${bytes} > 0x7f) return oneByOne(bytes, pos, end);`,
      "",
    ]),
    [
      "a byte order mark is dropped",
      READER,
      "return utf8Read(buffer, start, end) ??",
      'return utf8Read(buffer, start, end)?.replace("\\ufeff", "") ??',
    ],
    [
      "a nested message may end behind its end",
      READER,
      "if (reader.pos !== reader.end) fail(",
      "if (reader.pos < 0) fail(",
    ],
    [
      "a length is not checked against what is left",
      READER,
      "if (length > end - start) fail(",
      "if (length > buffer.length) fail(",
    ],
    [
      "a fixed value may run past the end",
      READER,
      "if (size > reader.end - pos) cut(",
      "if (size > reader.buffer.length - pos) cut(",
    ],
    [
      "an eleventh byte of a varint is read",
      READER,
      "byte > 0x7f && shift < 32;",
      "byte > 0x7f && shift < 39;",
    ],
    [
      "a varint runs past the end of its message",
      READER,
      "if (pos > reader.end) cut(reader);",
      "if (pos > buffer.length) cut(reader);",
    ],
    [
      "a tag of two bytes is read past the end of its message",
      READER,
      "next > 0 && pos + 1 < reader.end)",
      "next > 0)",
    ],
    [
      "a tag of two bytes may begin with a whole one",
      READER,
      "if (byte > 0x7f && next < 0x80",
      "if (next < 0x80",
    ],
    [
      "the path of an error lacks the map that the message is in",
      READER,
      "  reader.block = block;\n  return into;",
      "  return into;",
    ],
    ["the path of an error ends early", FAULT, "error.tag = tag;", ""],
    [
      "a number of one byte is read past the end of its message",
      READER,
      "if (byte < 0x80 && pos < reader.end) {",
      "if (byte < 0x80) {",
    ],
    [
      "bytes are a view",
      READER,
      "Uint8Array.prototype.slice.call(reader.buffer, start, end);",
      "reader.buffer.subarray(start, end);",
    ],
    [
      "bytes of a Buffer are a view",
      READER,
      "Uint8Array.prototype.slice.call(reader.buffer, start, end);",
      "reader.buffer.slice(start, end);",
    ],
    [
      "there is no depth limit",
      READER,
      "  const { depth, block, tag } = reader;\n  if (depth === MAX_DEPTH) tooDeep(reader);",
      "  const { depth, block, tag } = reader;",
    ],
    [
      "the depth of groups does not count",
      READER,
      "      if (depth === MAX_DEPTH) tooDeep(reader);",
      "",
    ],
    [
      "a tag of more than 32 bits is cut off",
      READER,
      "if (halves[HIGH] !== 0 || reader.pos - pos > 5)",
      "if (reader.pos - pos > 10)",
    ],
    ["field number 0 is accepted", READER, "if (tag < 8) fail(", "if (tag < 0) fail("],
    [
      "bool looks at 32 bits",
      READER,
      "return (varint(reader) | halves[HIGH]!) !== 0;",
      "return varint(reader) !== 0;",
    ],
    [
      "any end of a group ends a group",
      READER,
      "(inner = readTag(reader)) !== tag + 1;",
      "((inner = readTag(reader)) & 7) !== 4;",
    ],
    [
      "the end of a group is skipped",
      READER,
      'fail(reader, "a group ends that did not begin", tagStart);',
      "void 0;",
    ],
    [
      "unknown fields start at 0",
      READER,
      "reader.unknown.set(message, [start, pos]);",
      "reader.unknown.set(message, [0, pos]);",
    ],
    [
      "a wrong wire type is an error",
      `${TS_CODEGEN}/read-body.ts`,
      '`${imports.runtime("readUnknown")}(reader, message);`;',
      '`throw new Error("wire type"); // ${imports.runtime("readUnknown")}`;',
    ],
    [
      "-0 is taken for the default",
      `${TS_CODEGEN}/value-code.ts`,
      "return `!Object.is(${expression}, 0)`;",
      "return `${expression} !== 0`;",
    ],
    [
      "int32 is not checked",
      WRITER,
      'if (value !== (value | 0)) fail(writer, tag, "an int32", value);',
      "",
    ],
    [
      "uint32 is not checked",
      WRITER,
      'if (value !== value >>> 0) fail(writer, tag, "a uint32", value);',
      "",
    ],
    ...["string", "boolean", "bigint", "number"].map((type) => [
      `a ${type} is not checked`,
      WRITER,
      `if (typeof value !== "${type}") fail(writer, tag, "a ${type}", value);`,
      "",
    ]),
    [
      "the writer looks for room too late",
      WRITER,
      "this.limit = size - NUMBER_MAX;",
      "this.limit = size;",
    ],
    [
      "a packed field has no room for its length",
      WRITER,
      "if (length < 0x80 && room === 1) {",
      "if (room === 1) {",
    ],
    [
      "64-bit ranges are not checked",
      WRITER,
      'if (cell[0] !== value) fail(writer, tag, cell === signed64 ? "an int64" : "a uint64", value);',
      "",
    ],
    [
      "a float out of range becomes infinite",
      WRITER,
      "if (Math.abs(value) > FLOAT32_MAX && Number.isFinite(value))",
      "if (Number.isNaN(0))",
    ],
    [
      "lone surrogates become U+FFFD",
      WRITER,
      "if (written !== length && !isWellFormed(value)) {",
      "if (false) {",
    ],
    ["keys of maps are sorted as UTF-16", WRITER, "a.codePointAt(i)", "a.charCodeAt(i)"],
    ["a cycle is not noticed", WRITER, "if (depth === MAX_DEPTH) {", "if (depth === 1e9) {"],
  ],
  assemblyscript: [
    ["UTF-8 is not checked", AS_READER, "if (units < 0) {", "if (units < -1) {"],
    [
      "a byte order mark is dropped",
      AS_READER,
      "    const at = this.pos;\n    const end = at + size;\n",
      "    let at = this.pos;\n    const end = at + size;\n    if (size > 2 && load<u16>(at) == 0xbbef) at += 3;\n",
    ],
    [
      "overlong UTF-8 is accepted",
      AS_UTF8,
      "const lowest: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;",
      "const lowest: u32 = 0x80;",
    ],
    [
      "a nested message may end behind its end",
      AS_READER,
      "if (!this.failed) this.end = this.pos + size;",
      "if (!this.failed) this.end = outer;",
    ],
    [
      "a tag of one byte may have the number 0",
      AS_READER,
      "if (byte - 8 < 0x78) {",
      "if (byte < 0x80) {",
    ],
    [
      "bytes that are not ASCII are counted as if they were",
      AS_UTF8,
      "(load<u64>(at) & 0x8080808080808080) == 0",
      "(load<u64>(at) & 0x0080808080808080) == 0",
    ],
    [
      "bytes that are not ASCII are widened as if they were",
      AS_UTF8,
      "if ((four & 0x80808080) != 0) break;",
      "if ((four & 0x00808080) != 0) break;",
    ],
    [
      "a length is not checked against what is left",
      AS_READER,
      "if (size > <u64>(this.end - this.pos)) {",
      "if (size > 0x7fffffff) {",
    ],
    [
      "a fixed value may run past the end",
      AS_READER,
      "if (this.end - at < size) {",
      "if (this.end < at) {",
    ],
    [
      "an eleventh byte of a varint is read",
      AS_READER,
      "shift < 70; shift += 7",
      "shift < 77; shift += 7",
    ],
    [
      "a varint runs past the end of its message",
      AS_READER,
      "      if (at >= end) {",
      "      if (at >= end + 16) {",
    ],
    [
      "there is no depth limit",
      AS_READER,
      "if (this.depth == MAX_DEPTH) this.fail(",
      "if (this.depth == 1000000) this.fail(",
    ],
    [
      "the depth of groups does not count",
      AS_READER,
      '    if (this.depth == MAX_DEPTH) {\n      this.fail("messages nested more than 100 deep");\n      return;',
      '    if (this.depth == 1000000) {\n      this.fail("messages nested more than 100 deep");\n      return;',
    ],
    [
      "a tag of more than 32 bits is cut off",
      AS_READER,
      "if (tag < 8 || tag > u32.MAX_VALUE || this.pos - this.tagAt > 5) {",
      "if (<u32>tag < 8) {",
    ],
    ["field number 0 is accepted", AS_READER, "if (tag < 8 ||", "if ("],
    [
      "bool looks at 32 bits",
      AS_READER,
      "return this.uint64() != 0;",
      "return this.uint32() != 0;",
    ],
    [
      "any end of a group ends a group",
      AS_READER,
      "if (tag == endTag) break;",
      "if ((tag & 7) == 4) break;",
    ],
    [
      "the end of a group is skipped",
      AS_READER,
      'this.fail("end of a group that did not begin");',
      "",
    ],
    [
      "unknown fields are dropped",
      AS_READER,
      "changetype<UnknownFields>(fields).append(from, this.pos - from);",
      "",
    ],
    [
      "-0 is taken for the default",
      `${AS_CODEGEN}/value-type.ts`,
      "return `reinterpret<u64>(${value}) != 0`;",
      "return `${value} != 0`;",
    ],
    [
      "a negative int32 takes five bytes",
      AS_PUT,
      "return value < 0 ? putUint64(at, <u64>(<i64>value)) : putUint32(at, value);",
      "return putUint32(at, value);",
    ],
    ["lone surrogates become CESU-8", AS_UTF8, "if ((code & 0xf800) == 0xd800) code = 0xfffd;", ""],
    [
      "a cycle is not noticed",
      AS_BOUND,
      "if (depth > MAX_DEPTH) tooDeep = true;",
      "if (depth > 1000000) tooDeep = true;",
    ],
    [
      "a long length is written where there is room for a short one",
      AS_PUT,
      "memory.copy(at + 1 + more, at + 1, size);",
      "",
    ],
    ["strings are taken for ASCII", AS_BOUND, "3 * <u64>units);", "<u64>units);"],
    ["removed entries of a map are written", AS_LAYOUT, "& 1) != 0;", "& 1) > 1;"],
    ["holes in lists are not noticed", AS_LAYOUT, "assert(object != 0", "assert(object >= 0"],
    [
      "a packed list may end inside of a value",
      AS_READER,
      "if (size % width == 0) return size;",
      "if (size != 0) return size;",
    ],
    [
      "a new message is not kept alive while a list grows",
      AS_ADD,
      "  const item = newItems<usize>(list, 1);\n  const message = changetype<usize>(instantiate<T>());\n",
      "  const message = changetype<usize>(instantiate<T>());\n  const item = newItems<usize>(list, 1);\n",
    ],
  ],
  collector: [
    [
      "what code has in locals is not kept",
      `${COLLECTOR}/marking.ts`,
      "at += sizeof<usize>()) __visit(load<usize>(at), 0);",
      "at += sizeof<usize>()) continue;",
    ],
    ["what globals hold is not kept", `${COLLECTOR}/marking.ts`, "__visit_globals(0);", ""],
    ["what is pinned is not kept", `${COLLECTOR}/marking.ts`, "at < pinnedEnd;", "at < pinned;"],
    ["members are not kept", `${COLLECTOR}/marking.ts`, "__visit_members(object, 0);", ""],
    [
      "members of literals are not kept",
      `${COLLECTOR}/marking.ts`,
      "if (object == 0) return;",
      "if (object < __heap_base) return;",
    ],
    [
      "only the first line of an object is kept",
      SMALL,
      "(u64.MAX_VALUE >> <u64>(63 - (last - first)))",
      "(<u64>1)",
    ],
    ["gaps are not zeroed", SMALL, "memory.fill(start, 0, end - start);", ""],
    ["empty blocks are not zeroed", SMALL, "memory.fill(widerTop, 0, widerLimit - widerTop);", ""],
    [
      "an object that grows is not zeroed",
      `${COLLECTOR}/header.ts`,
      "if (size > oldSize) memory.fill(object + oldSize, 0, size - oldSize);",
      "",
    ],
    [
      "an object grows over the end of its gap",
      SMALL,
      "if (oldEnd == top && end <= limit) top = end;",
      "if (oldEnd == top) top = end;",
    ],
    [
      "a block is filled twice",
      SMALL,
      "changetype<Block>(at).filled != collections && changetype<Block>(at).lines == 0",
      "changetype<Block>(at).lines == 0",
    ],
    [
      "chunks are never given back",
      SMALL,
      "if (lines == 0 && blockCount - it.count >= blockLimit) {",
      "if (lines == 1000) {",
    ],
    [
      "large objects are not zeroed",
      `${COLLECTOR}/large-objects.ts`,
      "memory.fill(start, 0, PREFIX + size);",
      "memory.fill(start, 0, PREFIX);",
    ],
    [
      "large objects are not freed",
      `${COLLECTOR}/large-objects.ts`,
      "__free(object - PREFIX);",
      "",
    ],
    [
      "large objects alone never lead to a collection",
      `${COLLECTOR}/collector.ts`,
      "if (largeMade + size > largeLimit) __collect();",
      "",
    ],
    [
      "small objects alone never lead to a collection",
      `${COLLECTOR}/collector.ts`,
      "if (object == 0 && !mayAddBlocks()) {",
      "if (object == 1) {",
    ],
  ],
};
