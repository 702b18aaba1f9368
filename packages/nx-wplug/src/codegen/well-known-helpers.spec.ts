import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { JsonValue } from "@wplug/runtime";
import {
  Any,
  Duration,
  FieldMask,
  Timestamp,
  Type,
  anyPack,
  durationAdd,
  durationCompare,
  durationFormat,
  durationFromNanos,
  durationNanos,
  durationSub,
  fieldMaskApply,
  fieldMaskIntersect,
  fieldMaskIsValid,
  fieldMaskNormalize,
  fieldMaskUnion,
  stringValue,
  timestampAdd,
  timestampCompare,
  timestampFormat,
  timestampFromNanos,
  timestampSub,
  valueFrom,
  valuePlain,
  type Value,
  type ValueInput,
} from "@wplug/well-known-types";

import { emitHostSdk } from "../host-sdk";
import { PluginWorkspace } from "../languages/assemblyscript/testing/plugin-workspace";
import { contractOf, type Protos } from "../testing/compile-inline";
import { loadGenerated } from "../testing/load-generated";
import { Random } from "../testing/random";

jest.setTimeout(60_000);

const SOURCE = join(__dirname, "../../../well-known-types/assembly-tests/helper.ts");

const protos: Protos = {
  "helper.proto": `
    syntax = "proto3";
    package helper;
    import "google/protobuf/any.proto";
    import "google/protobuf/duration.proto";
    import "google/protobuf/field_mask.proto";
    import "google/protobuf/struct.proto";
    import "google/protobuf/timestamp.proto";
    import "google/protobuf/type.proto";
    message Question {
      string name = 1;
      google.protobuf.Timestamp a = 2;
      google.protobuf.Timestamp b = 3;
      google.protobuf.Duration c = 4;
      google.protobuf.Duration d = 5;
      string text = 6;
      int64 number = 7;
      google.protobuf.Value value = 8;
      google.protobuf.Any any = 9;
      google.protobuf.FieldMask mask = 10;
      google.protobuf.FieldMask other = 11;
      google.protobuf.Type source = 12;
      google.protobuf.Type target = 13;
      google.protobuf.Value other_value = 14;
    }
    message Answer {
      string text = 1;
      int64 number = 2;
      google.protobuf.Timestamp timestamp = 3;
      google.protobuf.Duration duration = 4;
      google.protobuf.Value value = 5;
      google.protobuf.Any any = 6;
      repeated string paths = 7;
      bool yes = 8;
      google.protobuf.Type type = 9;
    }
    // go:plugin type=plugin version=1
    service Helper { rpc Run(Question) returns (Answer); }`,
};

interface Question {
  name: string;
  a?: Timestamp;
  b?: Timestamp;
  c?: Duration;
  d?: Duration;
  text?: string;
  number?: bigint;
  value?: Value;
  any?: Any;
  mask?: FieldMask;
  other?: FieldMask;
  source?: Type;
  target?: Type;
  otherValue?: Value;
}

interface Answer {
  text: string;
  number: bigint;
  timestamp?: Timestamp;
  duration?: Duration;
  value?: Value;
  any?: Any;
  paths: string[];
  yes: boolean;
  type?: Type;
}

describe("the functions for well-known types in AssemblyScript", () => {
  let ask: (name: string, question?: Omit<Question, "name">) => Answer;

  beforeAll(async () => {
    const contract = contractOf(protos);
    const { HelperPlugin } = await loadGenerated<{
      HelperPlugin: {
        load(wasm: Uint8Array): Promise<{ sync: { run(question: Question): Answer } }>;
      };
    }>(emitHostSdk(contract), "host.ts");
    const workspace = new PluginWorkspace(contract);
    workspace.write("plugins/greeter/assembly/index.ts", readFileSync(SOURCE, "utf8"));
    expect((await workspace.compile()).diagnostics).toEqual([]);
    const plugin = await HelperPlugin.load(workspace.module());
    workspace.dispose();
    ask = (name, question = {}) => plugin.sync.run({ name, ...question });
  });

  const at = (seconds: bigint, nanos = 0) => new Timestamp({ seconds, nanos });
  const lasting = (seconds: bigint, nanos = 0) => new Duration({ seconds, nanos });
  const plain = (message: Timestamp | Duration | undefined) => [message?.seconds, message?.nanos];

  it("do the same with times as those in TypeScript", () => {
    const random = new Random(7);
    const nanos = () =>
      BigInt(random.below(2 ** 31)) *
      BigInt(random.below(2 ** 31)) *
      (random.below(2) === 0 ? -1n : 1n);
    for (let i = 0; i < 2000; i++) {
      const [first, second] = [nanos(), nanos()];
      const [a, b] = [timestampFromNanos(first * 3n), timestampFromNanos(second)];
      const [c, d] = [durationFromNanos(first), durationFromNanos(second)];
      expect(plain(ask("timestampFromNanos", { number: second }).timestamp)).toEqual(plain(b));
      expect(ask("timestampNanos", { a: b }).number).toBe(second);
      const text = timestampFormat(a);
      expect(ask("timestampFormat", { a }).text).toBe(text);
      expect(plain(ask("timestampParse", { text }).timestamp)).toEqual(plain(a));
      expect(ask("timestampCompare", { a, b }).number).toBe(BigInt(timestampCompare(a, b)));
      expect(plain(ask("timestampAdd", { a, c }).timestamp)).toEqual(plain(timestampAdd(a, c)));
      expect(plain(ask("timestampSub", { a, b }).duration)).toEqual(plain(timestampSub(a, b)));
      expect(plain(ask("durationFromNanos", { number: first }).duration)).toEqual(plain(c));
      expect(ask("durationNanos", { c }).number).toBe(first);
      expect(ask("durationFormat", { c }).text).toBe(durationFormat(c));
      expect(plain(ask("durationParse", { text: durationFormat(c) }).duration)).toEqual(plain(c));
      expect(ask("durationCompare", { c, d }).number).toBe(BigInt(durationCompare(c, d)));
      expect(plain(ask("durationAdd", { c, d }).duration)).toEqual(plain(durationAdd(c, d)));
      expect(plain(ask("durationSub", { c, d }).duration)).toEqual(plain(durationSub(c, d)));
    }
  });

  it("take milliseconds, and the clock of the host", () => {
    expect(plain(ask("timestampFromMs", { number: -1500n }).timestamp)).toEqual([-2n, 500_000_000]);
    expect(ask("timestampMs", { a: at(-2n, 500_000_000) }).number).toBe(-1500n);
    expect(plain(ask("durationFromMs", { number: -1500n }).duration)).toEqual([-1n, -500_000_000]);
    expect(ask("durationMs", { c: lasting(-1n, -500_000_000) }).number).toBe(-1500n);
    const now = Number(ask("timestampNow").timestamp?.seconds);
    expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(5);
  });

  it("saturate where 64 bits end", () => {
    const most = (1n << 63n) - 1n;
    for (const c of [
      lasting(9_223_372_036n, 854_775_806),
      lasting(9_223_372_036n, 854_775_807),
      lasting(9_223_372_036n, 854_775_808),
      lasting(9_223_372_037n, -999_999_999),
      lasting(-9_223_372_036n, -854_775_808),
      lasting(-9_223_372_036n, -854_775_809),
      lasting(-9_223_372_037n, 999_999_999),
      lasting(most),
      lasting(-most),
      lasting(2n, -2_000_000_001),
    ]) {
      expect(ask("durationNanos", { c }).number).toBe(durationNanos(c));
    }
    expect(ask("timestampNanos", { a: at(253402300799n) }).number).toBe(most);
    expect(ask("timestampNanos", { a: at(-62135596800n) }).number).toBe(-most - 1n);
  });

  it("know both ends of what is valid, in Go's words", () => {
    for (const [a, text] of [
      [undefined, "invalid nil Timestamp"],
      [at(-62135596800n), ""],
      [at(-62135596801n), "timestamp (seconds:-62135596801) before 0001-01-01"],
      [at(253402300799n, 999_999_999), ""],
      [at(253402300800n), "timestamp (seconds:253402300800) after 9999-12-31"],
      [at(0n, -1), "timestamp (nanos:-1) has out-of-range nanos"],
    ] as const) {
      expect(ask("timestampCheckValid", a === undefined ? {} : { a }).text).toBe(text);
    }
    for (const [c, text] of [
      [undefined, "invalid nil Duration"],
      [lasting(315576000000n, 999_999_999), ""],
      [lasting(-315576000001n), "duration (seconds:-315576000001) exceeds -10000 years"],
      [lasting(315576000001n), "duration (seconds:315576000001) exceeds +10000 years"],
      [lasting(1n, 1_000_000_000), "duration (seconds:1 nanos:1000000000) has out-of-range nanos"],
      [lasting(-1n, 1), "duration (seconds:-1 nanos:1) has seconds and nanos with different signs"],
    ] as const) {
      expect(ask("durationCheckValid", c === undefined ? {} : { c }).text).toBe(text);
    }
    expect(ask("timestampFormat", { a: at(-62135596800n) }).text).toBe("0001-01-01T00:00:00Z");
    expect(ask("timestampFormat", { a: at(253402300799n, 1) }).text).toBe(
      "9999-12-31T23:59:59.000000001Z",
    );
  });

  it("read the same times and durations as those in TypeScript, and refuse the same", () => {
    for (const text of [
      "2026-01-31T12:00:00Z",
      "2026-01-31T12:00:00.5+01:00",
      "2024-02-29T00:00:00-23:59",
      "0001-01-01T00:00:00Z",
      "1600-02-29T23:59:59.123456789Z",
      "2023-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-04-31T00:00:00Z",
      "2026-01-31T24:00:00Z",
      "2026-01-31T12:60:00Z",
      "2026-01-31T12:00:60Z",
      "2026-01-31t12:00:00Z",
      "2026-01-31T12:00:00z",
      "2026-01-31T12:00:00",
      "2026-01-31T12:00:00.Z",
      "2026-01-31T12:00:00.1234567890Z",
      "2026-01-31T12:00:00+01:60",
      "2026-01-31T12:00:00+1:00",
      "0001-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01",
      "2026-01-31 12:00:00Z",
      "x026-01-31T12:00:00Z",
      "",
    ]) {
      expect([text, outcome(() => plain(ask("timestampParse", { text }).timestamp))]).toEqual([
        text,
        outcome(() => plain(Timestamp.fromJson(text))),
      ]);
    }
    for (const text of [
      "0s",
      "-0.5s",
      "1.000000001s",
      "315576000000s",
      "315576000001s",
      "1.s",
      ".5s",
      "1.0000000001s",
      "+1s",
      "1",
      "s",
      "-s",
      "1e3s",
      "99999999999999999999s",
      "",
    ]) {
      expect([text, outcome(() => plain(ask("durationParse", { text }).duration))]).toEqual([
        text,
        outcome(() => plain(Duration.fromJson(text))),
      ]);
    }
  });

  it("pack and unpack messages", () => {
    const a = at(5n, 6);
    const any = ask("anyPack", { a }).any;
    expect(any?.typeUrl).toBe("type.googleapis.com/google.protobuf.Timestamp");
    expect(any?.value).toEqual(a.encode());
    const packed = anyPack(a);
    expect(plain(ask("anyUnpack", { any: packed }).timestamp)).toEqual([5n, 6]);
    expect(ask("anyIs", { any: packed }).yes).toBe(true);
    expect(ask("anyIs", { any: anyPack(stringValue("x")) }).yes).toBe(false);
    expect(ask("anyIs").yes).toBe(false);
    expect(ask("anyMessageName", { any: packed }).text).toBe("google.protobuf.Timestamp");
    expect(() => ask("anyUnpack", { any: anyPack(stringValue("x")) })).toThrow("no timestamp");
    const broken = new Any({ typeUrl: packed.typeUrl, value: Uint8Array.of(255) });
    expect(() => ask("anyUnpack", { any: broken })).toThrow("no timestamp");
  });

  it("normalize, unite and intersect field masks as those in TypeScript", () => {
    const random = new Random(8);
    const make = () =>
      new FieldMask({
        paths: Array.from({ length: random.below(6) }, () =>
          Array.from(
            { length: 1 + random.below(3) },
            () => ["a", "b", "a_b", "c"][random.below(4)],
          ).join("."),
        ),
      });
    for (let i = 0; i < 500; i++) {
      const [mask, other] = [make(), make()];
      expect(ask("fieldMaskUnion", { mask, other }).paths).toEqual(
        fieldMaskUnion(mask, other).paths,
      );
      expect(ask("fieldMaskIntersect", { mask, other }).paths).toEqual(
        fieldMaskIntersect(mask, other).paths,
      );
      expect(ask("fieldMaskNormalize", { mask }).paths).toEqual(fieldMaskNormalize(mask).paths);
    }
    const mask = new FieldMask({ paths: ["a.b"] });
    expect(ask("fieldMaskCovers", { mask, text: "a.b.c" }).yes).toBe(true);
    expect(ask("fieldMaskCovers", { mask, text: "a.bc" }).yes).toBe(false);
  });

  it("check the paths of field masks, and apply them, as those in TypeScript", () => {
    const random = new Random(10);
    const text = () => "x".repeat(random.below(3) * 80);
    const make = () =>
      new Type({
        name: text(),
        fields: Array.from({ length: random.below(3) }, () => ({ name: text(), number: 5 })),
        oneofs: Array.from({ length: random.below(3) }, text),
        sourceContext: random.below(2) === 0 ? undefined : { fileName: text() },
        syntax: random.below(3),
        $unknown:
          random.below(3) === 0 ? Uint8Array.of(0x9b, 0x06, 0x08, 0x01, 0x9c, 0x06) : undefined,
      } as object);
    const all = [
      "name",
      "fields",
      "oneofs",
      "source_context",
      "source_context.file_name",
      "syntax",
    ];
    for (let i = 0; i < 1000; i++) {
      const mask = new FieldMask({ paths: all.filter(() => random.below(3) === 0) });
      const [source, target] = [make(), make()];
      const applied = ask("fieldMaskApply", { mask, source, target }).type;
      expect(applied?.encode()).toEqual(fieldMaskApply(mask, source, target).encode());
    }
    const wrong = ["", "Name", "sourceContext", "fields.name", "name.x", "source_context.", "x"];
    for (const path of [...all, ...wrong]) {
      const mask = new FieldMask({ paths: ["name", path] });
      expect(ask("fieldMaskIsValid", { mask }).yes).toBe(fieldMaskIsValid(mask, Type));
      if (!wrong.includes(path)) expect(ask("fieldMaskOf", { mask }).paths).toEqual(["name", path]);
      else expect(() => ask("fieldMaskOf", { mask })).toThrow("no such path");
    }
    const broken = { mask: new FieldMask({ paths: ["x"] }), source: make(), target: make() };
    expect(() => ask("fieldMaskApply", broken)).toThrow("no such path");
    for (const path of ["bool_value", "string_value", "number_value"]) {
      const mask = new FieldMask({ paths: [path] });
      const [value, otherValue] = [valueFrom("text"), valueFrom(true)];
      expect(valuePlain(ask("fieldMaskApplyToValue", { mask, value, otherValue }).value)).toEqual(
        valuePlain(fieldMaskApply(mask, value, otherValue)),
      );
    }
  });

  it("build and read values", () => {
    expect(valuePlain(ask("build").value)).toEqual({
      name: "Ada",
      list: [1, true, null],
      struct: { x: 0.5 },
    });
    const value = valueFrom({ name: "Ada", age: 36, yes: true, nothing: null, items: [1, 2] });
    expect(ask("read", { value }).text).toBe("Ada 36.0 true true 2 otherwise");
    expect(ask("read", { value: valueFrom({}) }).text).toBe("nobody -1.0 false true 0 otherwise");
    expect(ask("wrappers")).toMatchObject({ text: "s", number: -5n, yes: true });
  });

  it("write and read JSON text", () => {
    const random = new Random(9);
    const make = (depth: number): ValueInput => {
      switch (random.below(depth > 3 ? 4 : 6)) {
        case 0:
          return null;
        case 1:
          return random.below(2) === 0;
        case 2:
          return (random.below(2 ** 31) - 2 ** 30) / 2 ** random.below(20);
        case 3:
          return String.fromCodePoint(
            ...Array.from({ length: random.below(6) }, () => random.below(0xd800)),
            0x1f600,
          );
        case 4:
          return Array.from({ length: random.below(4) }, () => make(depth + 1));
        default:
          return Object.fromEntries(
            Array.from({ length: random.below(4) }, (_, i) => [`k${i}\n"`, make(depth + 1)]),
          );
      }
    };
    for (let i = 0; i < 1000; i++) {
      const input = make(0);
      const { text } = ask("valueToJson", { value: valueFrom(input) });
      expect(JSON.parse(text)).toEqual(input);
      const spaced = JSON.stringify(input, null, " \t");
      expect(valuePlain(ask("valueFromJson", { text: spaced }).value)).toEqual(input);
    }
    for (const text of [
      "1e3",
      "-0",
      "0.1",
      "1E-2",
      '"\\u00e9\\/\\b\\f\\ud83d\\ude00"',
      " [ ] ",
      "{}",
    ]) {
      expect(valuePlain(ask("valueFromJson", { text }).value)).toEqual(JSON.parse(text));
    }
    for (const number of [
      1e21, 1.5e-7, 123456789012345680000, -0.000001, 5e-324, 1.7976931348623157e308,
    ]) {
      const { text } = ask("valueToJson", { value: valueFrom(number) });
      expect(JSON.parse(text)).toBe(number);
    }
    expect(ask("valueToJson", { value: valueFrom([Number.NaN, Infinity, -Infinity]) }).text).toBe(
      '["NaN","Infinity","-Infinity"]',
    );
    expect(ask("structFromJson", { text: '{"a": [1]}' }).text).toBe('{"a":[1]}');
    expect(() => ask("structFromJson", { text: "[]" })).toThrow("no object");
  });

  it.each([
    "",
    "tru",
    "nulls",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "1e999",
    "[1,]",
    "[1",
    "{,}",
    '{"a"}',
    '{"a":}',
    "{a:1}",
    '"\n"',
    '"\\x"',
    '"\\u12"',
    '"',
    "1 2",
    "[".repeat(101) + "]".repeat(101),
    "[".repeat(100_000),
  ])("refuse what is no JSON: %.20s", (text) => {
    expect(() => ask("valueFromJson", { text })).toThrow("no JSON");
  });

  function outcome(action: () => JsonValue | unknown): unknown {
    try {
      return action();
    } catch {
      return "refused";
    }
  }
});
