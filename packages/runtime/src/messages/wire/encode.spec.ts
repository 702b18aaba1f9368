import { Everything, Inner } from "../../testing/everything.js";
import { toHex } from "../../testing/hex.js";
import type { MessageInit } from "./message-type.js";
import { scratch } from "./encode.js";
import { WireError } from "./wire-error.js";

const encoded = (init: MessageInit<Everything>): string => toHex(new Everything(init).encode());

/** Sets a field to what the compiler would refuse, as a JavaScript caller can. */
function broken(field: keyof Everything, value: unknown): Everything {
  return Object.assign(new Everything(), { [field]: value });
}

describe("encodeMessage", () => {
  it("writes nothing for default values", () => {
    expect(encoded({})).toBe("");
    expect(encoded({ int32: 0, string: "", bool: false, bytes: new Uint8Array(0), nums: [] })).toBe(
      "",
    );
  });

  it.each<[string, MessageInit<Everything>, string]>([
    ["int32", { int32: 150 }, "089601"],
    ["negative int32 in ten bytes", { int32: -1 }, "08ffffffffffffffffff01"],
    ["smallest int32", { int32: -0x80000000 }, "0880808080f8ffffffff01"],
    ["int64", { int64: 1n << 40n }, "10808080808020"],
    ["negative int64", { int64: -2n }, "10feffffffffffffffff01"],
    ["uint32", { uint32: 0xffffffff }, "18ffffffff0f"],
    ["uint64", { uint64: 0xffffffffffffffffn }, "20ffffffffffffffffff01"],
    ["sint32", { sint32: -3 }, "2805"],
    ["smallest sint32", { sint32: -0x80000000 }, "28ffffffff0f"],
    ["sint64", { sint64: -(1n << 63n) }, "30ffffffffffffffffff01"],
    ["sint64 across both halves", { sint64: 1n << 31n }, "308080808010"],
    ["fixed32", { fixed32: 0x12345678 }, "3d78563412"],
    ["fixed64", { fixed64: 0x1122334455667788n }, "418877665544332211"],
    ["sfixed32", { sfixed32: -1 }, "4dffffffff"],
    ["sfixed64", { sfixed64: -2n }, "51feffffffffffffff"],
    ["float", { float: 1.5 }, "5d0000c03f"],
    ["double", { double: -2 }, "6100000000000000c0"],
    ["minus zero", { float: -0, double: -0 }, "5d00000080610000000000000080"],
    ["bool", { bool: true }, "6801"],
    ["string", { string: "é€😀" }, "7209c3a9e282acf09f9880"],
    ["bytes", { bytes: Uint8Array.of(0, 255) }, "7a0200ff"],
    ["enum", { status: 1 }, "800101"],
    ["unknown enum number", { status: -1 as 0 }, "8001ffffffffffffffffff01"],
    ["message", { inner: { name: "a" } }, "8a01030a0161"],
    ["empty message", { inner: {} }, "8a0100"],
    ["packed", { nums: [1, 150, -1] }, "92010d019601ffffffffffffffffff01"],
    ["repeated messages", { items: [{ name: "a" }, {}] }, "9a01030a01619a0100"],
    ["optional zero", { maybe: 0 }, "a00100"],
    ["map with key and value always", { counts: new Map([["", 0]]) }, "aa01040a001000"],
    ["map of messages", { byId: new Map([[1n, { name: "x" }]]) }, "b20107080112030a0178"],
    ["oneof default", { choice: { case: "text", value: "" } }, "ba0100"],
    ["oneof message", { choice: { case: "sub", value: { name: "x" } } }, "c201030a0178"],
    ["unpacked", { doubles: [1] }, "c901000000000000f03f"],
  ])("writes %s", (_, init, bytes) => {
    expect(encoded(init)).toBe(bytes);
  });

  it.each([39, 40, 41, 127, 128, 5000, 20_000])("writes a string of %d characters", (length) => {
    for (const character of ["a", "é", "€", "😀"]) {
      const string = character.repeat(length / character.length);
      const bytes = new TextEncoder().encode(string);
      const message = new Everything({ string }).encode();
      expect(Buffer.from(message).subarray(-bytes.length).equals(bytes)).toBe(true);
      expect(Everything.decode(message).string).toBe(string);
    }
  });

  it("moves a nested message whose length needs more than one byte", () => {
    for (const length of [100, 127, 128, 16_384, 3_000_000]) {
      const name = "x".repeat(length);
      const init = {
        inner: { inner: { name } },
        string: "s",
        nums: new Array<number>(length % 999).fill(7),
      };
      expect(Everything.decode(new Everything(init).encode())).toEqual(new Everything(init));
    }
  });

  it.each(["a\ud800b", "\udc00", `\udfff${"x".repeat(50)}`, `${"é".repeat(50)}\ud800`])(
    "refuses a lone surrogate: %j",
    (string) => {
      expect(() => encoded({ string })).toThrow(
        /^test\.v1\.Everything\.string: expected a string without lone surrogates, got "/,
      );
    },
  );

  it.each<[string, MessageInit<Everything>]>([
    ["a message", { inner: {} }],
    ["packed values", { nums: [-1, -1] }],
    ["an optional value", { maybe: -1 }],
    ["a map", { counts: new Map([["k", -1]]) }],
    ["a string", { choice: { case: "text", value: "a" } }],
    ["doubles", { doubles: [Math.PI, Math.E] }],
  ])("makes room for %s in time, wherever its place is", (_, value) => {
    for (let length = 4040; length < 4100; length++) {
      const message = new Everything({ ...value, bytes: new Uint8Array(length) });
      scratch.allocate(4096);
      const bytes = message.encode();
      scratch.allocate(1 << 16);
      expect(Buffer.compare(bytes, message.encode())).toBe(0);
    }
  });

  it.each([1, 31, 32, 33, 100])("writes %d bytes", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => 255 - i);
    expect(Everything.decode(new Everything({ bytes }).encode()).bytes).toEqual(bytes);
  });

  it("gives a large scratch back", () => {
    new Everything({ bytes: new Uint8Array(3 << 20) }).encode();
    expect(scratch.buffer.length).toBeLessThanOrEqual(1 << 20);
    expect(scratch.position).toBe(0);
  });

  it("writes the entries of maps in the order of their keys where that is asked for", () => {
    // U+FB01 comes before U+1F30D in UTF-8 and after its surrogates in UTF-16.
    const keys = ["\u{1f30d}", "\ufb01", "b", "a", "", "ab", "é"];
    const message = new Everything({ counts: new Map(keys.map((key, i) => [key, i])) });
    const read = (bytes: Uint8Array) => [...Everything.decode(bytes).counts.keys()];
    expect(read(message.encode({ deterministic: true }))).toEqual(
      [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
    expect(read(message.encode())).toEqual(keys);
    const ids = new Everything({ byId: new Map([5n, -1n, 0n].map((id) => [id, {}])) });
    expect([...Everything.decode(ids.encode({ deterministic: true })).byId.keys()]).toEqual([
      -1n,
      0n,
      5n,
    ]);
  });

  it("forgets how an encode that failed was asked for", () => {
    expect(() => broken("int32", "x").encode({ deterministic: true })).toThrow(WireError);
    expect(scratch.deterministic).toBe(false);
  });

  it("allows an encode inside an encode", () => {
    const message = new Everything({ string: "outer", bytes: Uint8Array.of(1) });
    Object.defineProperty(message, "bytes", {
      get: () => new Everything({ string: "inner".repeat(10_000) }).encode().subarray(0, 1),
    });
    expect(toHex(message.encode())).toBe("72056f757465727a0172");
  });

  it("leaves an error of an encode inside an encode as it is", () => {
    const message = new Everything({ inner: {} });
    Object.defineProperty(message.inner, "name", {
      get: () => broken("int32", "x").encode(),
    });
    expect(() => message.encode()).toThrow(
      new WireError('test.v1.Everything.int32: expected an int32, got "x"'),
    );
  });

  it.each<[keyof Everything, unknown, string]>([
    ["int32", 5_000_000_000, "int32: expected an int32, got 5000000000"],
    ["int32", 1.5, "int32: expected an int32, got 1.5"],
    ["int32", "5", 'int32: expected an int32, got "5"'],
    ["int32", undefined, "int32: expected an int32, got undefined"],
    ["uint32", -1, "uint32: expected a uint32, got -1"],
    ["sint32", Number.NaN, "sint32: expected an int32, got NaN"],
    ["fixed32", 2 ** 32, "fixed32: expected a uint32, got 4294967296"],
    ["sfixed32", 2 ** 31, "sfixed32: expected an int32, got 2147483648"],
    ["int64", 5, "int64: expected a bigint, got 5"],
    ["int64", 1n << 63n, "int64: expected an int64, got 9223372036854775808n"],
    ["uint64", -1n, "uint64: expected a uint64, got -1n"],
    ["sint64", null, "sint64: expected a bigint, got null"],
    ["fixed64", 1n << 64n, "fixed64: expected a uint64, got 18446744073709551616n"],
    ["sfixed64", "1", 'sfixed64: expected a bigint, got "1"'],
    ["float", 1e39, "float: expected a float, got 1e+39"],
    ["float", "1", 'float: expected a number, got "1"'],
    ["double", null, "double: expected a number, got null"],
    ["bool", 1, "bool: expected a boolean, got 1"],
    ["string", 7, "string: expected a string, got 7"],
    ["bytes", [1], "bytes: expected a Uint8Array, got an object (Array)"],
    ["inner", "x", 'inner: expected test.v1.Inner, got "x"'],
    ["nums", ["x"], 'nums: expected an int32, got "x"'],
    ["counts", new Map([["a", "x"]]), 'counts: expected an int32, got "x"'],
    ["inner", { name: 5 }, "inner.name: expected a string, got 5"],
    ["byId", new Map([[1n, { name: 5 }]]), "byId.name: expected a string, got 5"],
    ["items", [{ name: "", inner: { name: 5 } }], "items.inner.name: expected a string, got 5"],
  ])("refuses %s = %p and names the field", (field, value, message) => {
    expect(() => broken(field, value).encode()).toThrow(
      new WireError(`test.v1.Everything.${message}`),
    );
    expect(scratch.position).toBe(0);
  });

  it("accepts the bounds of float", () => {
    for (const float of [3.4028234663852886e38, -3.4028234663852886e38, Infinity, -Infinity]) {
      expect(Everything.decode(new Everything({ float }).encode()).float).toBe(float);
    }
    expect(Everything.decode(new Everything({ float: Number.NaN }).encode()).float).toBeNaN();
  });

  it("refuses a message that contains itself", () => {
    const inner = new Inner();
    inner.inner = inner;
    expect(() => inner.encode()).toThrow(
      /nested more than 100 levels deep \(does one contain itself\?\)/,
    );
  });
});
