import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

import { TestInstance } from "../../testing/test-instance";
import { WebAssembly, type WasmModule } from "../../wasm/web-assembly";
import { emitSdk } from "./emit-sdk";
import { everythingContract, greeterContract } from "./testing/contracts";
import { PluginWorkspace } from "./testing/plugin-workspace";
import { SCALAR_SAMPLES } from "./testing/scalar-samples";

jest.setTimeout(60_000);

const workspace = new PluginWorkspace(everythingContract()).use("tester.ts");
let compiled: WasmModule;
let compiledForStress: WasmModule;
let tester: TestInstance;
/** The same plugin, whose garbage collector runs before every new object: what is not kept alive is gone at once. */
let stressed: TestInstance;

async function compile(): Promise<WasmModule> {
  expect(await workspace.compile()).toMatchObject({ ok: true, diagnostics: [] });
  return new WebAssembly.Module(workspace.module());
}

beforeAll(async () => {
  compiled = await compile();
  workspace.append("@global const WPLUG_GC_STRESS = true;\n");
  compiledForStress = await compile();
});

beforeEach(() => {
  tester = new TestInstance(compiled);
  stressed = new TestInstance(compiledForStress);
});

afterAll(() => workspace.dispose());

function echo(...requests: Uint8Array[]): string {
  const text = echoFrom(tester, ...requests);
  expect(echoFrom(stressed, ...requests)).toBe(text);
  return text;
}

function echoFrom(instance: TestInstance, ...requests: Uint8Array[]): string {
  const answer = instance.call("tester_echo", Buffer.concat(requests));
  return "error" in answer ? answer.error : Buffer.from(answer.bytes).toString("hex");
}

function run(text: string, instance = tester): string {
  const request = new BinaryWriter().tag(1, WireType.LengthDelimited).string(text).finish();
  const answer = instance.call("tester_run", request);
  if ("error" in answer) return `error: ${answer.error}`;
  // Tag, length, text: the texts of the tests are shorter than 128 bytes.
  return Buffer.from(answer.bytes.subarray(2)).toString();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function field(number: number, type: WireType, write: (writer: BinaryWriter) => unknown) {
  const writer = new BinaryWriter().tag(number, type);
  write(writer);
  return writer.finish();
}

/** A length-delimited field: a sub-message, a packed list, a map entry. */
function block(number: number, ...content: Uint8Array[]): Uint8Array {
  return field(number, WireType.LengthDelimited, (w) => w.bytes(Buffer.concat(content)));
}

const string = (number: number, value: string) =>
  field(number, WireType.LengthDelimited, (w) => w.string(value));
const int32 = (number: number, value: number) =>
  field(number, WireType.Varint, (w) => w.int32(value));

describe.each(SCALAR_SAMPLES.map((sample, index) => ({ ...sample, index })))(
  "$type",
  ({ type, wireType, write, values, zero, index }) => {
    const one = (number: number, value: unknown) =>
      field(number, wireType, (w) => write(w, value as never));
    const bare = (value: unknown) => {
      const writer = new BinaryWriter();
      write(writer, value as never);
      return writer.finish();
    };
    const isPackable = type !== "string" && type !== "bytes";

    it("comes back as it went", () => {
      for (const value of values)
        expect(echo(one(1 + index, value))).toBe(hex(one(1 + index, value)));
    });

    it("is not written when it is the zero value", () => {
      expect(echo(one(1 + index, zero))).toBe("");
    });

    it("is written when it is the zero value but present", () => {
      expect(echo(one(61 + index, zero))).toBe(hex(one(61 + index, zero)));
      expect(echo(one(81 + index, zero))).toBe(hex(one(81 + index, zero)));
    });

    it("comes back from a list, whether the list came packed or not", () => {
      const all = [zero, ...values];
      const loose = (number: number) => all.map((value) => one(number, value));
      if (!isPackable) {
        expect(echo(...loose(21 + index))).toBe(hex(Buffer.concat(loose(21 + index))));
        return;
      }
      const packed = (number: number) => block(number, ...all.map(bare));
      expect(echo(...loose(21 + index))).toBe(hex(packed(21 + index)));
      expect(echo(packed(21 + index))).toBe(hex(packed(21 + index)));
      expect(echo(...loose(41 + index))).toBe(hex(Buffer.concat(loose(41 + index))));
      expect(echo(packed(41 + index))).toBe(hex(Buffer.concat(loose(41 + index))));
    });

    it("comes back from a map", () => {
      const isKey = type !== "double" && type !== "float" && type !== "bytes";
      for (const value of [zero, ...values]) {
        const entry = isKey
          ? block(101 + index, one(1, value), string(2, "value"))
          : block(101 + index, string(1, "key"), one(2, value));
        expect(echo(entry)).toBe(hex(entry));
      }
    });
  },
);

describe("messages", () => {
  const item = (name: string, count?: number) =>
    Buffer.concat([string(1, name), ...(count === undefined ? [] : [int32(2, count)])]);

  it("come back nested, also from lists, maps and in themselves", () => {
    const all = Buffer.concat([
      block(124, item("a", 1)),
      block(125, item("b")),
      block(125),
      block(126, block(126, string(14, "deep"))),
      block(127, int32(1, 5), block(2, item("c"))),
      block(129, string(1, "x"), string(1, "")),
    ]);
    expect(echo(all)).toBe(hex(all));
  });

  it("come back from a list that grows", () => {
    const all = Buffer.concat(
      Array.from({ length: 40 }, (_, i) => block(125, item(`item ${i}`, i + 1))),
    );
    expect(echo(all)).toBe(hex(all));
  });

  it("are merged when they come twice, but not in lists and maps", () => {
    expect(echo(block(124, item("a", 1)), block(124, item("b")))).toBe(
      hex(block(124, item("b", 1))),
    );
    expect(echo(block(97, item("a", 1)), block(97, item("b")))).toBe(hex(block(97, item("b", 1))));
    const first = block(127, int32(1, 5), block(2, item("a", 1)));
    const second = block(127, int32(1, 5), block(2, item("b")));
    expect(echo(first, second)).toBe(hex(second));
  });

  it("come back with all fields at their largest", () => {
    const all = (first: number) =>
      SCALAR_SAMPLES.flatMap(({ wireType, write, values }, index) =>
        values.map((value) => field(first + index, wireType, (w) => write(w, value as never))),
      );
    const long = ["€".repeat(1024), "€".repeat(1025), "🌍".repeat(700), "a".repeat(5000)];
    const message = Buffer.concat([
      ...long.map((text) => string(34, text)),
      ...all(41),
      ...all(61),
      ...Array.from({ length: 300 }, () => int32(43, -1)),
      block(124, ...long.map((text) => string(1, text))),
    ]);
    const once = echo(message);
    expect(once).toHaveLength(2 * Buffer.from(once, "hex").length);
    // What was written once is written again as it is.
    expect(echo(Buffer.from(once, "hex"))).toBe(once);
    expect(once.length / 2).toBeGreaterThan(15_000);
  });

  it("do not contain the entries that were removed from a map", () => {
    expect(run("removed entries")).toBe("1 value 7");
  });

  it("keep enum numbers that the enum does not name", () => {
    const all = Buffer.concat([
      int32(121, 99),
      block(122, Uint8Array.of(1, 99)),
      int32(123, -1),
      block(
        128,
        field(1, WireType.Varint, (w) => w.bool(true)),
        int32(2, 99),
      ),
    ]);
    expect(echo(all)).toBe(hex(all));
  });

  it("keep the last member of a oneof, and of a value", () => {
    expect(echo(int32(83, 5), string(94, "x"))).toBe(hex(string(94, "x")));
    expect(echo(block(97, item("a")), int32(83, 0))).toBe(hex(int32(83, 0)));
    expect(echo(string(14, "a"), string(14, "b"))).toBe(hex(string(14, "b")));
  });

  it("take map entries without a key or a value, in any order, and with fields that no entry has", () => {
    const entry = (...parts: Uint8Array[]) => block(127, ...parts);
    expect(echo(entry())).toBe(hex(entry(int32(1, 0), block(2))));
    expect(echo(entry(block(2, item("a")), int32(3, 1), int32(1, 5)))).toBe(
      hex(entry(int32(1, 5), block(2, item("a")))),
    );
  });

  it("have fields of the highest number and of names that the language uses", () => {
    const all = Buffer.concat([
      string(130, "delete"),
      int32(131, 1),
      int32(132, 0),
      string(133, ""),
      field(134, WireType.Varint, (w) => w.bool(true)),
      int32(536870911, 7),
    ]);
    expect(echo(all)).toBe(hex(all));
  });

  it("keep unknown fields of every wire type, groups too, after their own", () => {
    const group = Buffer.from("a31f08010802a41f", "hex");
    const unknown = Buffer.concat([
      int32(200, -1),
      field(201, WireType.Bit64, (w) => w.double(1)),
      block(202, Uint8Array.of(1, 2, 3)),
      field(203, WireType.Bit32, (w) => w.float(1)),
      group,
    ]);
    expect(echo(unknown, string(14, "a"))).toBe(hex(Buffer.concat([string(14, "a"), unknown])));
    const nested = block(124, unknown);
    expect(echo(nested)).toBe(hex(nested));
  });

  it("keep a million unknown fields without copying all of them for each", () => {
    const many = Buffer.alloc(2_000_000 + 3, Buffer.from("c00c00", "hex"));
    expect(echo(many.subarray(0, 1_999_998)).length).toBe(2 * 1_999_998);
  });

  it("take a field of an unexpected wire type for an unknown one", () => {
    const wrong = field(14, WireType.Varint, (w) => w.int32(5));
    expect(echo(wrong, int32(3, 1))).toBe(hex(Buffer.concat([int32(3, 1), wrong])));
  });

  it("may be empty", () => {
    expect(tester.invoke("tester_nothing", 0, 0)).toBe(0n);
    expect(echo()).toBe("");
  });
});

describe("numbers in unusual forms", () => {
  it("are cut to 32 bits", () => {
    expect(echo(Buffer.from("1881808080808080808001", "hex"))).toBe(hex(int32(3, 1)));
  });

  it("are true for any bit of 64", () => {
    expect(echo(Buffer.from("68808080808001", "hex"))).toBe("6801");
  });

  it("may be longer than necessary", () => {
    expect(echo(Buffer.from("188100", "hex"))).toBe(hex(int32(3, 1)));
  });
});

describe("malformed input", () => {
  const deep = (levels: number): Uint8Array =>
    levels === 0 ? new Uint8Array(0) : block(126, deep(levels - 1));

  it.each([
    ["a truncated varint", "18ff", "truncated at byte 1"],
    ["a varint of 11 bytes", "18ffffffffffffffffffff01", "varint of more than 10 bytes at byte 1"],
    ["a truncated fixed64", "0900000000000000", "truncated at byte 1"],
    ["a truncated fixed32", "15000000", "truncated at byte 1"],
    ["a string beyond the end", "720561", "length beyond the end at byte 2"],
    ["a length of nearly 2^32", "72ffffffff0f61", "length beyond the end at byte 6"],
    ["a length of 2^64 - 1", "72ffffffffffffffffff0161", "length beyond the end at byte 11"],
    ["field number 0", "0001", "invalid field number at byte 1"],
    ["a field number above 2^29 - 1", "808080801001", "invalid field number at byte 5"],
    [
      "a tag that is a known one in its low 32 bits",
      "888080801001",
      "invalid field number at byte 5",
    ],
    ["a tag of six bytes", "88808080800001", "invalid field number at byte 6"],
    ["wire type 6", "a61f", "invalid wire type at byte 2"],
    ["wire type 7", "a71f", "invalid wire type at byte 2"],
    [
      "the end of a group that did not begin",
      "a41f",
      "end of a group that did not begin at byte 2",
    ],
    ["a group that ends as another", "a31fac1f", "end of a group that did not begin at byte 4"],
    ["a group that does not end", "a31f", "truncated at byte 2"],
    ["a string that is not UTF-8", "7201ff", "string is not UTF-8 at byte 2"],
    ["an overlong string", "7202c080", "string is not UTF-8 at byte 2"],
    ["a surrogate in a string", "7203eda080", "string is not UTF-8 at byte 2"],
    ["a map key that is not UTF-8", "aa06030a01ff", "string is not UTF-8 at byte 5"],
    // Field 2 of the sub-message would take its value from behind the sub-message's end.
    ["a sub-message whose last field ends after it", "e20701107201", "truncated at byte 4"],
    [
      "a sub-message whose string ends after it",
      "e207020a017201",
      "length beyond the end at byte 5",
    ],
    ["a packed list whose last value ends after it", "ba0101ff7201", "truncated at byte 3"],
    ["a packed list of half a number", "b2010300000072", "truncated at byte 3"],
  ])("is an error of the call: %s", (_what, bytes, problem) => {
    expect(echo(Buffer.from(bytes, "hex"))).toBe(
      `malformed test.v1.everything.Everything: ${problem}`,
    );
    expect(echo(int32(3, 1))).toBe(hex(int32(3, 1)));
  });

  it("is an error of the call when it is nested more than 100 deep", () => {
    expect(echo(deep(99))).toBe(hex(deep(99)));
    expect(echo(deep(100))).toMatch("messages nested more than 100 deep");
    const groups = Buffer.from("a31f".repeat(100_000), "hex");
    expect(echo(groups)).toMatch("messages nested more than 100 deep");
  });

  it("is whatever is cut off anywhere, and never a trap", () => {
    const whole = Buffer.concat([
      string(14, "é 🌍"),
      block(124, string(1, "a"), int32(2, -1)),
      block(21, Buffer.alloc(16, 1)),
      block(127, int32(1, 5), block(2, string(1, "c"))),
      int32(200, 300),
    ]);
    for (let size = 0; size < whole.length; size++) echo(whole.subarray(0, size));
    expect(echo(whole).length).toBe(2 * whole.length);
  });

  it("agrees with TextDecoder on what is UTF-8", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    // Bytes from the edges of the ranges, so that many sequences are nearly right.
    const edges = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xec];
    edges.push(0xed, 0xee, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff);
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let i = 0; i < 20_000; i++) {
      // Half of them ASCII, of which four and eight in a row are read at once.
      const bytes = Uint8Array.from({ length: 1 + random(12) }, () =>
        random(2) === 0 ? 0x41 : (edges[random(edges.length)] ?? 0),
      );
      const request = block(14, bytes);
      let expected = hex(request);
      try {
        decoder.decode(bytes);
      } catch {
        expected = "malformed";
      }
      expect(echoFrom(tester, request).replace(/^malformed .*/, "malformed")).toBe(expected);
    }
  });
});

describe("methods", () => {
  it("fail with a text", () => {
    expect(run("fail")).toBe("error: no such user: é 🌍");
    expect(run("hello")).toBe("hello");
  });

  it("fail without a text, and it is a failure still", () => {
    expect(run("fail without text")).toBe("error: ");
  });

  it("may answer with megabytes, and the memory is used again", () => {
    const request = new BinaryWriter().tag(1, 2).string("large answer").finish();
    for (let i = 0; i < 3; i++) {
      const answer = tester.call("tester_run", request);
      expect("bytes" in answer && answer.bytes.length).toBe((3 << 20) + 5);
    }
    const { pages } = tester;
    for (let i = 0; i < 10; i++) tester.call("tester_run", request);
    expect(tester.pages).toBe(pages);
  });

  it("cannot answer with a message that contains itself", () => {
    expect(echo(string(14, "cycle"))).toBe(
      "the reply is nested more than 100 deep, or contains itself",
    );
  });

  it("write lone surrogates as U+FFFD", () => {
    expect(run("lone surrogates")).toBe("\ufffdx\ufffd");
  });

  it("know which optional fields and which member of a oneof are set", () => {
    expect(run("presence")).toBe("false,true,false,true,true,true");
  });

  it("encode and decode messages themselves", () => {
    expect(run("codec")).toBe("name -1 true");
  });

  it("write each line of console with one write, to stdout or stderr", () => {
    run("console");
    expect(tester.writes).toEqual([
      "1: log é\n",
      "1: info\n",
      "1: debug\n",
      "2: warn\n",
      "2: error\n",
      "2: Assertion failed: this\n",
    ]);
  });

  it("have clocks, environment and random numbers by WASI and nothing else", () => {
    expect(run("wasi")).toBe("1700000000123 1700000000123.0 wplug 7 true");
    const modules = WebAssembly.Module.imports(compiled).map((it) => it.module);
    expect([...new Set(modules)]).toEqual(["wasi_snapshot_preview1"]);
  });
});

describe("panics", () => {
  const panic = () => tester.read(BigInt(tester.invoke("wplug_panic") ?? 0));
  const text = () => {
    const answer = panic();
    return "bytes" in answer ? Buffer.from(answer.bytes).toString() : answer.error;
  };

  it("are a trap, with text and place on stderr in one write and in wplug_panic", () => {
    expect(text()).toBe("");
    expect(() => run("throw")).toThrow(WebAssembly.RuntimeError);
    expect(text()).toMatch(/^panic: boom é \(assembly\/index\.ts:\d+:\d+\)$/);
    expect(tester.writes).toEqual([`2: ${text()}\n`]);
  });

  it("say what went wrong in the standard library", () => {
    expect(() => run("bad index")).toThrow(WebAssembly.RuntimeError);
    expect(text()).toMatch(/^panic: Index out of range \(~lib\/array\.ts:\d+:\d+\)$/);
  });

  it("say that a list has a hole", () => {
    expect(() => run("hole in a list")).toThrow(WebAssembly.RuntimeError);
    expect(text()).toMatch(
      /^panic: a list in a message has an item that was never set \(~lib\/@wplug\/runtime\/assembly\/wire\/layout\.ts:\d+:\d+\)$/,
    );
  });

  it("say that the stack is full", () => {
    expect(() => run("recursion")).toThrow(WebAssembly.RuntimeError);
    expect(text()).toBe("panic: stack overflow");
    expect(run("hello")).toBe("hello");
  });

  it("cut a long text off between two characters", () => {
    expect(() => run("throw a long text")).toThrow(WebAssembly.RuntimeError);
    expect(text()).toMatch(/^panic: é{500,} \(assembly\/index\.ts:\d+:\d+\)$/);
  });

  it("leave a plugin that still works, 20,000 times", () => {
    const attempt = () => {
      try {
        run("throw");
      } catch {
        // Expected.
      }
    };
    for (let i = 0; i < 1000; i++) attempt();
    const { pages } = tester;
    for (let i = 0; i < 19_000; i++) attempt();
    expect(run("hello")).toBe("hello");
    expect(tester.pages).toBe(pages);
  });
});

describe("memory", () => {
  it.each(["codec", "presence", "removed entries", "console", "wasi"])(
    "is kept for what is in use: %s",
    (command) => {
      expect(run(command, stressed)).toBe(run(command));
    },
  );

  it("does not grow over 100,000 calls", () => {
    const request = Buffer.concat([string(14, "name"), block(124, string(1, "a"))]);
    for (let i = 0; i < 1000; i++) tester.call("tester_echo", request);
    const { pages } = tester;
    for (let i = 0; i < 100_000; i++) tester.call("tester_echo", request);
    expect(tester.pages).toBe(pages);
  });

  it("does not grow over calls that make garbage, fail or are malformed", () => {
    const calls = () => {
      run("garbage");
      run("fail");
      echo(Buffer.from("72ff", "hex"));
    };
    for (let i = 0; i < 500; i++) calls();
    const { pages } = tester;
    for (let i = 0; i < 3000; i++) calls();
    expect(tester.pages).toBe(pages);
  });

  it("does not grow when the host frees responses, as hosts of go-plugin 0.9 do", () => {
    const call = () => {
      const address = tester.put(string(14, "name"));
      const result = BigInt(tester.invoke("tester_echo", address, 6) ?? 0);
      tester.invoke("free", Number(BigInt.asIntN(32, result >> 32n)));
      tester.invoke("free", address);
    };
    for (let i = 0; i < 1000; i++) call();
    const { pages } = tester;
    for (let i = 0; i < 20_000; i++) call();
    expect(tester.pages).toBe(pages);
    expect(run("hello")).toBe("hello");
  });

  it("survives free of 0, of addresses that are not blocks, and of what is free already", () => {
    const first = tester.put(Buffer.from("first"));
    const second = tester.put(Buffer.from("second"));
    for (const address of [0, 1, 16, first + 1, first, first, 0x7fffffff, -1]) {
      tester.invoke("free", address);
    }
    const answer = tester.read((BigInt(second) << 32n) | 6n);
    expect("bytes" in answer && Buffer.from(answer.bytes).toString()).toBe("second");
    tester.invoke("free", second);
    expect(run("hello")).toBe("hello");
  });

  it("gives every block of its own memory, in any order of freeing", () => {
    const blocks = Array.from({ length: 50 }, (_, i) => tester.put(Buffer.alloc(100, i)));
    for (let i = 0; i < 50; i += 2) tester.invoke("free", blocks[i] ?? 0);
    run("garbage");
    for (let i = 1; i < 50; i += 2) {
      const answer = tester.read((BigInt(blocks[i] ?? 0) << 32n) | 100n);
      expect("bytes" in answer && hex(answer.bytes)).toBe(hex(Buffer.alloc(100, i)));
    }
  });

  it("uses a block again only when it is free and large enough", () => {
    const malloc = (size: number) => Number(tester.invoke("malloc", size));
    const empty = malloc(0);
    const first = malloc(100);
    expect(first - empty).toBeGreaterThanOrEqual(16);
    tester.invoke("free", first);
    const smaller = malloc(60);
    expect(smaller).toBe(first);
    expect(malloc(60)).not.toBe(first);
    tester.invoke("free", smaller);
    // It still has the room that it was made with.
    expect(malloc(101)).not.toBe(first);
    expect(malloc(100)).toBe(first);
  });

  it("refuses a block that cannot be, with a trap", () => {
    expect(() => tester.invoke("malloc", -8)).toThrow(WebAssembly.RuntimeError);
    expect(run("hello")).toBe("hello");
  });
});

describe("a plugin that was not initialised", () => {
  it("answers with an error instead of a trap", () => {
    tester = new TestInstance(compiled, { initialize: false });
    expect(tester.invoke("tester_api_version")).toBe(3n);
    expect(run("hello")).toMatch(/^error: no Tester is registered: call registerTester\(\.\.\.\)/);
  });
});

describe("the generated files", () => {
  it("are the same whenever they are generated", () => {
    expect(emitSdk(everythingContract())).toEqual(emitSdk(everythingContract()));
  });

  it("have a header, end with one line feed and use no other end of line", () => {
    for (const { content } of emitSdk(everythingContract())) {
      expect(content).toMatch(/^\/\/ Generated by wplug \S+ from .+\. Do not edit\.\n/);
      expect(content).toMatch(/[^\n]\n$/);
      expect(content).not.toContain("\r");
    }
  });

  it("carry the comments of the proto file", () => {
    const [messages] = emitSdk(greeterContract());
    expect(messages?.content).toContain(
      "/**\n * Asks for a greeting.\n *\n * A second paragraph, with a *\\/ in it.\n */\n" +
        "export class GreetRequest {\n  /** Whom to greet. */\n  name",
    );
    expect(messages?.content).toContain("/**\n * A greeting.\n * @deprecated\n */");
  });

  it("leave a name that two files declare out of the index, and say where it is", () => {
    const contract = greeterContract();
    const [greeter] = contract.files;
    if (greeter === undefined) throw new Error("the contract has no file");
    const other = { ...greeter, path: "other/x.proto", stem: "other/x", pluginServices: [] };
    const files = emitSdk({ ...contract, files: [greeter, other] });
    const index = files.find(({ path }) => path === "index.ts")?.content;
    expect(index).not.toMatch(/export .*GreetReply/);
    expect(index).toContain(
      "// GreetReply is declared twice: import it from ./greeter.pb or ./other/x.pb",
    );
  });
});
