import { PluginLoadError } from "../errors/plugin-errors.js";
import { lineWriter } from "./line-writer.js";
import * as node from "./node.js";
import * as web from "./web.js";

describe("an unsupported Node", () => {
  it.each(["18.20.8", "20.18.3", "16.0.0"])("%s is refused with what to do", (version) => {
    expect(() => node.checkEngine(version)).toThrow(
      new PluginLoadError(
        `wplug needs Node 20.19 or newer, but this is Node ${version}: install a newer Node`,
      ),
    );
  });

  it.each(["20.19.0", "20.20.2", "22.0.0", "26.10.0"])("%s is fine", (version) => {
    expect(() => node.checkEngine(version)).not.toThrow();
  });
});

describe.each([
  ["node", node],
  ["web", web],
])("on %s", (_, platform) => {
  it("the event loop has its turn", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    for (let turns = 0; ticks < 3 && turns < 100_000; turns++) await platform.nextTurn();
    clearInterval(timer);
    expect(ticks).toBe(3);
  });

  it("UTF-8 is written into place", () => {
    const target = new Uint8Array(20).fill(1);
    expect(platform.utf8Write(target, "é😀", 2)).toBe(6);
    expect([...target.subarray(0, 9)]).toEqual([1, 1, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 1]);
    expect(platform.utf8Write(target, "\ud800", 0)).toBe(3);
    expect([...target.subarray(0, 3)]).toEqual([0xef, 0xbf, 0xbd]);
  });

  it("UTF-8 is read strictly, a byte order mark and U+FFFD included", () => {
    const text = "\ufeffa\ufffd😀";
    const bytes = new TextEncoder().encode(` ${text}`);
    expect(platform.utf8Read(bytes, 1, bytes.length)).toBe(text);
    expect(platform.utf8Read(bytes, 2, bytes.length)).toBeUndefined();
    expect(platform.utf8Read(bytes, 1, bytes.length - 1)).toBeUndefined();
  });

  it.each([0, 1, 2, 3, 4, 100, 0x6000, 100_000])(
    "%d bytes become base64, and come back",
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) ^ (i >> 8));
      // Part of a larger buffer, as a message's bytes may be.
      const part = new Uint8Array(length + 2);
      part.set(bytes, 1);
      const text = Buffer.from(bytes).toString("base64");
      expect(platform.base64Encode(part.subarray(1, length + 1))).toBe(text);
      const decoded = platform.base64Decode(text, text.replace(/=+$/, "").length);
      expect(Object.getPrototypeOf(decoded)).toBe(Uint8Array.prototype);
      expect(Buffer.compare(decoded as Uint8Array, bytes)).toBe(0);
    },
  );

  it("base64 is read in both alphabets, and nothing else", () => {
    expect(platform.base64Decode("-_+/", 4)).toEqual(Uint8Array.of(0xfb, 0xff, 0xbf));
    for (const wrong of ["AA A", "AA\nA", "A=AA", "AAA\u0141", "AA\u00e9A", "AA", "A."]) {
      expect([wrong, platform.base64Decode(wrong, wrong.length)]).toEqual([
        wrong,
        wrong === "AA" ? Uint8Array.of(0) : undefined,
      ]);
    }
  });

  it("base64 beyond what fits a small piece of memory is read in both alphabets, and nothing else", () => {
    const bytes = Uint8Array.from({ length: 60_001 }, (_, i) => (i * 7) ^ (i >> 8));
    const text = Buffer.from(bytes).toString("base64");
    const url = Buffer.from(bytes).toString("base64url");
    const mixed = text.slice(0, 40_000) + url.slice(40_000);
    // As a text that comes out of one with characters beyond Latin-1.
    const wide = `${text}\u0141`.slice(0, -1);
    for (const [digits, count] of [
      [text, url.length],
      [url, url.length],
      [`${url}==`, url.length],
      [mixed, url.length],
      [wide, url.length],
    ] as const) {
      expect(Buffer.compare(platform.base64Decode(digits, count) as Uint8Array, bytes)).toBe(0);
    }
    for (const wrong of ["\u0141", "\u00e9", " ", "\n", "="]) {
      for (const at of [0, 3, 50_000, url.length - 1]) {
        for (const digits of [text, url]) {
          const spoilt = digits.slice(0, at) + wrong + digits.slice(at + 1);
          expect(platform.base64Decode(spoilt, url.length)).toBeUndefined();
        }
      }
    }
  });

  it("random bytes are random, any number of them", () => {
    const bytes = new Uint8Array(200_000);
    platform.fillRandom(bytes);
    expect(new Set(bytes.subarray(190_000)).size).toBe(256);
  });
});

describe("lineWriter", () => {
  it("prints whole lines, and the rest when the program gives control back", async () => {
    const lines: string[] = [];
    const output = lineWriter((line) => lines.push(line));
    const bytes = new TextEncoder().encode("one\ntwo é");
    output.write(bytes.subarray(0, 6));
    expect(lines).toEqual(["one"]);
    output.write(bytes.subarray(6, bytes.length - 1));
    output.write(bytes.subarray(-1));
    expect(lines).toEqual(["one"]);
    await Promise.resolve();
    expect(lines).toEqual(["one", "two é"]);
  });
});
