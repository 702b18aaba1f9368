import { Random } from "../../testing/random";
import { PluginFolder } from "./testing/plugin-folder";
import { type RawCall, rawCalls } from "./testing/raw-calls";

const SCALARS = [
  ...["double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64"],
  ...["fixed32", "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes"],
];
const KEYS = SCALARS.slice(2, 14);

const PROTO = `syntax = "proto3";
package test.v1;
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "money.proto";
// go:plugin type=plugin version=1
service Codec {
  rpc Echo(All) returns (All);
  rpc Write(All) returns (All);
  rpc Again(All) returns (All);
  rpc Exchange(money.v1.Money) returns (money.v1.Money);
}
enum Color { BLACK = 0; RED = 1; NEGATIVE = -1; }
message Other { int32 number = 1; string text = 200; }
message All {
${SCALARS.map((type, i) => `  ${type} plain_${type} = ${1 + i};`).join("\n")}
${SCALARS.map((type, i) => `  optional ${type} optional_${type} = ${21 + i};`).join("\n")}
${SCALARS.map((type, i) => `  repeated ${type} list_${type} = ${41 + i};`).join("\n")}
${KEYS.map((type, i) => `  map<${type}, string> by_${type} = ${61 + i};`).join("\n")}
${SCALARS.map((type, i) => `  map<string, ${type}> of_${type} = ${81 + i};`).join("\n")}
  repeated int32 unpacked = 100 [packed = false];
  Color color = 101;
  All all = 102;
  repeated All alls = 103;
  map<string, Other> others = 104;
  google.protobuf.Timestamp timestamp = 105;
  google.protobuf.Value value = 106;
  google.protobuf.StringValue wrapper = 107;
  money.v1.Money price = 108;
  map<int32, money.v1.Money> prices = 109;
  oneof choice {
    int32 number = 110;
    string text = 111;
    Other other = 112;
    All inner = 114;
    bytes raw = 2000;
    money.v1.Money sum = 115;
  }
  repeated Color colors = 113;
}
`;

/** Of another contract. */
const MONEY = `syntax = "proto3";
package money.v1;
import "google/protobuf/timestamp.proto";
message Money {
  int64 cents = 1;
  Currency currency = 2;
  google.protobuf.Timestamp date = 3;
  repeated Money parts = 4;
}
message Currency { string name = 1; }
`;

/** What a method returns, as an author may write it by mistake, too. */
const ANSWERS = [
  "{}",
  "new All({ plainString: 'é€😀\\ud800\\udc00', plainDouble: -0, plainInt32: -1 })",
  "{ plainString: '\\ud800' }",
  "{ plainString: 'a'.repeat(200) + 'é'.repeat(200) + '€'.repeat(200) }",
  "{ plainString: 'a'.repeat(5000).concat('b'.repeat(5000), text) }",
  "{ plainString: 1 }",
  "{ plainInt32: 2 ** 31 }",
  "{ plainInt32: 1.5 }",
  "{ plainInt32: -0, optionalInt32: -0, plainFloat: -0 }",
  "{ plainUint32: -1 }",
  "{ plainUint32: 2 ** 32 - 1, plainFixed32: 2 ** 31, plainSint32: -(2 ** 31) }",
  "{ plainInt64: 1 }",
  "{ plainInt64: 2n ** 63n }",
  "{ plainInt64: -(2n ** 63n), plainSint64: 2n ** 63n - 1n, plainSfixed64: -1n }",
  "{ plainUint64: 2n ** 64n - 1n, plainFixed64: 2n ** 63n, optionalUint64: 2n ** 32n }",
  "{ plainUint64: 2n ** 64n }",
  "{ plainUint64: -1n }",
  "{ plainFloat: 1e39 }",
  "{ plainFloat: NaN, plainDouble: NaN, optionalFloat: Infinity }",
  "{ plainBool: 1 }",
  "{ plainBytes: [1] }",
  "{ plainBytes: new Uint8Array(300).fill(7), optionalBytes: new Uint8Array(0) }",
  "{ plainBytes: new Uint8ClampedArray(1) }",
  "{ color: -1, colors: [0, 1, -1, 77] }",
  "{ listString: 'text' }",
  "{ listString: ['a', , 'b'] }",
  "{ listInt32: new Array(3) }",
  "{ listInt64: [1n, 2n ** 40n], listDouble: [1, 2.5, -0], unpacked: [1, 2, 300] }",
  "{ byInt32: { a: 'b' } }",
  "{ byInt32: new Map([[1, 'a'], [-1, 'b']]), ofBytes: new Map([['a', new Uint8Array(2)]]) }",
  "{ byString: new Map([[1, 'a']]) }",
  "{ all: { all: { listString: ['x'] } }, alls: [{}, new All()], others: new Map([['a', {}]]) }",
  "{ all: null }",
  "{ all: [] }",
  "{ all: new Map() }",
  "{ all: { plainString: undefined, all: undefined } }",
  "{ choice: { case: 'text', value: '' } }",
  "{ choice: { case: 'other', value: { number: 3 } } }",
  "{ choice: { case: 'raw', value: new Uint8Array(1) } }",
  "{ choice: { case: 'unheard', value: 1 } }",
  "{ choice: { case: undefined } }",
  "{ choice: {} }",
  "{ choice: null }",
  "{ choice: { case: 'te'.concat('xt'), value: 'joined' } }",
  "{ choice: { case: 'number', value: 'no number' } }",
  "{ timestamp: { seconds: 5n, nanos: 6 } }",
  "{ timestamp: { seconds: 5 } }",
  "{ value: { kind: { case: 'listValue', value: { values: [{ kind: { case: 'nullValue', value: 0 } }, {}] } } } }",
  "{ wrapper: { value: 'text' } }",
  "{ wrapper: 'text' }",
  "{ wrapper: {} }",
  "{ price: { cents: 5n, currency: { name: 'EUR' }, parts: [{}, { cents: -1n }] } }",
  "{ price: { currency: { name: 1 } } }",
  "{ prices: new Map([[2, { cents: 1n }], [-1, new All().price]]) }",
  "{ choice: { case: 'sum', value: { date: { seconds: 1n } } } }",
  "{ $unknown: new Uint8Array([8, 1]) }",
  "Object.assign(new All(), { $unknown: new Uint8Array([0xf8, 0x7f, 1]) })",
  "Object.assign(new All(), { $unknown: 'text' })",
  "Object.assign(new All(), { all: { plainString: 'part' } })",
  "Object.assign(new All(), { choice: undefined })",
  "{ get plainString() { return 'read'; } }",
  "Object.create({ plainString: 'inherited' })",
  "(() => { const it = new All(); delete it.plainString; return it; })()",
  "(() => { const it = new All(); it.all = it; return it; })()",
  "(() => { const it = {}; it.all = it; return it; })()",
  "{ then: (resolve) => resolve({ plainString: 'later' }) }",
  "Promise.resolve({ plainString: 'later' })",
  "Promise.resolve({ plainString: 1 })",
  "undefined",
  "null",
  "'text'",
  "[]",
  "new Date(0)",
  "new (class { plainString = 'of a class'; })()",
  "new (class extends All { plainString = 'derived'; })()",
  "new Proxy({}, {})",
  "{ [Symbol.toStringTag]: 'Date' }",
];

const plugin = (top = "") => `
import { All, registerCodec } from "@test/contract/plugin";
${top}
const text = "c";
const answers: (() => any)[] = [
${ANSWERS.map((answer) => `  () => (${answer}),`).join("\n")}
];
registerCodec({
  echo: (it) => it,
  write: ({ plainInt32 }) => answers[plainInt32]!(),
  // By the author's own calls.
  again: (it) => All.decode(it.encode()),
  exchange: (it) => it,
});
`;

const folders: PluginFolder[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

async function start(source: string, tables: boolean): Promise<RawCall> {
  const folder = new PluginFolder(
    { "plugin/src/index.ts": source },
    { proto: PROTO, imported: { "money.proto": MONEY }, tables },
  );
  folders.push(folder);
  expect(await folder.compile()).toMatchObject({ ok: true, messages: [] });
  return rawCalls(folder.bytes());
}

describe("the codec of the engine", () => {
  let withTables: RawCall;
  let reference: RawCall;
  beforeAll(async () => {
    withTables = await start(plugin(), true);
    reference = await start(plugin(), false);
  }, 60_000);

  it("is what reads and writes messages", async () => {
    const call = await start(
      plugin(`import { Money } from "@test/imported/plugin";
        for (const type of [All, Money]) type.read = type.write = () => { throw new Error("by the class"); };`),
      true,
    );
    const money = [8, 5, ...block(2, block(1, [0x61])), ...block(4, [8, 6])];
    const messages = [
      [0x18, 5, 0xb2, 7, 1, 0x61],
      // Well-known types, too: a Timestamp, and a Value in a list.
      block(105, [8, 5]),
      block(106, block(6, block(1, [0x20, 1]))),
      // Those of another contract.
      block(108, money),
      block(109, [8, 7, ...block(2, money)]),
    ];
    for (const bytes of messages) {
      const expected = Buffer.from(bytes).toString("hex");
      expect(call("codec_echo", Uint8Array.from(bytes))).toBe(expected);
      // When the author calls decode() and encode().
      expect(call("codec_again", Uint8Array.from(bytes))).toBe(expected);
    }
    expect(call("codec_exchange", Uint8Array.from(money))).toBe(Buffer.from(money).toString("hex"));
  });

  it.each(ANSWERS.map((answer, number) => [answer, number] as const))(
    "writes %s as the generated code does",
    (_, number) => {
      const request = Uint8Array.of(0x18, number);
      const expected = reference("codec_write", request);
      expect(withTables("codec_write", request)).toBe(expected);
    },
  );

  it("reads and writes random messages as the generated code does, damaged ones included", () => {
    const random = new RandomMessages(new Random(19));
    let errors = 0;
    for (let i = 0; i < 4000; i++) {
      const bytes = Uint8Array.from(random.message(3));
      if (i % 2 === 1) random.damage(bytes);
      const rpc = i % 4 < 2 ? "codec_echo" : "codec_again";
      const expected = reference(rpc, bytes);
      if (expected.startsWith("error")) errors++;
      const got = withTables(rpc, bytes);
      // Not by `expect` each time, which takes longer than the calls.
      if (got !== expected) expect([i, Buffer.from(bytes).toString("hex"), got]).toBe(expected);
    }
    expect(errors).toBeGreaterThan(400);
    expect(errors).toBeLessThan(2500);
  });

  it("reads and writes messages that are nested as deep as they may be, and refuses the next level", () => {
    expect(withTables("codec_echo", nested(100))).toBe(Buffer.from(nested(100)).toString("hex"));
    expect(withTables("codec_echo", nested(101))).toMatch(/^error: /);
  });
});

/** Messages of the contract above. */
class RandomMessages {
  constructor(private readonly random: Random) {}

  private below(limit: number): number {
    return this.random.below(limit);
  }

  private bytes(count: number): number[] {
    return Array.from({ length: count }, () => this.below(256));
  }

  message(depth: number): number[] {
    return Array.from({ length: this.below(8) }, () => this.field(depth)).flat();
  }

  damage(bytes: Uint8Array): void {
    if (bytes.length > 0) bytes[this.below(bytes.length)] = this.below(256);
  }

  private field(depth: number): number[] {
    const group = this.below(7);
    if (group < 3) return this.scalar(1 + 20 * group, this.below(SCALARS.length));
    if (group === 3) {
      const type = this.below(KEYS.length);
      return block(61 + type, [...this.scalar(1, 2 + type, 0), ...this.scalar(2, 13, 0)]);
    }
    if (group === 4) {
      const type = this.below(SCALARS.length);
      const key = this.below(4) === 0 ? [] : this.scalar(1, 13, 0);
      return block(81 + type, [...key, ...this.scalar(2, type, 0)]);
    }
    if (group === 5) {
      const packed = Array.from({ length: this.below(4) }, () => varint(this.below(2 ** 31)));
      return [block(43, packed.flat()), block(100, packed.flat())][this.below(2)] ?? [];
    }
    const inner = depth === 0 ? [] : this.message(depth - 1);
    const other = [...this.scalar(1, 2, 0), ...this.scalar(200, 13, 0)];
    const choices = [
      () => block(102, inner),
      () => block(103, inner),
      () => block(114, inner),
      () => block(112, other),
      () => block(104, [...block(1, this.text()), ...block(2, other)]),
      () => block(105, [8, ...varint(this.below(2 ** 31))]),
      () => block(106, this.value(3)),
      () => block(107, block(1, this.text())),
      () => block(108, this.money(2)),
      () => block(109, [...this.scalar(1, 2, 0), ...block(2, this.money(1))]),
      () => block(115, this.money(0)),
      () => block(111, this.text()),
      () => block(2000, this.bytes(this.below(4))),
      () => [...varint(110 * 8), ...varint(this.below(2 ** 32))],
      () => [...varint((150 + this.below(9)) * 8), ...varint(this.below(300))],
      () => [...varint(160 * 8 + 3), 8, 1, ...varint(160 * 8 + 4)],
    ];
    return choices[this.below(choices.length)]?.() ?? [];
  }

  /** A money.v1.Money. */
  private money(depth: number): number[] {
    const parts = [
      this.scalar(1, 3, 0),
      block(2, block(1, this.text())),
      block(3, [8, ...varint(this.below(2 ** 31))]),
      depth === 0 ? [] : block(4, this.money(depth - 1)),
      [...varint(9 * 8), 1],
    ];
    return parts.filter(() => this.below(2) === 0).flat();
  }

  /** A google.protobuf.Value. */
  private value(depth: number): number[] {
    const kind = this.below(depth === 0 ? 4 : 6);
    if (kind === 0) return [8, 0];
    if (kind === 1) return [0x11, ...this.bytes(8)];
    if (kind === 2) return block(3, this.text());
    if (kind === 3) return [0x20, this.below(2)];
    const inner = this.value(depth - 1);
    if (kind === 4) return block(6, [...block(1, inner), ...block(1, [])]);
    return block(5, block(1, [...block(1, this.text()), ...block(2, inner)]));
  }

  /** A field from `first` on, of the type with this index. */
  private scalar(first: number, index: number, step = index): number[] {
    const type = SCALARS[index] ?? "";
    const number = first + step;
    if (/fixed64|double/.test(type)) return [...varint(number * 8 + 1), ...this.bytes(8)];
    if (/fixed32|float/.test(type)) return [...varint(number * 8 + 5), ...this.bytes(4)];
    if (type === "string") return block(number, this.text());
    if (type === "bytes") return block(number, this.bytes(this.below(5)));
    const long = this.below(3) === 0;
    const value = long
      ? [...this.bytes(8).map((it) => it | 128), this.below(2)]
      : varint(this.below(300));
    return [...varint(number * 8), ...value];
  }

  private text(): number[] {
    const texts = ["", "a", "wplug", "é", "€", "😀", "a longer text with an é", "x".repeat(150)];
    return [...Buffer.from(texts[this.below(texts.length)] ?? "")];
  }
}

/** A message in a message, so many times. */
function nested(levels: number): Uint8Array {
  let bytes: number[] = [];
  for (let i = 0; i < levels; i++) bytes = block(102, bytes);
  return Uint8Array.from(bytes);
}

function block(number: number, content: readonly number[]): number[] {
  return [...varint(number * 8 + 2), ...varint(content.length), ...content];
}

function varint(value: number): number[] {
  return value > 127 ? [value % 128 | 128, ...varint(Math.floor(value / 128))] : [value];
}
