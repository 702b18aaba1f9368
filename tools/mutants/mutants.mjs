/**
 * Deliberate bugs in the codecs: each replaces one piece of text. The tests must notice every one of them. Most are among
 * those that the official conformance suite does not notice.
 */
const READER = "packages/runtime/src/wire/reader.ts";
const WRITER = "packages/runtime/src/wire/writer.ts";
const AS_READER = "packages/runtime/assembly/wire/reader.ts";
const AS_BOUND = "packages/runtime/assembly/wire/bound.ts";
const AS_LAYOUT = "packages/runtime/assembly/wire/layout.ts";
const AS_PUT = "packages/runtime/assembly/wire/put.ts";
const AS_UTF8 = "packages/runtime/assembly/wire/utf8.ts";
const TS_CODEGEN = "packages/nx-wplug/src/codegen/typescript";
const AS_CODEGEN = "packages/nx-wplug/src/codegen/assemblyscript";

export const mutants = {
  typescript: [
    [
      "UTF-8 is not checked",
      READER,
      'utf8Read(this.buffer, start, end) ?? this.fail("the string is not valid UTF-8", start)',
      "new TextDecoder().decode(this.buffer.subarray(start, end))",
    ],
    [
      "a continuation byte of a short string is not checked",
      READER,
      "if ((next & 0xc0) !== 0x80) return undefined;",
      "",
    ],
    [
      "a byte order mark is dropped",
      READER,
      "return utf8Read(this.buffer, start, end) ??",
      'return utf8Read(this.buffer, start, end)?.replace("\\ufeff", "") ??',
    ],
    [
      "a nested message may end behind its end",
      READER,
      "if (this.pos !== this.end) this.fail(",
      "if (this.pos < 0) this.fail(",
    ],
    [
      "a length is not checked against what is left",
      READER,
      "if (length > this.end - this.pos) this.fail(",
      "if (length > this.buffer.length) this.fail(",
    ],
    [
      "a fixed value may run past the end",
      READER,
      "if (size > this.end - pos) this.fail(",
      "if (size > this.buffer.length - pos) this.fail(",
    ],
    [
      "an eleventh byte of a varint is read",
      READER,
      "if (shift === 63) this.fail(",
      "if (shift === 70) this.fail(",
    ],
    [
      "a varint runs past the end of its message",
      READER,
      "    const { buffer, end } = this;",
      "    const { buffer } = this, end = buffer.length;",
    ],
    [
      "bytes are a view",
      READER,
      "return copy(this.buffer, start, start + length);",
      "return this.buffer.subarray(start, start + length);",
    ],
    [
      "bytes of a Buffer are a view",
      READER,
      "return Uint8Array.prototype.slice.call(bytes, start, end);",
      "return bytes.slice(start, end);",
    ],
    [
      "there is no depth limit",
      READER,
      "if (++this.depth > MAX_DEPTH) {",
      "if (++this.depth > 1e9) {",
    ],
    [
      "the depth of groups does not count",
      READER,
      "  private group(number: number, start: number): void {\n    this.deeper();",
      "  private group(number: number, start: number): void {\n    this.depth++;",
    ],
    [
      "a tag of more than 32 bits is cut off",
      READER,
      "if (halves[HIGH] !== 0 || this.pos - pos > 5) this.fail(",
      "if (this.pos - pos > 10) this.fail(",
    ],
    ["field number 0 is accepted", READER, "if (tag < 8) this.fail(", "if (tag < 0) this.fail("],
    [
      "bool looks at 32 bits",
      READER,
      "return (halves[LOW]! | halves[HIGH]!) !== 0;",
      "return halves[LOW]! !== 0;",
    ],
    [
      "any end of a group ends a group",
      READER,
      "if (tag === ((number << 3) | 4) >>> 0) break;",
      "if ((tag & 7) === 4) break;",
    ],
    [
      "the end of a group is skipped",
      READER,
      'this.fail("a group ends that did not begin", start);',
      "void 0;",
    ],
    [
      "unknown fields start at 0",
      READER,
      "this.unknownFields.add(message, start, this.pos);",
      "this.unknownFields.add(message, 0, this.pos);",
    ],
    [
      "a wrong wire type is an error",
      `${TS_CODEGEN}/read-body.ts`,
      "reader.unknown(tag, message);",
      'throw new Error("wire type");',
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
      'if (value !== (value | 0)) this.fail("an int32", value);',
      "",
    ],
    [
      "uint32 is not checked",
      WRITER,
      'if (value !== value >>> 0) this.fail("a uint32", value);',
      "",
    ],
    [
      "64-bit ranges are not checked",
      WRITER,
      "if (unsigned64[0] !== value) this.fail(expected, value);",
      "",
    ],
    [
      "a float out of range becomes infinite",
      WRITER,
      "if ((value > FLOAT32_MAX || value < -FLOAT32_MAX) && Math.abs(value) !== Infinity) {",
      "if (false) {",
    ],
    [
      "lone surrogates become U+FFFD",
      WRITER,
      "if (written !== length && !isWellFormed(value)) {",
      "if (false) {",
    ],
    [
      "lone surrogates in short strings become U+FFFD",
      WRITER,
      'if (!isWellFormed(value)) this.fail("a string without lone surrogates", value);',
      "",
    ],
    ["keys of maps are sorted as UTF-16", WRITER, "? unit + 0x10000 : unit", "? unit : unit"],
    [
      "a cycle is not noticed",
      WRITER,
      "if (this.depth >= MAX_DEPTH) {",
      "if (this.depth >= 1e9) {",
    ],
  ],
  assemblyscript: [
    ["UTF-8 is not checked", AS_READER, "if (units < 0) {", "if (units < -1) {"],
    [
      "overlong UTF-8 is accepted",
      AS_UTF8,
      "const lowest: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;",
      "const lowest: u32 = 0x80;",
    ],
    [
      "a nested message may end behind its end",
      AS_READER,
      "if (this.problem === null) this.end = this.pos + size;",
      "if (this.problem === null) this.end = outer;",
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
      '    if (this.depth == MAX_DEPTH) {\n      this.fail("messages nested more than 100 deep");\n      return into;',
      '    if (this.depth == 1000000) {\n      this.fail("messages nested more than 100 deep");\n      return into;',
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
    ["unknown fields are dropped", AS_READER, "fields.append(from, this.pos - from);", ""],
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
  ],
};
