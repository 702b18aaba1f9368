import { Everything, Inner } from "../../testing/everything.js";
import { decodeMessage } from "./decode.js";
import { hex, toHex } from "../../testing/hex.js";
import type { MessageInit } from "./message-type.js";
import { WireError } from "./wire-error.js";

const decoded = (bytes: string): Everything => Everything.decode(hex(bytes));

function expectDecoded(bytes: string, init: MessageInit<Everything>): void {
  expect(decoded(bytes)).toEqual(new Everything(init));
}

function nested(depth: number): Uint8Array {
  let bytes = new Uint8Array(0);
  for (let i = 0; i < depth; i++) {
    const length: number[] = [];
    for (let rest = bytes.length; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest < 128) break;
    }
    bytes = Uint8Array.from([18, ...length, ...bytes]);
  }
  return bytes;
}

describe("decodeMessage", () => {
  it("gives defaults for no bytes", () => {
    expect(decoded("")).toEqual(new Everything());
  });

  it("reads back what was written", () => {
    const message = new Everything({
      int32: -5,
      int64: -(1n << 63n),
      uint32: 0xffffffff,
      uint64: (1n << 64n) - 1n,
      sint32: -0x80000000,
      sint64: -(1n << 62n) - 3n,
      fixed32: 0xfffffffe,
      fixed64: 1n << 63n,
      sfixed32: -7,
      sfixed64: -(1n << 63n),
      float: Math.fround(3.4),
      double: Number.MIN_VALUE,
      bool: true,
      string: "\ufeffBOM, \0 and \ufffd",
      bytes: Uint8Array.of(1, 2, 3),
      status: 77 as 0,
      inner: { name: "in", inner: { name: "deeper" } },
      nums: [0, -1, 0x7fffffff],
      items: [{}, { name: "b" }],
      maybe: 0,
      counts: new Map([
        ["__proto__", 1],
        ["", -1],
      ]),
      byId: new Map([[-1n, { name: "m" }]]),
      choice: { case: "sub", value: {} },
      doubles: [Math.PI, -0],
    });
    const copy = Everything.decode(message.encode());
    expect(copy).toEqual(message);
    expect(copy.encode()).toEqual(message.encode());
  });

  it("accepts packed and unpacked values, mixed", () => {
    expectDecoded("900101 92010202 03 900104 9201 00", { nums: [1, 2, 3, 4] });
    expectDecoded("ca0108 000000000000f03f c901 0000000000000040", { doubles: [1, 2] });
  });

  it("merges a message that occurs twice, and replaces a scalar", () => {
    expectDecoded("8a0103 0a0161 8a0105 12030a0162 8a0105 12030a0163", {
      inner: { name: "a", inner: { name: "c" } },
    });
    expectDecoded("0801 0802", { int32: 2 });
  });

  it("keeps the last member of a oneof, and merges a message member with itself", () => {
    expectDecoded("ba010178 c20100", { choice: { case: "sub", value: {} } });
    expectDecoded("c201030a0161 c20100", { choice: { case: "sub", value: { name: "a" } } });
    expectDecoded("c201030a0161 ba010178", { choice: { case: "text", value: "x" } });
  });

  it("fills in what a map entry lacks; the last entry of a key wins whole", () => {
    expectDecoded("aa0100 aa01021007", { counts: new Map([["", 7]]) });
    expectDecoded("aa0105 1005 0a0161", { counts: new Map([["a", 5]]) });
    expectDecoded("b20107080112030a0178 b2010408011200", { byId: new Map([[1n, {}]]) });
    // Unknown fields of an entry are dropped.
    expectDecoded("aa0107 0a0161 3801 1002", { counts: new Map([["a", 2]]) });
  });

  it("takes the low 32 bits of a longer varint, and any bit as true", () => {
    expectDecoded("08 8180808010", { int32: 1 });
    expectDecoded("08 ffffffff0f", { int32: -1 });
    expectDecoded("18 8180808010", { uint32: 1 });
    expectDecoded("68 808080808001", { bool: true });
    expectDecoded("68 8000", { bool: false });
  });

  it("accepts varints of up to ten bytes, also longer than needed", () => {
    expectDecoded("08 81808080808080808000", { int32: 1 });
    expectDecoded("10 ffffffffffffffffff7f", { int64: -1n });
    expectDecoded("8880808000 01", { int32: 1 });
    expectDecoded("8800 01", { int32: 1 });
  });

  it("copies bytes, also from a Buffer", () => {
    const input = Buffer.from(hex("7a020102"));
    const { bytes } = Everything.decode(input);
    input.fill(0);
    expect(bytes).toEqual(Uint8Array.of(1, 2));
  });

  it("reads a view that does not begin at the start of its buffer", () => {
    const all = hex("ffff 0805 ffff");
    expect(Everything.decode(all.subarray(2, 4)).int32).toBe(5);
  });

  describe("keeps unknown fields byte for byte and in order", () => {
    it.each([
      ["every wire type", "e03e01 e93e0102030405060708 f23e02aabb fd3e01020304"],
      ["groups", "c301 c301 0801 c401 0a0161 c401"],
    ])("%s", (_, bytes) => {
      expect(toHex(decoded(bytes).encode())).toBe(bytes.replaceAll(" ", ""));
    });

    it("a wrong wire type for a known field", () => {
      const message = decoded("0d01020304 7001 0805");
      expect(message.int32).toBe(5);
      expect(toHex(message.$unknown ?? hex(""))).toBe("0d010203047001");
    });

    it("of the message and of nested messages, between known fields", () => {
      const message = decoded("e03e01 0805 8a0105 3801 0a0161 e03e02 8a0102 3802");
      expect(toHex(message.$unknown ?? hex(""))).toBe("e03e01e03e02");
      expect(toHex(message.inner?.$unknown ?? hex(""))).toBe("38013802");
      expect(toHex(message.encode())).toBe("08058a01070a016138013802e03e01e03e02");
    });

    it("in time that grows with their number only", () => {
      const bytes = new Uint8Array(2_000_000);
      for (let i = 0; i < bytes.length; i += 10) bytes.set(hex("8a0102 3801 e03e05 0801"), i);
      const message = Everything.decode(bytes);
      expect(message.$unknown?.length).toBe(600_000);
      expect(message.inner?.$unknown?.length).toBe(400_000);
    });
  });

  it("reads many strings of a message one after the other, of any length and alphabet", () => {
    const characters = [..."abc é€😀 defg".repeat(5)];
    const names = Array.from({ length: 300 }, (_, i) => characters.slice(i % 7, i % 47).join(""));
    for (const list of [names, names.map((name) => name.replace(/[^a-z]/g, "-"))]) {
      const bytes = new Everything({ items: list.map((name) => ({ name })) }).encode();
      const among = new Uint8Array(bytes.length + 2000).fill(0x7a);
      among.set(bytes, 1000);
      for (const input of [bytes, among.subarray(1000, 1000 + bytes.length)]) {
        expect(Everything.decode(input).items.map(({ name }) => name)).toEqual(list);
      }
    }
  });

  it("reads strings as strictly as TextDecoder does, short and long", () => {
    // What decides: ASCII, first and later bytes of two, three and four, and bytes that are never valid.
    const telling = [
      0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xdf, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xff,
    ];
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    let state = 1;
    const below = (limit: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % limit;
    };
    let valid = 0;
    for (let i = 0; i < 5_000; i++) {
      const content = Uint8Array.from({ length: below(40) }, () =>
        below(5) === 0 ? telling[below(telling.length)]! : 0x61 + below(26),
      );
      let expected: string | undefined;
      try {
        expected = strict.decode(content);
      } catch {
        expected = undefined;
      }
      const decode = () => Everything.decode(Uint8Array.from([0x72, content.length, ...content]));
      if (expected === undefined) {
        expect(decode).toThrow("not valid UTF-8");
      } else {
        valid++;
        expect(decode().string).toBe(expected);
      }
    }
    expect(valid).toBeGreaterThan(500);
  });

  it.each<[string, string, string]>([
    ["field number 0", "0001", ": the field number is 0 (at byte 0)"],
    ["field number 0 after a field", "0801 0201", ": the field number is 0 (at byte 2)"],
    ["a field number above 2^29-1", "888080801001", ": the field number is too large (at byte 0)"],
    ["a missing value", "08", ".int32: the message ends in the middle of a value (at byte 1)"],
    ["a cut varint", "0880", ".int32: the message ends in the middle of a value (at byte 1)"],
    ["a cut tag", "80", ": the message ends in the middle of a value (at byte 0)"],
    [
      "an eleven-byte varint",
      "0880808080808080808080 00",
      ".int32: a varint is longer than ten bytes (at byte 1)",
    ],
    [
      "a cut fixed32",
      "3d010203",
      ".fixed32: the message ends in the middle of a value (at byte 1)",
    ],
    [
      "a cut double",
      "6101020304050607",
      ".double: the message ends in the middle of a value (at byte 1)",
    ],
    [
      "a string past the end",
      "720261",
      ".string: the length runs past the end of the message (at byte 1)",
    ],
    [
      "a huge length",
      "72ffffffff0f",
      ".string: the length runs past the end of the message (at byte 1)",
    ],
    [
      "a 64-bit length",
      "72ffffffffffffffffff01",
      ".string: the length runs past the end of the message (at byte 1)",
    ],
    ["invalid UTF-8", "7201ff", ".string: the string is not valid UTF-8 (at byte 2)"],
    ["an encoded surrogate", "7203eda080", ".string: the string is not valid UTF-8 (at byte 2)"],
    ["overlong UTF-8", "7202c080", ".string: the string is not valid UTF-8 (at byte 2)"],
    [
      "a code point above U+10FFFF",
      "7204f4908080",
      ".string: the string is not valid UTF-8 (at byte 2)",
    ],
    [
      "invalid UTF-8 in a long string",
      `7214${"61".repeat(19)}80`,
      ".string: the string is not valid UTF-8 (at byte 2)",
    ],
    [
      "invalid UTF-8 in a map key",
      "aa01030a01ff",
      ".counts: the string is not valid UTF-8 (at byte 5)",
    ],
    [
      "a sub-message that is cut inside itself",
      "8a01020a05 6162636465",
      ".inner.name: the length runs past the end of the message (at byte 4)",
    ],
    [
      "a tag that goes on behind the end of its message",
      "8a0101 80 01 00",
      ".inner: the message ends in the middle of a value (at byte 3)",
    ],
    [
      "a cut string in a message in a map",
      "b20106 0801 12020a05",
      ".byId.name: the length runs past the end of the message (at byte 8)",
    ],
    [
      "a number that is cut at the end of a map entry",
      "aa0101 10 05",
      ".counts: the message ends in the middle of a value (at byte 4)",
    ],
    [
      "a map entry that is cut behind a message",
      "b20103 1200 08",
      ".byId: the message ends in the middle of a value (at byte 6)",
    ],
    [
      "a cut string behind a message",
      "8a0100 7205",
      ".string: the length runs past the end of the message (at byte 4)",
    ],
    [
      "a packed value past its block",
      "92010180 01",
      ".nums: the message ends in the middle of a value (at byte 3)",
    ],
    [
      "packed doubles that don't come out even",
      `ca0107${"00".repeat(8)}`,
      ".doubles: the message ends in the middle of a value (at byte 3)",
    ],
    [
      "a map entry that is cut",
      "aa01020a05 6162636465",
      ".counts: the length runs past the end of the message (at byte 4)",
    ],
    [
      "a cut unknown field",
      "e23e05 0102",
      ".1004: the length runs past the end of the message (at byte 2)",
    ],
    ["a stray end of group", "0c", ".int32: a group ends that did not begin (at byte 0)"],
    [
      "the end of another group",
      "c301 cc01",
      ".doubles: a group ends that did not begin (at byte 2)",
    ],
    ["a group without end", "c301 0801", ".sub: a group does not end (at byte 0)"],
    ["wire type 6", "0e", ".int32: wire type 6 does not exist (at byte 0)"],
    ["wire type 7", "0f", ".int32: wire type 7 does not exist (at byte 0)"],
  ])("refuses %s", (_, bytes, message) => {
    let error: unknown;
    try {
      decoded(bytes);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(WireError);
    expect((error as WireError).message).toBe(`test.v1.Everything${message}`);
  });

  it("names the place also for the decoder of another copy of the package", async () => {
    jest.resetModules();
    const copy = await import("./decode.js");
    expect(copy.decodeMessage).not.toBe(decodeMessage);
    expect(() => copy.decodeMessage(Everything, hex("8a01020a05"))).toThrow(
      new WireError(
        "the length runs past the end of the message",
        "test.v1.Everything.inner.name",
        4,
      ),
    );
  });

  it("counts offsets from the start of the message", () => {
    expect(() => Everything.decode(hex("ffff08").subarray(2))).toThrow(/\(at byte 1\)/);
  });

  it("refuses anything that is no Uint8Array", () => {
    const input: unknown = new ArrayBuffer(4);
    expect(() => Everything.decode(input as Uint8Array)).toThrow(
      "test.v1.Everything: expected a Uint8Array",
    );
  });

  it("accepts 100 levels of nesting and refuses more, however many", () => {
    expect(() => Inner.decode(nested(100))).not.toThrow();
    expect(() => Inner.decode(nested(101))).toThrow(/nested more than 100 levels deep/);
    expect(() => Inner.decode(nested(3000))).toThrow(/nested more than 100 levels deep/);
    const groups = new Uint8Array(100_000).fill(0x2b);
    expect(() => Inner.decode(groups)).toThrow(/nested more than 100 levels deep/);
  });

  it("refuses a reader that stops before the end", () => {
    class Lazy extends Inner {
      static override read(): void {}
    }
    expect(() => decodeMessage(Lazy, hex("0a0161"))).toThrow(WireError);
  });

  it("works again after an error", () => {
    expect(() => decoded("8a0103 3801 80")).toThrow(WireError);
    expectDecoded("0801", { int32: 1 });
  });
});
