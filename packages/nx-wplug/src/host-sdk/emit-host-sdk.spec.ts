import {
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type FileRegistry,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type {
  FromJsonOptions,
  JsonValue,
  Message,
  MessageType,
  ToJsonOptions,
} from "@wplug/runtime";
import ts from "typescript";

import { buildContract } from "../contract/model/build-contract";
import { compileInline, contractOf, type Protos } from "../testing/compile-inline";
import { everythingProtos } from "../testing/everything-proto";
import { loadGenerated } from "../testing/load-generated";
import { Random } from "../testing/random";
import { randomMessage } from "../testing/random-message";
import { typeErrors } from "../testing/type-errors";
import { emitHostSdk } from "./emit-host-sdk";

jest.setTimeout(60_000);

interface Instance extends Message {
  toJson(options?: ToJsonOptions): JsonValue;
  clone(): Instance;
  equals(other: Instance): boolean;
  mergeFrom(source: Uint8Array | Instance): void;
}

type Class = MessageType<Instance> & {
  decode(bytes: Uint8Array): Instance;
  fromJson(json: JsonValue, options?: FromJsonOptions): Instance;
  fromJsonString(text: string, options?: FromJsonOptions): Instance;
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function fileOf(protos: Protos, path: string): string {
  const file = emitHostSdk(contractOf(protos)).find((generated) => generated.path === path);
  if (file === undefined) throw new Error(`${path} is not generated`);
  return file.content;
}

describe("messages with every kind of field", () => {
  let registry: FileRegistry;
  let classes: Record<string, Class>;
  let desc: DescMessage;

  beforeAll(async () => {
    registry = createFileRegistry(compileInline(everythingProtos));
    classes = await loadGenerated(emitHostSdk(contractOf(everythingProtos)));
    desc = registry.getMessage("test.v1.Everything") as DescMessage;
  });

  it("pass the type check", () => {
    expect(typeErrors(emitHostSdk(contractOf(everythingProtos)))).toEqual([]);
  });

  it("encode what the reference implementation encodes", () => {
    const Everything = classes["Everything"] as Class;
    for (let seed = 1; seed <= 500; seed++) {
      const bytes = toBinary(desc, randomMessage(desc, new Random(seed)));
      const message = Everything.decode(bytes);
      expect({ seed, hex: hex(message.encode()) }).toEqual({ seed, hex: hex(bytes) });
      // The constructor copies every kind of field.
      expect({ seed, hex: hex(new Everything(message).encode()) }).toEqual({
        seed,
        hex: hex(bytes),
      });
    }
  });

  it("decode what another writer may write: other order, repeated, unknown fields", () => {
    const Everything = classes["Everything"] as Class;
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const parts = Array.from({ length: 3 }, () => toBinary(desc, randomMessage(desc, random)));
      // Concatenated messages are merged. Field 536870910 is unknown.
      const bytes = Buffer.concat([...parts, Buffer.from("f0ffffff0f2a", "hex")]);
      const expected = toBinary(desc, fromBinary(desc, bytes));
      // protobuf-es sorts map keys that look like numbers, so its word on the order of entries does not count.
      const actual = toBinary(desc, fromBinary(desc, Everything.decode(bytes).encode()));
      expect({ seed, hex: hex(actual) }).toEqual({ seed, hex: hex(expected) });
    }
  });
});

describe("proto3 JSON of messages with every kind of field", () => {
  let desc: DescMessage;
  let Everything: Class;

  beforeAll(async () => {
    const registry = createFileRegistry(compileInline(everythingProtos));
    desc = registry.getMessage("test.v1.Everything") as DescMessage;
    const classes = await loadGenerated<Record<string, Class>>(
      emitHostSdk(contractOf(everythingProtos)),
    );
    Everything = classes["Everything"] as Class;
  });

  it("is what the reference implementation writes, and comes back", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const expected = randomMessage(desc, new Random(seed));
      const message = Everything.decode(toBinary(desc, expected));
      const json = message.toJson();
      expect({ seed, bytes: hex(toBinary(desc, fromJson(desc, json))) }).toEqual({
        seed,
        bytes: hex(toBinary(desc, expected)),
      });
      expect({ seed, back: Everything.fromJson(toJson(desc, expected) as JsonValue) }).toEqual({
        seed,
        back: message,
      });
      // JSON.stringify writes -0 as 0, so the first text may differ from the second.
      const text = JSON.stringify(Everything.fromJsonString(JSON.stringify(message)));
      expect(JSON.stringify(Everything.fromJsonString(text))).toBe(text);
    }
  });

  it("keeps the sign of a zero", () => {
    const zeros = new Everything({ oneDouble: -0, oneFloat: -0 });
    const json = zeros.toJson();
    expect(json).toEqual({ oneDouble: -0, oneFloat: -0 });
    expect(Everything.fromJson(json)).toEqual(zeros);
    expect(Everything.fromJsonString('{"oneDouble": -0, "oneFloat": "-0.0"}')).toEqual(zeros);
  });

  it("has the options of the specification", () => {
    const empty = new Everything({ oneInt64: 1n });
    expect(empty.toJson()).toEqual({ oneInt64: "1" });
    const colored = new Everything({ oneColor: 1 });
    expect(colored.toJson()).toEqual({ oneColor: "RED" });
    expect(colored.toJson({ enumNumbers: true, protoNames: true })).toEqual({ one_color: 1 });
    const all = empty.toJson({ emitDefaults: true }) as Record<string, JsonValue>;
    expect(all).toMatchObject({
      oneString: "",
      oneUint64: "0",
      listBool: [],
      mapDouble: {},
      oneColor: "NONE",
    });
    expect(all).not.toHaveProperty("maybeInt32");
    expect(all).not.toHaveProperty("oneSharedLeaf");
  });

  it.each([
    ["[]", "test.v1.Everything: expected an object, not an array"],
    ['{"oneInt32": 1.5}', "test.v1.Everything.oneInt32: expected int32, not 1.5"],
    [
      '{"oneInt32": 2147483648}',
      "test.v1.Everything.oneInt32: 2147483648 is out of the range of int32",
    ],
    ['{"oneUint64": "-1"}', "test.v1.Everything.oneUint64: -1 is out of the range of uint64"],
    ['{"oneInt64": " 1"}', 'test.v1.Everything.oneInt64: expected int64, not " 1"'],
    ['{"oneBool": "true"}', 'test.v1.Everything.oneBool: expected bool, not "true"'],
    ['{"oneFloat": 3.5e38}', "test.v1.Everything.oneFloat: 3.5e+38 is too large for a float"],
    ['{"oneBytes": "a"}', "test.v1.Everything.oneBytes: expected base64, this has a wrong length"],
    [
      '{"oneColor": "red"}',
      'test.v1.Everything.oneColor: expected a name or number of test.v1.Color, not "red"',
    ],
    ['{"listInt32": [1, null]}', "test.v1.Everything.listInt32[1]: expected int32, not null"],
    [
      '{"mapSharedLeaf": {"a.b": {"leaves": [{}, {"weight": "x"}]}}}',
      'test.v1.Everything.mapSharedLeaf["a.b"].leaves[1].weight: expected int32, not "x"',
    ],
    [
      '{"byBool": {"True": ""}}',
      'test.v1.Everything.byBool["True"]: expected "true" or "false", not "True"',
    ],
    ['{"nope": 1}', 'test.v1.Everything: there is no field "nope"'],
    [
      '{"choiceBool": true, "choiceInt32": 1}',
      "test.v1.Everything.choiceInt32: only one of choiceBool and choiceInt32 can be set",
    ],
    [
      '{"oneInt32": 1, "one_int32": 1}',
      "test.v1.Everything.oneInt32: the field occurs twice, under both of its names",
    ],
    ['{"oneInt32": 1,\n "oneInt32": 1}', 'line 2, column 2: the name "oneInt32" occurs twice'],
    ['{"oneString": "\\ud800"}', "line 1, column 15: a string has a lone surrogate"],
    ["{'a': 1}", "line 1, column 2: expected a string"],
    ['{"oneInt32": 01}', 'line 1, column 15: expected "," or "}"'],
    ["", "line 1, column 1: expected a value"],
  ])("refuses %s", (text, message) => {
    expect(() => Everything.fromJsonString(text)).toThrow(message);
  });

  it("skips what is not known where that is asked for", () => {
    const text =
      '{"nope": [{}], "oneColor": "BLUE", "listColor": ["RED", "BLUE"], "mapColor": {"a": "BLUE"}}';
    expect(Everything.fromJsonString(text, { ignoreUnknown: true }).toJson()).toEqual({
      listColor: ["RED"],
    });
  });

  it("reads 64-bit numbers without quotes exactly", () => {
    const text =
      '{"oneInt64": -9223372036854775808, "oneUint64": 18446744073709551615, "oneSint64": "1.5e1"}';
    expect(Everything.fromJsonString(text).toJson()).toEqual({
      oneInt64: "-9223372036854775808",
      oneUint64: "18446744073709551615",
      oneSint64: "15",
    });
    // Also those with a fraction or an exponent.
    const others =
      '{"oneInt64": -9.223372036854775807e18, "oneUint64": 18446744073709551615.0, "oneSint64": 90071992547409930e-1, ' +
      '"oneDouble": 9007199254740993.0, "oneFloat": 1e30}';
    expect(Everything.fromJsonString(others).toJson()).toEqual({
      oneInt64: "-9223372036854775807",
      oneUint64: "18446744073709551615",
      oneSint64: "9007199254740993",
      oneDouble: 9007199254740992,
      oneFloat: 1e30,
    });
    expect(() => Everything.fromJsonString('{"oneUint64": 18446744073709551616.0}')).toThrow(
      "18446744073709551616 is out of the range of uint64",
    );
    expect(() => Everything.fromJsonString('{"oneInt64": 1e300}')).toThrow(
      "is out of the range of int64",
    );
  });

  it.each<[object, string]>([
    [{ oneString: 1 }, "oneString: expected string, not 1"],
    [{ oneBytes: "" }, 'oneBytes: expected bytes, not ""'],
    [{ oneInt64: 0 }, "oneInt64: expected int64, not 0"],
    [{ oneInt32: null }, "oneInt32: expected int32, not null"],
    [{ oneInt32: undefined }, "oneInt32: expected int32, not undefined"],
    [{ oneColor: 1.5 }, "oneColor: expected test.v1.Color, not 1.5"],
    [{ oneSharedLeaf: "x" }, 'oneSharedLeaf: expected shared.Leaf, not "x"'],
    [{ listString: "abc" }, 'listString: expected an array, not "abc"'],
    [{ listString: "" }, 'listString: expected an array, not ""'],
    // eslint-disable-next-line no-sparse-arrays
    [{ listInt32: [1, , 3] }, "listInt32[1]: expected int32, not undefined"],
    [{ listSharedLeaf: [null] }, "listSharedLeaf[0]: expected shared.Leaf, not null"],
    [{ mapString: {} }, "mapString: expected a Map, not an object"],
    [{ mapString: new Map([[5, ""]]) }, "mapString: expected string, not 5"],
    [{ mapString: new Map([["k", null]]) }, 'mapString["k"]: expected string, not null'],
    [{ choice: null }, "choice: expected an object with case and value, not null"],
    [{ choice: { case: "nope", value: 1 } }, 'choice: there is no case "nope"'],
    [{ choice: { case: "choiceInt32" } }, "choiceInt32: expected int32, not undefined"],
  ])("names the field of a value that has no JSON form: %j", (fields, reason) => {
    const message = Object.assign(new Everything(), fields);
    expect(() => message.toJson()).toThrow(`test.v1.Everything.${reason}`);
    expect(() => message.toJson({ emitDefaults: true })).toThrow(/^test\.v1\.Everything\./);
  });
});

describe("proto3 JSON of names that objects have", () => {
  it("has them as members of their own", async () => {
    const { M } = await loadGenerated<{ M: Class }>(
      emitHostSdk(
        contractOf({
          "a.proto": `syntax = "proto3";
            message M {
              int32 __proto__ = 1;
              string other = 2 [json_name = "__proto__"];
              int32 constructor = 3;
              M toString = 4;
              map<string, M> map = 5;
            }`,
        }),
      ),
    );
    const text =
      '{"Proto":1,"__proto__":"x","constructor":2,"toString":{"__proto__":"y"},"map":{"__proto__":{"Proto":3}}}';
    const message = M.fromJsonString(text);
    expect(JSON.stringify(message)).toBe(text);
    expect(M.fromJson(JSON.parse(text) as JsonValue)).toEqual(message);
    const protoNames = JSON.stringify(message.toJson({ protoNames: true }));
    expect(protoNames).toBe(
      '{"__proto__":1,"other":"x","constructor":2,"toString":{"other":"y"},"map":{"__proto__":{"__proto__":3}}}',
    );
  });
});

describe("clone, equals and mergeFrom", () => {
  it("agree with the binary format on random messages", async () => {
    const registry = createFileRegistry(compileInline(everythingProtos));
    const desc = registry.getMessage("test.v1.Everything") as DescMessage;
    const { Everything } = await loadGenerated<{ Everything: Class }>(
      emitHostSdk(contractOf(everythingProtos)),
    );
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const [a, b] = [0, 1].map(() => {
        const bytes = toBinary(desc, randomMessage(desc, random));
        return Everything.decode(Buffer.concat([bytes, Buffer.from("f0ffffff0f2a", "hex")]));
      }) as [Instance, Instance];
      const copy = a.clone();
      expect(hex(copy.encode())).toBe(hex(a.encode()));
      expect(copy.equals(a)).toBe(true);
      expect(a.equals(b)).toBe(hex(a.encode()) === hex(b.encode()));
      const bytes = Buffer.concat([a.encode(), b.encode()]);
      copy.mergeFrom(b);
      expect(hex(copy.encode())).toBe(hex(Everything.decode(bytes).encode()));
      const second = a.clone();
      second.mergeFrom(b.encode());
      expect(second.equals(copy)).toBe(true);
    }
  });

  it("share nothing, and tell presence, NaN and unknown fields", async () => {
    const { Everything, Leaf } = await loadGenerated<Record<"Everything" | "Leaf", Class>>(
      emitHostSdk(contractOf(everythingProtos)),
    );
    const a = new Everything({
      oneBytes: new Uint8Array([1]),
      mapSharedLeaf: new Map([["k", { weight: 1 }]]),
    });
    const b = a.clone() as unknown as {
      oneBytes: Uint8Array;
      mapSharedLeaf: Map<string, { weight: number }>;
    };
    b.oneBytes[0] = 2;
    (b.mapSharedLeaf.get("k") as { weight: number }).weight = 2;
    expect(a.toJson()).toEqual({ oneBytes: "AQ==", mapSharedLeaf: { k: { weight: 1 } } });
    expect(a.equals(b as unknown as Instance)).toBe(false);
    expect(new Everything({ maybeInt32: 0 }).equals(new Everything())).toBe(false);
    expect(new Everything({ oneDouble: NaN }).equals(new Everything({ oneDouble: NaN }))).toBe(
      true,
    );
    expect(Leaf.decode(Buffer.from("f801" + "01", "hex")).equals(new Leaf())).toBe(false);
    expect(new Leaf().equals(new Everything())).toBe(false);
  });
});

describe("equal messages", () => {
  it("are those with the same bytes, where these have one order", async () => {
    const { Everything } = await loadGenerated<{ Everything: Class }>(
      emitHostSdk(contractOf(everythingProtos)),
    );
    const otherNaN = new Float64Array(BigUint64Array.of(0x7ff8_0000_0000_0001n).buffer)[0] ?? 0;
    const negativeNaN = new Float64Array(BigUint64Array.of(0xfff8_0000_0000_0000n).buffer)[0] ?? 0;
    const numbers = [0, -0, 1, NaN, otherNaN, negativeNaN];
    const integers = [0, -0, 1];
    const inits: object[] = [
      ...["Double", "Float"].flatMap((type) =>
        numbers.flatMap((value) => [
          { [`one${type}`]: value },
          { [`maybe${type}`]: value },
          { [`list${type}`]: [value, 1] },
          { [`apart${type}`]: [value] },
          {
            [`map${type}`]: new Map([
              ["a", value],
              ["b", 0],
            ]),
          },
          {
            [`map${type}`]: new Map([
              ["b", 0],
              ["a", value],
            ]),
          },
          { choice: { case: `choice${type}`, value } },
          { oneEverything: { [`one${type}`]: value } },
        ]),
      ),
      ...["Int32", "Sint32", "Uint32", "Fixed32", "Sfixed32", "Color"].flatMap((type) =>
        integers.flatMap((value) => [
          { [`one${type}`]: value },
          { [`maybe${type}`]: value },
          { [`list${type}`]: [value, 1] },
          { choice: { case: `choice${type}`, value } },
        ]),
      ),
      { byInt32: new Map([[0, ""]]) },
      { byInt32: new Map([[-0, ""]]) },
      {},
      { choice: { case: undefined } },
      { choice: { case: undefined, value: undefined } },
      { $unknown: new Uint8Array(0) },
      { $unknown: Uint8Array.of(0x78, 1) },
      { oneBytes: new Uint8Array(0) },
      { maybeBytes: new Uint8Array(0) },
      { maybeBytes: Buffer.from("a") },
      { maybeBytes: new TextEncoder().encode("a") },
    ];
    const messages = inits.map((init) => {
      const message = new Everything(init);
      return "$unknown" in init ? Object.assign(message, init) : message;
    });
    const bytes = messages.map((message) => hex(message.encode({ deterministic: true })));
    const wrong = messages.flatMap((a, i) =>
      messages.flatMap((b, j) =>
        a.equals(b) === (bytes[i] === bytes[j]) ? [] : [[inits[i], inits[j], bytes[i], bytes[j]]],
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe("generated files", () => {
  it("keep to names that TypeScript and its library leave free", () => {
    const files = emitHostSdk(
      contractOf({
        "a.proto": `syntax = "proto3";
          package a;
          enum Map { MAP_NAN = 0; MAP_CLASS = 1; MAP_CONSTRUCTOR = 2; }
          enum Promise { NONE = 0; }
          message Uint8Array { bytes bytes = 1; Map map = 2; map<int32, Map> maps = 3; }
          message Reader { string constructor = 1; int32 encode = 2; bool prototype = 3; Writer writer = 4; }
          message Writer { int32 name = 1; int32 length = 2; oneof decode { int32 then = 3; Reader reader = 4; } }
          message MessageInit { Promise promise = 1; repeated Object objects = 2; }
          message Object { message Symbol { int64 BigInt = 1; } Symbol symbol = 1; }
          message default { int32 delete = 1; int32 _private = 2; int32 __proto__ = 3; }
          message PluginClient {}
          message LoadOptions {}
          message ServiceDescriptor {}
          // go:plugin type=plugin version=1
          service Greeter {
            rpc Constructor(Reader) returns (Writer);
            rpc Dispose(MessageInit) returns (PluginClient);
            rpc then(LoadOptions) returns (ServiceDescriptor);
            rpc Class(Uint8Array) returns (default);
          }`,
      }),
    );
    expect(typeErrors(files)).toEqual([]);
  });

  it("compile where a workspace emits CommonJS, without verbatimModuleSyntax", () => {
    const files = emitHostSdk(contractOf(everythingProtos));
    expect(
      typeErrors(files, {
        module: ts.ModuleKind.CommonJS,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        verbatimModuleSyntax: false,
        exactOptionalPropertyTypes: false,
        noUncheckedIndexedAccess: false,
      }),
    ).toEqual([]);
  });

  it("carry the comments of the proto, made safe", () => {
    const content = fileOf(
      {
        "a.proto": `syntax = "proto3";
          // First line.
          //
          // Not the end: */ console.log("gotcha")
          message M {
            // Of a field.
            int32 a = 1 [deprecated = true]; // Behind it.
          }`,
      },
      "a.pb.ts",
    );
    expect(content).toContain(
      '/**\n * First line.\n *\n * Not the end: *\\/ console.log("gotcha")\n */',
    );
    expect(content).toContain("Of a field.");
    expect(content).toContain("@deprecated");
  });

  it("import from other files by relative paths, also across folders", () => {
    const files = emitHostSdk(
      contractOf({
        "shop/v1/order.proto":
          'syntax = "proto3"; package shop.v1; import "common/money.proto"; message Order { common.Money total = 1; }',
        "common/money.proto":
          'syntax = "proto3"; package common; message Money { int64 cents = 1; }',
      }),
    );
    expect(files.map(({ path }) => path).sort()).toEqual([
      "common/money.json.ts",
      "common/money.pb.ts",
      "host.ts",
      "index.ts",
      "shop/v1/order.json.ts",
      "shop/v1/order.pb.ts",
    ]);
    expect(typeErrors(files)).toEqual([]);
  });

  it("have descriptors of the files and all that they import, without comments, where there are services", async () => {
    const protos = {
      "common/money.proto":
        'syntax = "proto3"; package common; import "google/protobuf/timestamp.proto"; message Money { google.protobuf.Timestamp at = 1; }',
      "common/other.proto": 'syntax = "proto3"; package common; message Other {}',
      "shop.proto": `syntax = "proto3"; package shop; import "common/money.proto"; message Order { common.Money total = 1; }
        // A comment.
        // go:plugin type=plugin version=1
        service Shop { rpc Buy(Order) returns (Order); }`,
    };
    const files = emitHostSdk(
      buildContract(compileInline(protos), ["shop.proto", "common/money.proto"]),
    );
    const { descriptors } = await loadGenerated<{ descriptors: string }>(files, "host.ts");
    const set = fromBinary(FileDescriptorSetSchema, Buffer.from(descriptors, "base64"));
    expect(set.file.map(({ name }) => name)).toEqual([
      "google/protobuf/timestamp.proto",
      "common/money.proto",
      "shop.proto",
    ]);
    expect(set.file.some(({ sourceCodeInfo }) => sourceCodeInfo !== undefined)).toBe(false);
    expect(createFileRegistry(set).getService("shop.Shop")?.method["buy"]?.name).toBe("Buy");
    expect(typeErrors(files)).toEqual([]);
  });

  it("say how a name that two files declare is imported", () => {
    const protos = {
      "a.proto": 'syntax = "proto3"; package a; message Same {} message A {}',
      "b.proto": 'syntax = "proto3"; package b; message Same {}',
    };
    expect(fileOf(protos, "index.ts")).toContain(
      "// Same is declared more than once: import it from ./a.pb.js or ./b.pb.js.",
    );
    expect(typeErrors(emitHostSdk(contractOf(protos)))).toEqual([]);
  });

  it("are the same bytes each time", () => {
    const contract = contractOf(everythingProtos);
    expect(emitHostSdk(contract)).toEqual(emitHostSdk(contract));
  });
});
