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
