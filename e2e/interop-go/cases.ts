/**
 * What every plugin answers in every host. A case is a row of the table, and is written once.
 */
import {
  Empty,
  Field,
  Field_Cardinality,
  Field_Kind,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  listFrom,
  Method,
  Mixin,
  NullValue,
  Option,
  structFrom,
  Syntax,
  timestampParse,
  valueFrom,
} from "@wplug/well-known-types";

import { GreetReply, GreetRequest } from "../greeter/gen/index.js";
import {
  Choice,
  Collections,
  Color,
  Descriptions,
  Fields,
  Fields_Nested_Kind,
  KnownTypes,
  Presence,
  Text,
} from "./gen/index.js";
import type { AnyMessage, HostUnderTest, Outcome } from "./host-under-test.js";
import type { Language, Subject } from "./subject.js";

export interface Case {
  readonly name: string;
  /** The language that can do it at all, if there is only one. */
  readonly only?: Language;
  /** The language that can't. */
  readonly not?: Language;
  /** The host that can do it at all, if there is only one. */
  readonly onlyIn?: HostUnderTest["kind"];
  /** Whether it takes what WASI has. */
  readonly isOfSystem?: boolean;
  /** @throws Error that says what was expected */
  run(subject: Subject): Promise<void>;
}

interface Comparable extends AnyMessage {
  encode(options?: { deterministic: boolean }): Uint8Array;
  toJson(): unknown;
}

interface Class<T> {
  decode(bytes: Uint8Array): T;
}

/** An rpc that is answered. */
function answers<T extends Comparable>(
  name: string,
  method: string,
  request: AnyMessage,
  reply: T,
): Case {
  return {
    name,
    run: async (subject) => expectReply(await subject.call(method, request), reply),
  };
}

/** Several of them. */
function all(name: string, ...cases: readonly Case[]): Case {
  return {
    name,
    async run(subject) {
      for (const one of cases) await one.run(subject);
    },
  };
}

function expectReply<T extends Comparable>(outcome: Outcome, expected: T): void {
  if (outcome.error !== undefined) throw new Error(`an error: ${outcome.error}`);
  const type = expected.constructor as unknown as Class<T>;
  const reply = type.decode(outcome.reply);
  // Bytes, as -0 is equal to 0.
  if (hex(reply) === hex(expected)) return;
  throw new Error(`answered ${inspect(reply)} instead of ${inspect(expected)}`);
}

function hex(message: Comparable): string {
  return Buffer.from(message.encode({ deterministic: true })).toString("hex");
}

function inspect(message: Comparable): string {
  return `${JSON.stringify(message.toJson())} (${hex(message)})`;
}

function expectError(outcome: Outcome, expected: string | RegExp): void {
  const { error } = outcome;
  if (error === undefined) throw new Error(`no error, but ${String(expected)} was expected`);
  const fits = typeof expected === "string" ? error === expected : expected.test(error);
  if (!fits) throw new Error(`the error is ${error}, not ${String(expected)}`);
}

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what} is ${a}, not ${b}`);
}

/** How both hosts say that the plugin answered with an error. */
const pluginError = (subject: Subject, text: string): string =>
  subject.host === "go" ? text : `PluginError: ${text}`;

const text = (value: string): Text => new Text({ text: value });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);

const fields: readonly Case[] = [
  answers("one string", "greet", text("Ada"), text("Hello, Ada")),
  answers(
    "every kind of field",
    "change",
    new Fields({
      double: 1.5,
      float: -0.25,
      int32: -7,
      int64: -8n,
      uint32: 9,
      uint64: 10n,
      sint32: -11,
      sint64: -12n,
      fixed32: 13,
      fixed64: 14n,
      sfixed32: -15,
      sfixed64: -16n,
      bool: true,
      string: "text",
      bytes: bytes(1, 2),
      list: ["first"],
      map: new Map([["one", { number: 1 }]]),
      nested: { kind: Fields_Nested_Kind.UNKNOWN, text: "inside" },
      color: Color.RED,
    }),
    new Fields({
      double: 3,
      float: -0.5,
      int32: -6,
      int64: -7n,
      uint32: 10,
      uint64: 11n,
      sint32: -10,
      sint64: -11n,
      fixed32: 14,
      fixed64: 15n,
      sfixed32: -14,
      sfixed64: -15n,
      string: "text!",
      bytes: bytes(1, 2, 0xff),
      list: ["first", "last"],
      map: new Map([
        ["one", { number: 2 }],
        ["new", {}],
      ]),
      nested: { kind: Fields_Nested_Kind.KNOWN, text: "inside!" },
      color: Color.GREEN,
    }),
  ),
  answers(
    "no field set",
    "change",
    new Fields(),
    new Fields({
      int32: 1,
      int64: 1n,
      uint32: 1,
      uint64: 1n,
      sint32: 1,
      sint64: 1n,
      fixed32: 1,
      fixed64: 1n,
      sfixed32: 1,
      sfixed64: 1n,
      bool: true,
      string: "!",
      bytes: bytes(0xff),
      list: ["last"],
      map: new Map([["new", {}]]),
      nested: {},
      color: Color.RED,
    }),
  ),
  all(
    "largest and smallest numbers",
    answers(
      "largest",
      "change",
      new Fields({
        double: 2 ** 1022,
        float: 2 ** 126,
        int32: 0x7fffffff,
        int64: 0x7fffffffffffffffn,
        uint32: 0xffffffff,
        uint64: 0xffffffffffffffffn,
        sint32: 0x7fffffff,
        sint64: 0x7fffffffffffffffn,
        fixed32: 0xffffffff,
        fixed64: 0xffffffffffffffffn,
        sfixed32: 0x7fffffff,
        sfixed64: 0x7fffffffffffffffn,
      }),
      changed({
        double: 2 ** 1023,
        float: 2 ** 127,
        int32: -0x80000000,
        int64: -0x8000000000000000n,
        sint32: -0x80000000,
        sint64: -0x8000000000000000n,
        sfixed32: -0x80000000,
        sfixed64: -0x8000000000000000n,
      }),
    ),
    answers(
      "smallest",
      "change",
      new Fields({
        double: 2 ** -1074,
        float: 2 ** -149,
        int32: -0x80000000,
        int64: -0x8000000000000000n,
        sint32: -0x80000000,
        sint64: -0x8000000000000000n,
        sfixed32: -0x80000000,
        sfixed64: -0x8000000000000000n,
        uint64: 0x7fffffffffffffffn,
        fixed64: 0x7fffffffffffffffn,
        uint32: 0x7fffffff,
        fixed32: 0x7fffffff,
      }),
      changed({
        double: 2 ** -1073,
        float: 2 ** -148,
        int32: -0x7fffffff,
        int64: -0x7fffffffffffffffn,
        sint32: -0x7fffffff,
        sint64: -0x7fffffffffffffffn,
        sfixed32: -0x7fffffff,
        sfixed64: -0x7fffffffffffffffn,
        uint64: 0x8000000000000000n,
        fixed64: 0x8000000000000000n,
        uint32: 0x80000000,
        fixed32: 0x80000000,
      }),
    ),
  ),
  all(
    "infinity, not a number",
    ...[Infinity, -Infinity, NaN].map((value) =>
      answers(
        String(value),
        "change",
        new Fields({ ...numbers(-1), double: value, float: value }),
        changed({ double: value, float: value }),
      ),
    ),
  ),
  answers(
    "negative zero",
    "change",
    new Fields({ ...numbers(-1), double: -0, float: -0 }),
    changed({ double: -0, float: -0 }),
  ),
  all(
    "enum numbers with and without a name",
    answers(
      "none",
      "change",
      new Fields({ ...numbers(-1), color: 41 as Color }),
      changed({ color: 42 as Color }),
    ),
    answers(
      "negative",
      "change",
      new Fields({ ...numbers(-1), color: Color.NEGATIVE }),
      changed({ color: Color.BLACK }),
    ),
  ),
  all(
    "Unicode, NUL and all bytes",
    answers("string", "greet", text("a\0é€😀\u{10ffff}"), text("Hello, a\0é€😀\u{10ffff}")),
    answers(
      "bytes",
      "change",
      new Fields({ ...numbers(-1), bytes: allBytes }),
      changed({ bytes: Uint8Array.from([...allBytes, 0xff]) }),
    ),
  ),
  answers("a megabyte", "greet", text("x".repeat(1 << 20)), text(`Hello, ${"x".repeat(1 << 20)}`)),
];

/** Integers that are `value`, so that a change makes them zero when it is -1. */
function numbers(value: -1): Partial<Fields> {
  const [wide, unsigned] = [BigInt(value), BigInt.asUintN(64, BigInt(value))];
  return {
    int32: value,
    int64: wide,
    uint32: value >>> 0,
    uint64: unsigned,
    sint32: value,
    sint64: wide,
    fixed32: value >>> 0,
    fixed64: unsigned,
    sfixed32: value,
    sfixed64: wide,
  };
}

/** What a change makes of everything that is not named. */
function changed(init: Partial<Fields>): Fields {
  return new Fields({
    bool: true,
    string: "!",
    bytes: bytes(0xff),
    list: ["last"],
    map: new Map([["new", {}]]),
    nested: {},
    color: Color.RED,
    ...init,
  });
}

const big = 0xfedcba9876543210n;
const collections: readonly Case[] = [
  answers(
    "lists of every kind",
    "collect",
    new Collections({
      doubles: [1.5, 0, -0, NaN],
      floats: [1.5, 0, Infinity],
      int32s: [1, 0, -1],
      int64s: [1n, 0n, -1n],
      uint32s: [1, 0, 0xffffffff],
      uint64s: [1n, 0n, big],
      sint32s: [1, 0, -1],
      sint64s: [1n, 0n, -1n],
      fixed32s: [1, 0, 0xffffffff],
      fixed64s: [1n, 0n, big],
      sfixed32s: [1, 0, -1],
      sfixed64s: [1n, 0n, -1n],
      bools: [true, false, false],
      strings: ["a", "", "c"],
      bytes: [bytes(1), bytes(), bytes(3)],
      colors: [Color.RED, Color.BLACK, 42 as Color],
      numbers: [{ number: 1 }, {}, { number: 3 }],
      unpacked: [1, 0, -1],
    }),
    new Collections({
      doubles: [NaN, -0, 0, 1.5],
      floats: [Infinity, 0, 1.5],
      int32s: [-1, 0, 1],
      int64s: [-1n, 0n, 1n],
      uint32s: [0xffffffff, 0, 1],
      uint64s: [big, 0n, 1n],
      sint32s: [-1, 0, 1],
      sint64s: [-1n, 0n, 1n],
      fixed32s: [0xffffffff, 0, 1],
      fixed64s: [big, 0n, 1n],
      sfixed32s: [-1, 0, 1],
      sfixed64s: [-1n, 0n, 1n],
      bools: [false, false, true],
      strings: ["c", "", "a"],
      bytes: [bytes(3), bytes(), bytes(1)],
      colors: [42 as Color, Color.BLACK, Color.RED],
      numbers: [{ number: 3 }, {}, { number: 1 }],
      unpacked: [-1, 0, 1],
    }),
  ),
  answers(
    "maps of every kind",
    "collect",
    new Collections(maps("", true)),
    new Collections(maps("!", false)),
  ),
  answers("no entries", "collect", new Collections(), new Collections()),
];

function maps(after: string, withGone: boolean): Partial<Collections> {
  const by = <K>(...keys: K[]): Map<K, string> =>
    new Map(keys.map((key) => [key, `${String(key)}${after}`]));
  const of = <V>(value: V, zero: V): Map<string, V> =>
    new Map([["", value], ["zero", zero], ...(withGone ? [["gone", value] as const] : [])]);
  return {
    byInt32: by(-1, 0, 1),
    byInt64: by(-1n, 0n, 1n),
    byUint32: by(0, 0xffffffff),
    byUint64: by(0n, big),
    bySint32: by(-1, 0, 1),
    bySint64: by(-1n, 0n, 1n),
    byFixed32: by(0, 0xffffffff),
    byFixed64: by(0n, big),
    bySfixed32: by(-1, 0, 1),
    bySfixed64: by(-1n, 0n, 1n),
    byBool: by(false, true),
    byString: by("", "é"),
    doubleOf: of(1.5, 0),
    sint64Of: of(-1n, 0n),
    fixed32Of: of(0xffffffff, 0),
    boolOf: of(true, false),
    bytesOf: of(bytes(1), bytes()),
    colorOf: of<Color>(Color.GREEN, Color.BLACK),
    numberOf: of<object>({ number: 1 }, {}) as Collections["numberOf"],
    timestampOf: of<object>({ seconds: 1n }, {}) as Collections["timestampOf"],
  };
}

const zeros = {
  double: 0,
  float: 0,
  int32: 0,
  int64: 0n,
  uint32: 0,
  sint64: 0n,
  fixed32: 0,
  sfixed64: 0n,
  bool: false,
  string: "",
  bytes: bytes(),
  color: Color.BLACK,
  number: {},
};
const presence: readonly Case[] = [
  answers("optional fields that are not set", "toggle", new Presence(), new Presence(zeros)),
  answers("optional fields that are zero", "toggle", new Presence(zeros), new Presence()),
  all(
    "oneof",
    answers("not set", "choose", new Choice(), choice({ case: "text", value: "" })),
    ...(
      [
        [
          { case: "text", value: "abc" },
          { case: "number", value: 3 },
        ],
        [
          { case: "number", value: 2 },
          { case: "bytes", value: bytes(0, 0) },
        ],
        [
          { case: "number", value: 0 },
          { case: "bytes", value: bytes() },
        ],
        [
          { case: "bytes", value: bytes(1) },
          { case: "message", value: { number: 1 } },
        ],
        [
          { case: "message", value: {} },
          { case: "flag", value: true },
        ],
        [
          { case: "message", value: { number: 1 } },
          { case: "flag", value: false },
        ],
        [{ case: "flag", value: false }, { case: undefined }],
      ] as const
    ).map(([from, to]) => answers(String(from.case), "choose", choice(from), choice(to))),
  ),
];

function choice(value: object): Choice {
  return new Choice({ choice: value as Choice["choice"] });
}

const knownTypes: readonly Case[] = [
  answers(
    "well-known types",
    "know",
    new KnownTypes({
      timestamp: timestampParse("2026-11-24T23:59:59.999999999Z"),
      duration: { seconds: 3n, nanos: 500_000_000 },
      any: { typeUrl: "type.googleapis.com/google.protobuf.Empty", value: bytes(1, 2) },
      struct: structFrom({ name: "Ada", list: [1, null, { deep: true }] }),
      value: valueFrom(null),
      list: listFrom([1, "two", false]),
      source: { fileName: "a.proto" },
      double: { value: 0.5 },
      float: { value: 0.5 },
      int64: { value: -2n },
      uint64: { value: big },
      int32: { value: -2 },
      uint32: { value: 0xfffffffe },
      bool: { value: true },
      string: { value: "text" },
      bytes: { value: bytes(1, 2) },
      timestamps: [timestampParse("0001-01-01T00:00:00Z")],
    }),
    new KnownTypes({
      timestamp: timestampParse("2026-11-25T00:00:00.999999999Z"),
      duration: { seconds: -3n, nanos: -500_000_000 },
      any: { typeUrl: "type.googleapis.com/google.protobuf.Empty!", value: bytes(1, 2) },
      struct: structFrom({ name: "Ada", list: [1, null, { deep: true }], seen: true }),
      value: valueFrom("a value"),
      list: listFrom([false, "two", 1]),
      source: { fileName: "a.proto!" },
      double: { value: 1 },
      float: { value: 1 },
      int64: { value: -1n },
      uint64: { value: big + 1n },
      int32: { value: -1 },
      uint32: { value: 0xffffffff },
      bool: {},
      string: { value: "text!" },
      bytes: { value: bytes(0, 0) },
      timestamps: [timestampParse("0001-01-01T00:00:00Z"), {}],
    }),
  ),
];

/** Types of type.proto, api.proto, field_mask.proto and descriptor.proto, and enums. */
function descriptions(when: "before" | "after", part: Descriptions["part"]): Descriptions {
  const isAfter = when === "after";
  const mark = isAfter ? "!" : "";
  const fields = [
    new Field({
      kind: Field_Kind.TYPE_INT64,
      cardinality: Field_Cardinality.REPEATED,
      number: 1,
      name: "first",
      oneofIndex: 2,
      packed: true,
      jsonName: "First",
    }),
    new Field({
      kind: isAfter ? Field_Kind.TYPE_BOOL : Field_Kind.TYPE_MESSAGE,
      typeUrl: "type.googleapis.com/Text",
      defaultValue: "x",
    }),
  ];
  const option = (more: string) =>
    new Option({ name: "an option", value: { typeUrl: `a/b${more}`, value: bytes(1, 2) } });
  const gone = isAfter ? [] : [["gone", { paths: ["gone"] }] as const];
  return new Descriptions({
    empty: {},
    mask: { paths: ["a", "b.c", ...(isAfter ? ["last"] : [])] },
    messageType: {
      name: `Text${mark}`,
      fields: isAfter ? [...fields].reverse() : fields,
      oneofs: ["one", "of"],
      options: [option(mark)],
      sourceContext: { fileName: `a.proto${mark}` },
      syntax: Syntax.PROTO3,
    },
    enumType: {
      name: `Color${mark}`,
      enumvalue: [{ name: "RED", number: isAfter ? -1 : -2, options: [option("")] }],
      syntax: Syntax.PROTO3,
    },
    api: {
      name: `Greeter${mark}`,
      methods: [
        {
          name: "Greet",
          requestTypeUrl: "a/Text",
          requestStreaming: true,
          responseTypeUrl: "a/Text",
          responseStreaming: isAfter,
          options: [option("")],
          syntax: Syntax.PROTO3,
        },
      ],
      version: "v1",
      sourceContext: { fileName: "a.proto" },
      mixins: [{ name: "mixed", root: "in" }, ...(isAfter ? [{ name: "last" }] : [])],
    },
    file: {
      name: `a.proto${mark}`,
      dependency: ["b.proto", ...(isAfter ? ["last"] : [])],
      publicDependency: [0],
      messageType: [
        {
          name: "Text",
          field: [
            {
              name: "text",
              ...(isAfter ? {} : { number: 0 }),
              label: FieldDescriptorProto_Label.OPTIONAL,
              type: FieldDescriptorProto_Type.STRING,
              proto3Optional: false,
            },
          ],
        },
      ],
      options: { deprecated: true },
      syntax: "proto3",
    },
    syntax: isAfter ? Syntax.PROTO3 : Syntax.PROTO2,
    kind: isAfter ? Field_Kind.TYPE_FLOAT : Field_Kind.TYPE_DOUBLE,
    cardinality: isAfter ? Field_Cardinality.REPEATED : Field_Cardinality.REQUIRED,
    ...(isAfter ? { nullValue: NullValue.NULL_VALUE } : {}),
    nullValues: isAfter ? [NullValue.NULL_VALUE, NullValue.NULL_VALUE] : [NullValue.NULL_VALUE],
    enumValues: [{ name: "first", number: 3 }, ...(isAfter ? [{ name: "last" }] : [])],
    maskOf: new Map([["a", { paths: ["a"] }], ["b", {}], ...gone]),
    syntaxOf: new Map([
      ["proto3", Syntax.PROTO3],
      ...(isAfter ? [] : [["gone", Syntax.PROTO3] as const]),
    ]),
    part,
  });
}

const describedTypes: readonly Case[] = [
  all(
    "well-known types that describe others",
    ...(
      [
        [
          { case: "method", value: new Method({ name: "Greet" }) },
          { case: "method", value: new Method({ name: "Greet!" }) },
        ],
        [
          { case: "mixin", value: new Mixin({ name: "a" }) },
          { case: "mixin", value: new Mixin({ name: "a", root: "!" }) },
        ],
        [
          { case: "field", value: new Field({ number: 1 }) },
          { case: "field", value: new Field({ number: 1, jsonName: "!" }) },
        ],
        [
          { case: "option", value: new Option({ name: "o" }) },
          { case: "option", value: new Option({ name: "o!" }) },
        ],
        [{ case: undefined }, { case: undefined }],
      ] as const
    ).map(([from, to]) =>
      answers(
        String(from.case),
        "describe",
        descriptions("before", from),
        descriptions("after", to),
      ),
    ),
  ),
];

const calls: readonly Case[] = [
  answers("an empty request", "fill", new Empty(), text("filled")),
  answers("an empty reply", "drop", text("dropped"), new Empty()),
  answers("an empty request and an empty reply", "nothing", new Empty(), new Empty()),
  {
    name: "an error",
    run: async (subject) =>
      expectError(
        await subject.call("fail", text("no such user: é€😀")),
        pluginError(subject, "no such user: é€😀"),
      ),
  },
  {
    name: "an error without text",
    run: async (subject) =>
      expectError(
        await subject.call("fail", text("")),
        subject.host === "go" ? "" : /^PluginError/,
      ),
  },
  answers("a call after an error", "greet", text("again"), text("Hello, again")),
  answers("a host function", "ask", text("life"), text("answer to life")),
  {
    name: "a host function without a reply, and one without a request",
    async run(subject) {
      const outcome = await subject.call("tell", text("news"));
      expectReply(outcome, text("tick"));
      expectEqual("the log", outcome.log, ["news"]);
    },
  },
  answers("a host function of a library", "count", text("12345"), text("5")),
  answers("a large answer of a host function", "ask", text("large"), text("x".repeat(100_000))),
];

const system: readonly Case[] = (
  [
    answers("a file", "readFile", text("/data/hello.txt"), text("hello from a file")),
    {
      name: "a file that is not there",
      run: async (subject) => expectError(await subject.call("readFile", text("/data/none")), /./),
    },
    {
      name: "a file that is to read only",
      async run(subject) {
        expectError(await subject.call("writeFile", text("/data/hello.txt")), /./);
        expectReply(
          await subject.call("readFile", text("/data/hello.txt")),
          text("hello from a file"),
        );
      },
    },
    {
      name: "stdout and stderr",
      async run(subject) {
        const { stdout, stderr } = await subject.call("print", text("héllo"));
        expectEqual("stdout", stdout, "out: héllo\n");
        expectEqual("stderr", stderr, "err: héllo\n");
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, isOfSystem: true }));

const versions: readonly Case[] = [
  {
    name: "another version of the contract",
    async run(subject) {
      const sentence = "API version mismatch, host: 2, plugin: 1";
      const { error = "" } = await subject.load("next");
      // We say where and what to do after it.
      expectEqual(
        "the error",
        error.slice(error.indexOf("API")).slice(0, sentence.length),
        sentence,
      );
      if (subject.host === "go") expectEqual("the error", error, sentence);
    },
  },
  {
    name: "a service that the plugin does not have",
    run: async (subject) =>
      expectError(await subject.load("other"), /\bother_api_version is not exported\b/),
  },
];

const MIB = 1 << 20;

/** How many MiB a plugin may grow by in many calls. Go's collector takes its time, and in Go's host even longer. */
function limitOf({ host, language }: Subject, isLarge: boolean): number {
  if (language === "assemblyscript" || language === "typescript" || language === "c") {
    return isLarge ? 2 : 0;
  }
  if (!isLarge) return 8;
  return host === "go" ? 128 : 16;
}

/** How many MiB a host's process may grow by: over a million calls, a hundred bytes for each. */
const HOST_LIMIT = 96;

interface Repetition {
  readonly times: number;
  readonly isLarge?: boolean;
  readonly error?: string;
}

/** Makes many calls and looks at the memory of the plugin and of its host before and after most of them. */
function staysFlat(
  name: string,
  method: string,
  request: AnyMessage,
  { times, isLarge = false, error }: Repetition,
): Case {
  return {
    name,
    async run(subject) {
      // As a plugin that has just started: what the other cases needed would hide a leak.
      await subject.reload();
      // QuickJS compiled by wazero takes 40 µs for the shortest call, and minutes for all of them.
      const isSlow = subject.host === "go" && subject.language === "typescript";
      const count = isSlow ? times / 10 : times;
      const warm = await subject.repeat(method, request, count / 10);
      const after = await subject.repeat(method, request, count);
      const expected = error === undefined ? undefined : pluginError(subject, error);
      expectEqual("the error", after.error, expected);
      const growth = (after.memory - warm.memory) / MIB;
      if (growth > limitOf(subject, isLarge)) {
        throw new Error(`grows by ${Math.round(growth)} MiB`);
      }
      const hostGrowth = (after.resident - warm.resident) / MIB - growth;
      if (hostGrowth > HOST_LIMIT) {
        throw new Error(`the host's process grows by ${Math.round(hostGrowth)} MiB`);
      }
      subject.note(`${(after.memory / MIB).toFixed(1)} MiB${isSlow ? " (a tenth)" : ""}`);
    },
  };
}

const memory: readonly Case[] = [
  staysFlat("1,000,000 calls", "greet", text("Ada"), { times: 1_000_000 }),
  staysFlat("100,000 errors", "fail", text("no such user"), {
    times: 100_000,
    error: "no such user",
  }),
  staysFlat("100,000 calls with two host functions", "tell", text("Ada"), { times: 100_000 }),
  staysFlat("2,000 requests of 100 kB", "drop", text("x".repeat(100_000)), {
    times: 2000,
    isLarge: true,
  }),
  staysFlat("2,000 host-function results of 100 kB", "ask", text("large"), {
    times: 2000,
    isLarge: true,
  }),
];

/** A call that ends the instance: in our host every later call says why. */
function retires(name: string, how: string, typescript: RegExp, go: RegExp): Case {
  return {
    name,
    async run(subject) {
      const outcome = await subject.call("crash", text(how));
      const later = await subject.call("greet", text("again"));
      subject.isBroken();
      expectError(outcome, subject.host === "go" ? go : typescript);
      if (subject.host === "go") return;
      expectError(later, /^PluginRetiredError: greet: the plugin is not usable any more/);
    },
  };
}

/** Calls that end in the middle, after which go-plugin's host calls on. Each leaves behind what it had on the stack. */
function survives(name: string, method: string, request: AnyMessage, goError: RegExp): Case {
  return {
    name,
    onlyIn: "go",
    async run(subject) {
      await subject.reload();
      const last = await subject.repeat(method, request, 2000);
      const later = await subject.call("greet", text("again"));
      const echo = await subject.call("change", new Fields({ string: "still", int32: 1 }));
      subject.isBroken();
      expectError(last, goError);
      expectReply(later, text("Hello, again"));
      expectEqual("a field", Fields.decode(echo.reply).string, "still!");
    },
  };
}

const failures: readonly Case[] = [
  {
    name: "a host function that fails",
    async run(subject) {
      const outcome = await subject.call("ask", text("fail"));
      subject.isBroken();
      const typescript =
        /^HostFunctionError: host function env.answer failed: the host does not know/;
      expectError(outcome, subject.host === "go" ? /^the host does not know/ : typescript);
    },
  },
  survives(
    "calls after 2,000 host functions that failed",
    "ask",
    text("fail"),
    /^the host does not know/,
  ),
  {
    ...survives("calls after 2,000 panics", "crash", text("panic"), /unreachable|exit_code/),
    not: "typescript",
  },
  {
    ...retires(
      "a panic",
      "panic",
      /^PluginTrapError: crash trapped: (panic: |panicked at src\/lib\.rs:\d+:\d+:\n)thrown on purpose/,
      /unreachable|exit_code/,
    ),
    not: "typescript",
  },
  {
    name: "an exception, after which the plugin goes on",
    only: "typescript",
    async run(subject) {
      const { error, stderr } = await subject.call("crash", text("panic"));
      expectEqual("the error", error, pluginError(subject, "thrown on purpose"));
      const place = /^Error: thrown on purpose\n {4}at crash \(src\/index\.ts:\d+:\d+\)\n/;
      if (!place.test(stderr)) throw new Error(`stderr is ${stderr}`);
      expectReply(await subject.call("greet", text("again")), text("Hello, again"));
    },
  },
  {
    ...retires("an exit", "exit", /^PluginExitError: .*exit code 3/, /exit_code\(3\)/),
    isOfSystem: true,
  },
  {
    ...retires(
      "a deadlock",
      "deadlock",
      /^PluginTrapError: .*all goroutines are asleep - deadlock/,
      /unreachable|exit_code/,
    ),
    only: "go",
  },
];

/** The cases of interop.v1. */
export const interopCases: readonly Case[] = [
  ...fields,
  ...collections,
  ...presence,
  ...knownTypes,
  ...describedTypes,
  ...calls,
  ...system,
  ...versions,
  ...memory,
  ...failures,
];

/** The cases of greeter.v1, which the plugin in C implements. */
export const greeterCases: readonly Case[] = [
  {
    name: "a call that uses a host function and prints",
    async run(subject) {
      const outcome = await subject.call("sayHello", new GreetRequest({ name: "Ada" }));
      expectReply(outcome, new GreetReply({ message: "Hello, Countess Ada" }));
      expectEqual("stdout", outcome.stdout, "greeting Ada\n");
    },
  },
  answers(
    "a host function with an empty answer",
    "sayHello",
    new GreetRequest({ name: "Bob" }),
    new GreetReply({ message: "Hello, Bob" }),
  ),
  answers(
    "a long text",
    "sayHello",
    new GreetRequest({ name: "é".repeat(5000) }),
    new GreetReply({ message: `Hello, ${"é".repeat(5000)}` }),
  ),
  {
    name: "an error, for an empty request",
    run: async (subject) =>
      expectError(
        await subject.call("sayHello", new GreetRequest()),
        pluginError(subject, "a name is needed"),
      ),
  },
  staysFlat("100,000 calls", "sayHello", new GreetRequest({ name: "Ada" }), {
    times: 100_000,
  }),
];
