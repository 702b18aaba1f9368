import { fromJsonString, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";

import { createRegistry, JsonError, type JsonValue } from "@wplug/runtime";

import {
  Any,
  BytesValue,
  DoubleValue,
  Duration,
  Empty,
  FieldMask,
  FloatValue,
  Int32Value,
  Int64Value,
  ListValue,
  StringValue,
  Struct,
  structFrom,
  Timestamp,
  Value,
  valueFrom,
} from "./index.js";
import { attempt, newDifferences, stringify, type JsonPeer } from "./testing/json-peer.js";
import { referenceRegistry } from "./testing/random-well-known.js";

const protobufEs: JsonPeer = {
  write: (messages) =>
    messages.map(({ desc, bytes }) =>
      attempt(() => ({
        json: stringify(toJson(desc, fromBinary(desc, bytes), { registry: referenceRegistry })),
      })),
    ),
  read: (texts) =>
    texts.map(({ desc, json }) =>
      attempt(() => ({
        bytes: toBinary(desc, fromJsonString(desc, json, { registry: referenceRegistry })),
      })),
    ),
};

describe("proto3 JSON of random messages of all well-known types", () => {
  it("is what protobuf-es writes, and each reads what the other wrote", () => {
    const known = [
      {
        line: /the peer reads [^]*example\.com\/a\//,
        reason: "protobuf-es replaces the host in the URL of an Any by its own",
      },
      {
        line: /the type URL "" has no [^]*, the peer /,
        reason: "protobuf-es leaves out what an Any without type holds; it would not come back",
      },
      {
        line: /no path of fields, the peer /,
        reason: "protobuf-es writes paths that it, or another, does not read as the same",
      },
    ];
    expect(newDifferences(protobufEs, 300, known)).toEqual([]);
  });
});

/** A message with a value that the compiler would refuse, or that is out of range. */
function broken<T extends object>(message: T, fields: object): T {
  return Object.assign(message, fields);
}

describe("what has no JSON", () => {
  const registry = createRegistry(Duration, Empty);

  it.each<[string, { toJson(options?: object): JsonValue }, string]>([
    ["a path with a comma", new FieldMask({ paths: ["a,b"] }), '"a,b" is no path of fields'],
    ["an empty path", new FieldMask({ paths: [""] }), '"" is no path of fields'],
    ["an empty name in a path", new FieldMask({ paths: ["a..b"] }), '"a..b" is no path of fields'],
    ["a path of other letters", new FieldMask({ paths: ["é"] }), '"é" is no path of fields'],
    ["a path in camel case", new FieldMask({ paths: ["fooBar"] }), "it would not come back"],
    ["a path that is no text", broken(new FieldMask(), { paths: [5] }), "5 is no path of fields"],
    ["paths that are no list", broken(new FieldMask(), { paths: "ab" }), "expected an array"],
    ["a number beyond a float", new FloatValue({ value: 1e39 }), "1e+39 is too large for a float"],
    ["a number beyond int32", new Int32Value({ value: 2 ** 31 }), "out of the range of int32"],
    ["no whole number", new Int32Value({ value: 1.5 }), "expected int32, not 1.5"],
    ["NaN as an int32", new Int32Value({ value: NaN }), "expected int32, not NaN"],
    ["a number beyond int64", new Int64Value({ value: 1n << 63n }), "out of the range of int64"],
    ["a number as an int64", broken(new Int64Value(), { value: 5 }), "expected int64, not 5"],
    ["half a pair of surrogates", new StringValue({ value: "\ud800" }), "lone surrogate"],
    [
      "half of one in a Value",
      new Value({ kind: { case: "stringValue", value: "\udc00" } }),
      "lone",
    ],
    ["half of one in a name", new Struct({ fields: new Map([["\ud800", valueFrom(1)]]) }), "lone"],
    ["NaN in a Value", new ListValue({ values: [valueFrom(NaN)] }), "[0]: JSON has no number NaN"],
    ["a Value without kind", new Value(), "the value has no kind"],
    ["an unknown kind", broken(new Value(), { kind: { case: "x" } }), 'there is no case "x"'],
    ["fields that are no Map", broken(new Struct(), { fields: {} }), "expected a Map"],
    [
      "nanos that are no whole number",
      new Timestamp({ nanos: 0.5 }),
      "nanos: expected int32, not 0.5",
    ],
    [
      "seconds as a number",
      broken(new Duration(), { seconds: 1 }),
      "seconds: expected int64, not 1",
    ],
    [
      "bytes of no message",
      new Any({ typeUrl: "a/google.protobuf.Duration", value: Uint8Array.of(8) }),
      "the bytes are no google.protobuf.Duration",
    ],
    ["a value without type", new Any({ value: Uint8Array.of(1) }), 'the type URL "" has no "/"'],
  ])("%s is an error when it is written", (_, message, reason) => {
    expect(() => message.toJson({ registry })).toThrow(JsonError);
    expect(() => message.toJson({ registry })).toThrow(reason);
  });
});

describe("what is no JSON of a type", () => {
  const digits = "9".repeat(1_000_000);

  it.each<[string, () => unknown, string]>([
    ["a number of 400 digits", () => Value.fromJsonString("9".repeat(400)), "is too large"],
    ["a number of a million digits", () => Value.fromJsonString(digits), "is too large"],
    [
      "an int64 of a million digits",
      () => Int64Value.fromJsonString(`"${digits}"`),
      "out of the range of int64",
    ],
    [
      "an int64 with a large exponent",
      () => Int64Value.fromJson("1e999999999"),
      "out of the range of int64",
    ],
    ["an int64 with a small exponent", () => Int64Value.fromJson("1e-999999999"), "expected int64"],
    [
      "a duration of a million digits",
      () => Duration.fromJson(`${digits}s`),
      "more than 10,000 years",
    ],
    ["NaN that is no text", () => DoubleValue.fromJson(NaN), "expected double, not NaN"],
    ["NaN as a Value", () => Value.fromJson(NaN), "expected double, not NaN"],
    [
      "undefined as a Value",
      () => ListValue.fromJson([undefined as never]),
      "[0]: expected a value of JSON",
    ],
    [
      "half a pair of surrogates",
      () => Struct.fromJson({ a: "\ud800" }),
      '["a"]: the string has a lone',
    ],
    ["half of one in a name", () => Struct.fromJson({ "\ud800": 1 }), "lone surrogate"],
    [
      "an offset of a hundred hours",
      () => Timestamp.fromJson("2026-01-01T00:00:00+99:00"),
      "there is no time",
    ],
    [
      "a character that base64 has not",
      () => BytesValue.fromJson("AAA\u0141"),
      'expected base64, not "\u0141"',
    ],
    ["a blank in base64", () => BytesValue.fromJson("AA A"), 'expected base64, not " "'],
  ])("%s is an error at once", (_, read, reason) => {
    const start = performance.now();
    expect(read).toThrow(JsonError);
    expect(read).toThrow(reason);
    // It took seconds to parse the digits.
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("has whole numbers in any notation", () => {
    const read = (text: string) => Int64Value.fromJson(text).value;
    expect(
      ["0e999", "-0.0", "1.50e1", "12000e-3", "0.0012e4", "9.223372036854775807e18"].map(read),
    ).toEqual([0n, 0n, 15n, 12n, 12n, (1n << 63n) - 1n]);
  });
});

describe("names of members that objects have", () => {
  it("are members of a Struct, wherever it is", () => {
    const text = '{"__proto__":{"__proto__":[{"constructor":1}]},"toString":2}';
    expect(JSON.stringify(Struct.fromJsonString(text))).toBe(text);
    expect(JSON.stringify(Struct.fromJson(JSON.parse(text) as JsonValue))).toBe(text);
    const any = new Any({
      typeUrl: "a/google.protobuf.Struct",
      value: structFrom(JSON.parse(text) as never).encode(),
    });
    expect(JSON.stringify(any.toJson({ registry: createRegistry(Struct) }))).toContain(text);
  });
});

describe("an Empty in an Any", () => {
  const registry = createRegistry(Empty);
  const any = new Any({ typeUrl: "a/google.protobuf.Empty" });

  it("is read as Go writes it, and as all others do", () => {
    const json = { "@type": "a/google.protobuf.Empty" };
    expect(any.toJson({ registry })).toEqual(json);
    expect(Any.fromJson(json, { registry })).toEqual(any);
    expect(Any.fromJson({ ...json, value: {} }, { registry })).toEqual(any);
    expect(() => Any.fromJson({ ...json, value: 5 }, { registry })).toThrow('no field "value"');
    expect(() => Any.fromJson({ ...json, value: { a: 1 } }, { registry })).toThrow("no field");
  });
});

describe("an Any in an Any in an Any", () => {
  it("is as deep to the reader as to the writer", () => {
    const registry = createRegistry(Any, Duration);
    const nested = (depth: number): Any => {
      let any = new Any({ typeUrl: "a/google.protobuf.Duration", value: new Duration().encode() });
      for (let i = 2; i < depth; i++) {
        any = new Any({ typeUrl: "a/google.protobuf.Any", value: any.encode() });
      }
      return any;
    };
    const deepest = nested(100);
    expect(Any.fromJson(deepest.toJson({ registry }), { registry })).toEqual(deepest);
    expect(() => nested(101).toJson({ registry })).toThrow("nested deeper than 100 levels");
  });
});

describe("bytes", () => {
  it("become text in little memory", () => {
    const value = new Uint8Array(10_000_000).fill(7);
    const message = new BytesValue({ value });
    const before = process.memoryUsage().heapUsed;
    const json = message.toJson() as string;
    expect((process.memoryUsage().heapUsed - before) / value.length).toBeLessThan(4);
    expect(json).toBe(Buffer.from(value).toString("base64"));
    expect(Buffer.compare(BytesValue.fromJson(json).value, value)).toBe(0);
    expect(valueFrom(value).kind.value).toBe(json);
  });
});
