import {
  DurationSchema,
  TimestampSchema,
  ValueSchema,
  anyPack as esPack,
  durationFromMs as esDurationFromMs,
  timestampFromMs as esTimestampFromMs,
  TypeSchema,
} from "@bufbuild/protobuf/wkt";
import { create, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { JsonError, WireError, createRegistry } from "@wplug/runtime";
import {
  Any,
  Duration,
  Field,
  FieldMask,
  ListValue,
  Option,
  SourceContext,
  StringValue,
  Struct,
  Timestamp,
  Type,
  Value,
  anyIs,
  anyMessageName,
  anyPack,
  anyUnpack,
  anyUnpackNew,
  boolValue,
  bytesValue,
  doubleValue,
  durationAdd,
  durationCheckValid,
  durationCompare,
  durationFormat,
  durationFromMs,
  durationFromNanos,
  durationIsValid,
  durationMs,
  durationNanos,
  durationParse,
  durationSub,
  fieldMaskAppend,
  fieldMaskApply,
  fieldMaskCovers,
  fieldMaskFrom,
  fieldMaskIntersect,
  fieldMaskIsValid,
  fieldMaskNormalize,
  fieldMaskOf,
  fieldMaskUnion,
  floatValue,
  int32Value,
  int64Value,
  listFrom,
  listFromJson,
  listPlain,
  listToJson,
  stringValue,
  structFrom,
  structFromJson,
  structGet,
  structPlain,
  structSet,
  structToJson,
  timestampAdd,
  timestampCheckValid,
  timestampCompare,
  timestampDate,
  timestampFormat,
  timestampFromDate,
  timestampFromMs,
  timestampFromNanos,
  timestampIsValid,
  timestampMs,
  timestampNanos,
  timestampNow,
  timestampParse,
  timestampSub,
  uint32Value,
  uint64Value,
  valueAsBool,
  valueAsList,
  valueAsNumber,
  valueAsString,
  valueAsStruct,
  valueBool,
  valueFrom,
  valueFromJson,
  valueIsNull,
  valueList,
  valueNull,
  valueNumber,
  valuePlain,
  valueString,
  valueStruct,
  valueToJson,
  type ValueInput,
} from "./index.js";

/** Numbers that are the same in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 11n) % BigInt(below));
  };
}

const at = (seconds: bigint, nanos = 0): Timestamp => new Timestamp({ seconds, nanos });
const lasting = (seconds: bigint, nanos = 0): Duration => new Duration({ seconds, nanos });

describe("Timestamp", () => {
  it("comes from dates, milliseconds and nanoseconds, and goes back", () => {
    const date = new Date("2026-01-31T12:00:00.250Z");
    const time = timestampFromDate(date);
    expect(time).toEqual(at(1769860800n, 250_000_000));
    expect(timestampDate(time)).toEqual(date);
    expect(timestampMs(time)).toBe(date.getTime());
    expect(timestampFromMs(-0.25)).toEqual(at(-1n, 999_750_000));
    expect(timestampFromNanos(-1n)).toEqual(at(-1n, 999_999_999));
    expect(timestampFromNanos(-1_000_000_000n)).toEqual(at(-1n));
    expect(timestampNanos(at(-1n, 999_999_999))).toBe(-1n);
    expect(timestampDate(at(-1n, 999_999_999))).toEqual(new Date(-1));
    expect(() => timestampFromDate(new Date(Number.NaN))).toThrow(RangeError);
    expect(Math.abs(timestampMs(timestampNow()) - Date.now())).toBeLessThan(1000);
    expect(timestampIsValid(timestampNow())).toBe(true);
  });

  it.each<[Timestamp | undefined, string]>([
    [undefined, "invalid nil Timestamp"],
    [at(-62135596801n), "timestamp (seconds:-62135596801) before 0001-01-01"],
    [at(-62135596801n, -1), "timestamp (seconds:-62135596801 nanos:-1) before 0001-01-01"],
    [at(253402300800n), "timestamp (seconds:253402300800) after 9999-12-31"],
    [at(0n, -1), "timestamp (nanos:-1) has out-of-range nanos"],
    [at(1n, 1_000_000_000), "timestamp (seconds:1 nanos:1000000000) has out-of-range nanos"],
  ])("that is not valid says so as Go does: %s", (time, text) => {
    expect(timestampIsValid(time)).toBe(false);
    expect(() => timestampCheckValid(time)).toThrow(new RangeError(text));
  });

  it("is valid up to both ends", () => {
    for (const time of [at(-62135596800n), at(253402300799n, 999_999_999), at(0n)]) {
      expect(timestampIsValid(time)).toBe(true);
      timestampCheckValid(time);
    }
    expect(timestampFormat(at(-62135596800n))).toBe("0001-01-01T00:00:00Z");
    expect(timestampFormat(at(253402300799n, 999_999_999))).toBe("9999-12-31T23:59:59.999999999Z");
  });

  it("is read from and written as RFC 3339", () => {
    expect(timestampParse("2026-01-31T12:00:00.5+01:00")).toEqual(at(1769857200n, 500_000_000));
    expect(timestampFormat(at(0n, 1000))).toBe("1970-01-01T00:00:00.000001Z");
    expect(() => timestampParse("yesterday")).toThrow(JsonError);
    expect(() => timestampFormat(at(253402300800n))).toThrow(JsonError);
  });

  it("is compared, added to and subtracted", () => {
    const early = at(5n, 900_000_000);
    const late = at(7n, 100_000_000);
    expect([timestampCompare(early, late), timestampCompare(late, early)]).toEqual([-1, 1]);
    expect(timestampCompare(early, at(5n, 900_000_000))).toBe(0);
    expect(timestampSub(late, early)).toEqual(lasting(1n, 200_000_000));
    expect(timestampSub(early, late)).toEqual(lasting(-1n, -200_000_000));
    expect(timestampAdd(early, lasting(-6n))).toEqual(at(-1n, 900_000_000));
  });
});

describe("Duration", () => {
  it("comes from milliseconds and nanoseconds, and goes back", () => {
    expect(durationFromMs(1500)).toEqual(lasting(1n, 500_000_000));
    expect(durationFromMs(-1500)).toEqual(lasting(-1n, -500_000_000));
    expect(durationFromMs(0.000001)).toEqual(lasting(0n, 1));
    expect(durationMs(lasting(-1n, -500_000_000))).toBe(-1500);
    expect(durationFromNanos(-1n)).toEqual(lasting(0n, -1));
    expect(() => durationFromMs(Infinity)).toThrow(RangeError);
  });

  it("saturates in nanoseconds, where go-plugin wraps around", () => {
    const max = (1n << 63n) - 1n;
    expect(durationNanos(lasting(9_223_372_036n, 854_775_807))).toBe(max);
    expect(durationNanos(lasting(9_223_372_036n, 854_775_808))).toBe(max);
    expect(durationNanos(lasting(315_576_000_000n))).toBe(max);
    expect(durationNanos(lasting(-9_223_372_036n, -854_775_808))).toBe(-max - 1n);
    expect(durationNanos(lasting(-315_576_000_000n))).toBe(-max - 1n);
  });

  it.each<[Duration | undefined, string]>([
    [undefined, "invalid nil Duration"],
    [lasting(-315576000001n), "duration (seconds:-315576000001) exceeds -10000 years"],
    [lasting(315576000001n), "duration (seconds:315576000001) exceeds +10000 years"],
    [lasting(0n, -1_000_000_000), "duration (nanos:-1000000000) has out-of-range nanos"],
    [lasting(1n, 1_000_000_000), "duration (seconds:1 nanos:1000000000) has out-of-range nanos"],
    [lasting(1n, -1), "duration (seconds:1 nanos:-1) has seconds and nanos with different signs"],
    [lasting(-1n, 1), "duration (seconds:-1 nanos:1) has seconds and nanos with different signs"],
  ])("that is not valid says so as Go does: %s", (duration, text) => {
    expect(durationIsValid(duration)).toBe(false);
    expect(() => durationCheckValid(duration)).toThrow(new RangeError(text));
  });

  it("is valid up to both ends", () => {
    for (const duration of [lasting(315576000000n), lasting(-315576000000n, -999_999_999)]) {
      expect(durationIsValid(duration)).toBe(true);
      durationCheckValid(duration);
      expect(durationParse(durationFormat(duration))).toEqual(duration);
    }
  });

  it("is read, written, compared, added and subtracted", () => {
    expect(durationParse("-1.5s")).toEqual(lasting(-1n, -500_000_000));
    expect(durationFormat(lasting(1n, 500_000_000))).toBe("1.500s");
    expect(() => durationParse("1.5")).toThrow(JsonError);
    const [short, long] = [lasting(1n, 600_000_000), lasting(2n, 500_000_000)];
    expect([durationCompare(short, long), durationCompare(long, short)]).toEqual([-1, 1]);
    expect(durationCompare(short, short.clone())).toBe(0);
    expect(durationAdd(short, long)).toEqual(lasting(4n, 100_000_000));
    expect(durationSub(short, long)).toEqual(lasting(0n, -900_000_000));
  });
});

describe("random times", () => {
  it("are the same to protobuf-es, in binary and in JSON", () => {
    const random = randomNumbers(1);
    for (let i = 0; i < 1000; i++) {
      const ms = random(2 ** 48) - random(2 ** 46);
      const time = timestampFromMs(ms);
      const duration = durationFromMs(ms);
      expect(time.encode()).toEqual(toBinary(TimestampSchema, esTimestampFromMs(ms)));
      expect(duration.encode()).toEqual(toBinary(DurationSchema, esDurationFromMs(ms)));
      const nanos = BigInt(random(2 ** 52)) * BigInt(random(4000)) * (random(2) === 0 ? -1n : 1n);
      const exact = timestampFromNanos(nanos);
      expect(timestampNanos(exact)).toBe(nanos);
      expect(timestampFormat(exact)).toBe(
        toJson(TimestampSchema, fromBinary(TimestampSchema, exact.encode())),
      );
      expect(timestampParse(timestampFormat(exact))).toEqual(exact);
      const length = durationFromNanos(nanos);
      expect(durationFormat(length)).toBe(
        toJson(DurationSchema, fromBinary(DurationSchema, length.encode())),
      );
      expect(durationParse(durationFormat(length))).toEqual(length);
      expect(durationIsValid(length)).toBe(true);
    }
  });
});

describe("Any", () => {
  const context = new SourceContext({ fileName: "a.proto" });

  it("packs and unpacks messages of a class", () => {
    const any = anyPack(context);
    expect(any.typeUrl).toBe("type.googleapis.com/google.protobuf.SourceContext");
    expect(anyMessageName(any)).toBe("google.protobuf.SourceContext");
    expect(anyIs(any, SourceContext)).toBe(true);
    expect(anyIs(any, Type)).toBe(false);
    expect(anyUnpack(any, SourceContext)).toEqual(context);
    expect(anyUnpackNew(any, createRegistry(Type, SourceContext))).toEqual(context);
    const theirs = esPack(TypeSchema, create(TypeSchema, { name: "T" }));
    expect(anyPack(new Type({ name: "T" }))).toMatchObject({ typeUrl: theirs.typeUrl });
  });

  it.each([
    "google.protobuf.SourceContext",
    "/google.protobuf.SourceContext",
    "a/b/google.protobuf.SourceContext",
  ])("knows the name in %s", (typeUrl) => {
    const any = new Any({ typeUrl, value: context.encode() });
    expect(anyUnpack(any, SourceContext)).toEqual(context);
  });

  it("says what it can't unpack", () => {
    expect(anyIs(undefined, Type)).toBe(false);
    expect(anyIs(new Any(), Type)).toBe(false);
    expect(() => anyUnpack(anyPack(context), Type)).toThrow(
      new TypeError(
        'mismatched message type: got "google.protobuf.SourceContext", want "google.protobuf.Type"',
      ),
    );
    expect(() => anyUnpackNew(new Any(), createRegistry())).toThrow(
      "the Any is empty: it has no type URL",
    );
    expect(() => anyUnpackNew(anyPack(context), createRegistry(Type))).toThrow(
      "google.protobuf.SourceContext is not in the registry: pass createRegistry(…) with its class",
    );
    const broken = new Any({ typeUrl: "x/google.protobuf.Type", value: Uint8Array.of(255) });
    expect(() => anyUnpack(broken, Type)).toThrow(WireError);
    expect(() => new Any({ typeUrl: "no-slash", value: Uint8Array.of(1) }).toJson()).toThrow(
      /no "\/" in front/,
    );
  });
});

describe("Value, Struct and ListValue", () => {
  const plain = { a: null, b: true, c: 1.5, d: "text", e: [1, [], {}], f: { g: [false] } };

  it("come from plain values, and go back", () => {
    expect(valuePlain(valueFrom(plain))).toEqual(plain);
    expect(structPlain(structFrom(plain))).toEqual(plain);
    expect(listPlain(listFrom([plain, 1]))).toEqual([plain, 1]);
    expect(structPlain(structFrom(new Map([["__proto__", 1]])))).toEqual(
      Object.fromEntries([["__proto__", 1]]),
    );
    expect(structPlain(undefined)).toEqual({});
    expect(listPlain(undefined)).toEqual([]);
    expect(valuePlain(undefined)).toBeNull();
    expect(valuePlain(new Value())).toBeNull();
    expect(structFrom({ a: undefined })).toEqual(new Struct());
    expect(listFrom([])).toEqual(new ListValue());
  });

  it("take what Go takes", () => {
    expect(valuePlain(valueFrom(2n ** 64n))).toBe(2 ** 64);
    expect(valuePlain(valueFrom(Uint8Array.of(250, 251, 252)))).toBe("+vv8");
    expect(valuePlain(valueFrom([Number.NaN, Infinity, -Infinity]))).toEqual([
      "NaN",
      "Infinity",
      "-Infinity",
    ]);
    expect(valuePlain(valueFrom(new Map([["k", [1]]])))).toEqual({ k: [1] });
  });

  it("are built and read one by one, and as text of JSON", () => {
    const struct = structSet(new Struct(), "name", valueString("Ada"));
    structSet(struct, "list", valueList(listFrom([1, true, null])));
    structSet(struct, "struct", valueStruct(structFromJson('{"x": 0.5}')));
    expect(structToJson(struct)).toBe('{"name":"Ada","list":[1,true,null],"struct":{"x":0.5}}');
    const [one, yes, nothing] = valueAsList(structGet(struct, "list"));
    expect([valueAsNumber(one), valueAsBool(yes), valueIsNull(nothing)]).toEqual([1, true, true]);
    expect(valueAsStruct(structGet(struct, "struct"))?.fields.size).toBe(1);
    expect(valueAsString(structGet(struct, "name"))).toBe("Ada");
    expect([valueNumber(1), valueBool(true), valueNull()]).toEqual([one, yes, nothing]);
    const absent = structGet(struct, "absent");
    expect([
      valueAsNumber(absent, -1),
      valueAsBool(absent, true),
      valueAsString(absent, "-"),
      valueAsList(absent),
      valueAsStruct(absent),
      valueIsNull(absent),
    ]).toEqual([-1, true, "-", [], undefined, true]);
    expect(valueToJson(valueFromJson("[1, {}]"))).toBe("[1,{}]");
    expect(listToJson(listFromJson("[]"))).toBe("[]");
    expect(() => structFromJson("[]")).toThrow(JsonError);
    expect(() => valueToJson(valueNumber(Number.NaN))).toThrow(JsonError);
  });

  it("refuse the rest", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    for (const [input, message] of [
      [() => 1, "invalid type: function"],
      [Symbol("s"), "invalid type: symbol"],
      [undefined, "invalid type: undefined"],
      [new Date(), "invalid type: Date"],
      ["\ud800", "invalid UTF-8 in string"],
      [{ "\udc00": 1 }, "invalid UTF-8 in string"],
      [circle, "the value is nested more than 100 deep"],
    ] as const) {
      expect(() => valueFrom(input as ValueInput)).toThrow(new TypeError(message));
    }
    expect(() => valueFrom(Number.NaN).toJson()).toThrow(JsonError);
  });

  it("that are random are the same to protobuf-es", () => {
    const random = randomNumbers(2);
    const make = (depth: number): ValueInput => {
      switch (random(depth > 3 ? 4 : 6)) {
        case 0:
          return null;
        case 1:
          return random(2) === 0;
        case 2:
          return (random(2 ** 40) - 2 ** 39) / 2 ** random(20);
        case 3:
          return String.fromCodePoint(
            ...Array.from({ length: random(5) }, () => 0x20 + random(0xd000)),
          );
        case 4:
          return Array.from({ length: random(4) }, () => make(depth + 1));
        default:
          return Object.fromEntries(
            Array.from({ length: random(4) }, (_, i) => [`k${i}`, make(depth + 1)]),
          );
      }
    };
    for (let i = 0; i < 1000; i++) {
      const input = make(0);
      const value = valueFrom(input);
      expect(valuePlain(value)).toEqual(input);
      const theirs = fromBinary(ValueSchema, value.encode());
      expect(toJson(ValueSchema, theirs)).toEqual(value.toJson());
      expect(Value.decode(toBinary(ValueSchema, fromJson(ValueSchema, value.toJson())))).toEqual(
        value,
      );
    }
  });
});

describe("FieldMask", () => {
  const mask = (...paths: string[]): FieldMask => new FieldMask({ paths });

  it("is made of paths that the message has", () => {
    expect(fieldMaskOf(Type, "name", "source_context.file_name").paths).toEqual([
      "name",
      "source_context.file_name",
    ]);
    expect(fieldMaskIsValid(mask("fields", "syntax", "source_context"), Type)).toBe(true);
    expect(fieldMaskIsValid(undefined, Type)).toBe(true);
    for (const path of ["", "Name", "sourceContext", "fields.name", "name.x", "source_context."]) {
      expect(fieldMaskIsValid(mask(path), Type)).toBe(false);
    }
    const before = mask("name");
    expect(() => fieldMaskAppend(before, Type, "fields", "nope")).toThrow(
      new TypeError('invalid path "nope" for message "google.protobuf.Type"'),
    );
    expect(before.paths).toEqual(["name"]);
    expect(fieldMaskAppend(before, Type, "fields").paths).toEqual(["name", "fields"]);
  });

  it("is normalized, united and intersected", () => {
    expect(fieldMaskNormalize(mask("b", "a.b", "a", "a-c", "a.b.c", "b")).paths).toEqual([
      "a",
      "a-c",
      "b",
    ]);
    expect(fieldMaskUnion(mask("a.b", "c"), mask("a"), mask()).paths).toEqual(["a", "c"]);
    expect(fieldMaskUnion().paths).toEqual([]);
    expect(fieldMaskIntersect(mask("a", "b.c", "d"), mask("a.x", "b", "e")).paths).toEqual([
      "a.x",
      "b.c",
    ]);
    expect(fieldMaskIntersect(mask("a", "b"), mask("a.b.c", "b"), mask("a.b")).paths).toEqual([
      "a.b.c",
    ]);
    expect(fieldMaskIntersect(mask("a"), mask("b")).paths).toEqual([]);
    expect(fieldMaskFrom(["a.b"])).toEqual(mask("a.b"));
    expect(fieldMaskCovers(mask("a.b"), "a.b.c")).toBe(true);
    expect(fieldMaskCovers(mask("a.b"), "a.bc")).toBe(false);
  });

  it("says what is copied from one message to another", () => {
    const source = new Type({
      name: "new",
      fields: [new Field({ name: "f" })],
      sourceContext: new SourceContext({ fileName: "new.proto" }),
    });
    const target = new Type({
      name: "old",
      oneofs: ["kept"],
      options: [new Option({ name: "o" })],
    });
    const before = target.clone();
    const paths = mask("name", "fields", "source_context.file_name", "options");
    const result = fieldMaskApply(paths, source, target);
    expect(result).toEqual(
      new Type({
        name: "new",
        fields: [new Field({ name: "f" })],
        oneofs: ["kept"],
        sourceContext: new SourceContext({ fileName: "new.proto" }),
      }),
    );
    expect(target).toEqual(before);
    source.fields[0]!.name = "changed";
    expect(result.fields[0]!.name).toBe("f");
    expect(
      fieldMaskApply(mask("source_context"), new Type(), result).sourceContext,
    ).toBeUndefined();
    const inner = mask("source_context.file_name");
    expect(fieldMaskApply(inner, new Type(), result).sourceContext).toEqual(new SourceContext());
    expect(fieldMaskApply(inner, new Type(), new Type()).sourceContext).toBeUndefined();
    expect(() => fieldMaskApply(mask("name", "nope"), source, target)).toThrow(TypeError);
  });

  it("sets and clears members of a oneof", () => {
    const text = valueFrom("text");
    const flag = valueFrom(true);
    expect(fieldMaskApply(mask("bool_value"), text, flag.clone())).toEqual(new Value());
    expect(fieldMaskApply(mask("string_value"), text, flag.clone())).toEqual(text);
    expect(fieldMaskApply(mask("number_value"), text, flag.clone())).toEqual(flag);
  });
});

describe("wrappers", () => {
  it("are made of their values", () => {
    expect(stringValue("a")).toEqual(new StringValue({ value: "a" }));
    const all = [
      boolValue(true),
      bytesValue(Uint8Array.of(1)),
      doubleValue(1.5),
      floatValue(0.5),
      int32Value(-1),
      int64Value(-1n),
      uint32Value(1),
      uint64Value(1n),
    ];
    expect(all.map((it) => it.toJson())).toEqual([true, "AQ==", 1.5, 0.5, -1, "-1", 1, "1"]);
  });
});
