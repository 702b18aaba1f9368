import { readFileSync } from "node:fs";

import { type LoadedTester, loadTester } from "./testing/load-tester";
import { PluginFolder, tester } from "./testing/plugin-folder";

// It bundles and runs plugins.
jest.setTimeout(60_000);

const folders: PluginFolder[] = [];
const loaded: LoadedTester[] = [];
afterEach(async () => {
  for (const plugin of loaded.splice(0)) await plugin.dispose();
  for (const folder of folders.splice(0)) folder.remove();
});

function folderOf(source: string, files: Readonly<Record<string, string>> = {}): PluginFolder {
  const folder = new PluginFolder({ "plugin/src/index.ts": source, ...files });
  folders.push(folder);
  return folder;
}

/** A plugin whose only method has this code, loaded. */
async function load(method: string, top = "", files = {}): Promise<LoadedTester> {
  const folder = folderOf(tester(method, top), files);
  expect(await folder.compile()).toMatchObject({ ok: true, messages: [] });
  return start(folder);
}

async function start(folder: PluginFolder): Promise<LoadedTester> {
  const plugin = await loadTester(folder.wasm);
  loaded.push(plugin);
  return plugin;
}

/** The errors of a plugin that can't be built. */
async function failureOf(source: string, files = {}): Promise<string> {
  const result = await folderOf(source, files).compile();
  expect(result.ok).toBe(false);
  return result.messages.join("");
}

describe("a plugin in TypeScript", () => {
  it("uses what the language has: closures, classes, generators, regular expressions, JSON, BigInt", async () => {
    const plugin = await load(`run({ text }: Text) {
      const { y } = /(?<y>\\p{Nd}{4})/u.exec(text)!.groups!;
      const all = [...(function* () { yield BigInt(y!) ** 2n; })()];
      return { text: JSON.stringify([...new Set(all.map(String))]) };
    }`);
    expect(await plugin.run("in 2026")).toBe('["4104676"]');
  });

  it("compares negative BigInts with numbers of other magnitudes", async () => {
    const plugin = await load(`run({ text }: Text) {
      const small = BigInt(text);
      return { text: [small < -1000, small > -1000, small * 5000n < -1000, -small > 1e15].join() };
    }`);
    expect(await plugin.run("-1")).toBe("false,true,true,false");
  });

  it("can't compile code, neither while it is built nor in calls, and is told so", async () => {
    const plugin = await load(
      `run() { return { text: [atBuild, ...tries.map(result)].join("\\n") }; }`,
      `const tries = [
        () => new Function("return 1")(),
        () => (0, eval)("1"),
        () => Object.getPrototypeOf(async () => {}).constructor("return 1"),
      ];
      const result = (it: () => unknown) => { try { return it(); } catch (error) { return String(error); } };
      const atBuild = result(tries[0]!);`,
    );
    const refused =
      "TypeError: there is no compiler in a plugin: eval and new Function are not available";
    expect((await plugin.run("")).split("\n")).toEqual(Array(4).fill(refused));
  });

  it("takes no bytes for the compiler of the language, nor for what of Unicode it does not need", async () => {
    const folder = folderOf(tester("run({ text }: Text) { return { text }; }"));
    expect(await folder.compile()).toMatchObject({ ok: true });
    expect(readFileSync(folder.wasm).length).toBeLessThan(690_000);
  });

  it("normalizes and compares texts, and compiles regular expressions with properties of characters", async () => {
    const plugin = await load(`run({ text }: Text) {
      const capital = new RegExp("\\\\p{Lu}", "u");
      return { text: [text.normalize("NFD").length, text.localeCompare("e\u0301"), capital.test("É")].join() };
    }`);
    expect(await plugin.run("é")).toBe("2,0,true");
  });

  it("splits by properties of characters", async () => {
    const plugin = await load(
      `run({ text }: Text) { return { text: text.split(/\\p{Lu}/u).join("-") }; }`,
    );
    expect(await plugin.run("aÉbÀc")).toBe("a-b-c");
  });

  it("throws an error that says why, where code gets at what the build has left out of Unicode", async () => {
    const plugin = await load(`run({ text }: Text) {
      try {
        if (text.length === 1) return { text: (text as any)[["normal", "ize"].join("")]() };
        return { text: String(new (/x/ as any).constructor(text, "u")) };
      } catch (error) { return { text: String(error) }; }
    }`);
    expect(await plugin.run("é")).toBe(
      "TypeError: this plugin is without Unicode's normal forms: nx build adds them where normalize or localeCompare is called by its name",
    );
    expect(await plugin.run("\\p{Lu}")).toBe(
      "SyntaxError: \\p is not in this plugin, whose code does not name RegExp",
    );
    expect(await plugin.run("[a-z]+")).toBe("/[a-z]+/u");
  });

  it("changes the case of all letters without them", async () => {
    const plugin = await load(
      `run({ text }: Text) { return { text: text.toUpperCase() + text.toLowerCase() + /ß|é/iu.test("É") }; }`,
    );
    expect(await plugin.run("Éßσ ΑΣ")).toBe("ÉSSΣ ΑΣéßσ αςtrue");
  });

  it("reads the numbers of JSON as those of the language are read", async () => {
    const numbers = [
      ...["0", "-0", "1e400", "-1e-400", "5e-324", "2.2250738585072011e-308", "0.1", "1E+2"],
      ...["179769313486231580793e289", "9007199254740993", "123456789012345678901234567890"],
      ...Array.from({ length: 500 }, (_, i) =>
        String(Math.sin(i) * 10 ** (((i * 37) % 600) - 300)),
      ),
    ];
    const plugin = await load(`run({ text }: Text) {
      const bits = new DataView(new Float64Array(JSON.parse(text)).buffer);
      return { text: Array.from({ length: bits.byteLength / 8 }, (_, i) => bits.getBigUint64(8 * i, true)).join() };
    }`);
    const expected = new BigUint64Array(new Float64Array(numbers.map(Number)).buffer).join();
    expect(await plugin.run(`[${numbers.join()}]`)).toBe(expected);
  });

  it("waits for promises and timers, and answers when it has", async () => {
    const plugin = await load(`async run({ text }: Text) {
      const order: number[] = [];
      setTimeout(() => order.push(3), 100);
      queueMicrotask(() => order.push(1));
      setTimeout(() => order.push(2), 0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { text: text + order.join() };
    }`);
    expect(await plugin.run("order ")).toBe("order 1,2,3");
  });

  it("answers with an error where a promise never settles, and goes on", async () => {
    const plugin = await load(`async run({ text }: Text) {
      if (text === "never") await new Promise(() => {});
      return { text };
    }`);
    await expect(plugin.run("never")).rejects.toThrow(/a promise never settles/);
    expect(await plugin.run("next")).toBe("next");
  });

  it("answers with the text of what is thrown, and writes the stack in the author's files", async () => {
    const plugin = await load(
      `async run({ text }: Text) { await null; if (text === "type") null!.x; return deep(text); }`,
      'import { deep } from "./deep";',
      {
        "plugin/src/deep.ts":
          "\n\nexport function deep(text: string): never {\n  throw new Error(text);\n}\n",
      },
    );
    await expect(plugin.run("a mistake")).rejects.toThrow("a mistake");
    expect(plugin.stderr()).toContain("Error: a mistake\n    at deep (plugin/src/deep.ts:4:");
    expect(plugin.stderr()).toContain("plugin/src/index.ts:6:");
    await expect(plugin.run("type")).rejects.toThrow(/TypeError: cannot read property 'x' of null/);
  });

  it("finds the places of all lines of a large bundle, in the sources of packages, and takes no memory for it", async () => {
    const lines = Array.from({ length: 1_500 }, (_, i) => `export const value${i} = () => ${i};`);
    // What tsc makes of a module: a line more, and two columns to the right.
    const deep = "export function deep(text) { throw new Error(text); }";
    const map = { version: 3, sources: ["../src/deep.ts"], names: [], mappings: ";AACA,6BAEE" };
    const plugin = await load(
      `run({ text }: Text) { return text === "" ? { text: String(Object.keys(many).length) } : deep(text); }`,
      'import * as many from "./many";\nimport { deep } from "pack";',
      {
        "plugin/src/many.ts": lines.join("\n"),
        "node_modules/pack/package.json": '{"name":"pack","type":"module","main":"dist/deep.js"}',
        "node_modules/pack/dist/deep.js": `// built\n${deep}\n//# sourceMappingURL=deep.js.map\n`,
        "node_modules/pack/dist/deep.js.map": JSON.stringify(map),
      },
    );
    expect(await plugin.run("")).toBe("1500");
    const before = plugin.memory();
    await expect(plugin.run("a mistake")).rejects.toThrow("a mistake");
    expect(plugin.stderr()).toMatch(
      /^Error: a mistake\n {4}at deep \(node_modules\/pack\/src\/deep\.ts:4:3\)\n {4}at run \(plugin\/src\/index\.ts:7:\d+\)\n/,
    );
    expect(plugin.memory()).toBe(before);
  });

  it("answers with the text of fail() alone", async () => {
    const plugin = await load(`run({ text }: Text) { return fail("no " + text); }`);
    await expect(plugin.run("luck")).rejects.toThrow("no luck");
    expect(plugin.stderr()).toBe("");
  });

  it("can catch endless recursion, and answers with an error if it does not", async () => {
    const plugin = await load(`run({ text }: Text): { text: string } {
      const forever = (n: number): number => 1 + forever(n + 1);
      try { forever(0); } catch (error) { if (text === "catch") return { text: String(error) }; throw error; }
      return {} as never;
    }`);
    expect(await plugin.run("catch")).toContain("RangeError: Maximum call stack size exceeded");
    await expect(plugin.run("throw")).rejects.toThrow(/Maximum call stack size exceeded/);
    expect(await plugin.run("catch")).toContain("RangeError");
  });

  it("calls functions of the host, which are sync for it", async () => {
    const plugin = await load(
      "run({ text }: Text) { return host.answer({ text }); }",
      "const host = new Host();",
    );
    expect(await plugin.run("x")).toBe("answer to x");
  });

  it("imports no function of the host if it calls none", async () => {
    const plugin = await load("run(request: Text) { return request; }");
    expect(plugin.hostFunctions).toEqual([]);
  });

  it("runs its top level once, when it is built, and keeps state as long as the instance", async () => {
    const folder = folderOf(
      tester(
        "run() { return { text: String(++count) }; }",
        'let count = [1, 2, 3].length;\nconsole.log("top level");',
      ),
    );
    const { messages } = await folder.compile();
    expect(messages.join("")).toContain("top level");
    for (let i = 0; i < 2; i++) {
      const plugin = await start(folder);
      expect([await plugin.run(""), await plugin.run("")]).toEqual(["4", "5"]);
      expect(plugin.stdout()).toBe("");
    }
  });

  it("has random numbers and the time of the host", async () => {
    const folder = folderOf(
      tester(
        "run() { return { text: JSON.stringify([Math.random(), Date.now(), crypto.randomUUID()]) }; }",
      ),
    );
    await folder.compile();
    const [a, b] = await Promise.all([start(folder), start(folder)]);
    const [one, two] = [await a.run(""), await b.run("")].map((it) => JSON.parse(it) as unknown[]);
    expect(one![0]).not.toBe(two![0]);
    expect(Math.abs(Number(one![1]) - Date.now())).toBeLessThan(60_000);
    expect(one![2]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it("encodes and decodes texts as browsers do", async () => {
    const plugin = await load(`run({ text }: Text) {
      const bytes = new TextEncoder().encode(text + "\\ud800");
      const all = [0xef, 0xbb, 0xbf, 0x41, 0xe2, 0x82, 0xff, 0xf0, 0x9f, 0x98, 0x80];
      return { text: JSON.stringify([
        [...bytes], new TextDecoder().decode(Uint8Array.from(all)), btoa("hé"), atob(" aOk= "),
      ]) };
    }`);
    const bytes = [0xc3, 0xa9, 0xef, 0xbf, 0xbd];
    expect(JSON.parse(await plugin.run("é"))).toEqual([bytes, "A\ufffd\ufffd😀", "aOk=", "hé"]);
  });

  it("keeps texts of any kind", async () => {
    const plugin = await load("run(request: Text) { return request; }");
    const text = "\0 é 世界 🌍 " + "x".repeat(100_000);
    expect(await plugin.run(text)).toBe(text);
  });

  it("uses no more memory after many calls", async () => {
    const plugin = await load("run({ text }: Text) { return { text: text.repeat(100) }; }");
    for (let i = 0; i < 500; i++) await plugin.run("x".repeat(i % 50));
    const before = plugin.memory();
    for (let i = 0; i < 3_000; i++) await plugin.run("x".repeat(i % 50));
    expect(plugin.memory()).toBe(before);
  });
});

describe("the build of a plugin in TypeScript", () => {
  it("gives the same bytes in another folder", async () => {
    const source = tester("run(request: Text) { return request; }");
    const [a, b] = [folderOf(source), folderOf(source)];
    await a.compile();
    await b.compile();
    expect(Buffer.compare(a.bytes(), b.bytes())).toBe(0);
  });

  it("refuses modules of Node, and says who imports them", async () => {
    const text = await failureOf(
      tester("run(request: Text) { return name(request); }", 'import { name } from "pack";'),
      {
        "node_modules/pack/package.json": '{"name":"pack","main":"index.js"}',
        "node_modules/pack/index.js": 'exports.name = (it) => require("fs").readFileSync(it.text);',
      },
    );
    expect(text).toContain(
      "plugin imports fs, a module of Node: there is no Node inside of a plugin.",
    );
    expect(text).toContain("plugin/src/index.ts\n");
    expect(text).toContain("imports node_modules/pack/index.js\n");
  });

  it("takes a package for a module of Node's that has its name", async () => {
    const plugin = await load(
      "run() { return { text: punycode }; }",
      'import punycode from "punycode";',
      {
        "node_modules/punycode/package.json": '{"name":"punycode","main":"index.js"}',
        "node_modules/punycode/index.js": 'module.exports = "from npm";',
      },
    );
    expect(await plugin.run("")).toBe("from npm");
  });

  it("takes what packages have for browsers and workers, in place of modules of Node and of what needs a page", async () => {
    const plugin = await load(
      "run() { return { text: [random(), text, where].join() }; }",
      'import { random, text } from "pack";\nimport { where } from "other";',
      {
        "node_modules/pack/package.json": JSON.stringify({
          name: "pack",
          main: "index.js",
          browser: { crypto: false, "./text.js": "./browser.js" },
        }),
        "node_modules/pack/index.js": `exports.random = () => typeof self.crypto.getRandomValues + Object.keys(require("crypto"));
          exports.text = require("./text.js");`,
        "node_modules/pack/text.js": 'module.exports = require("fs");',
        "node_modules/pack/browser.js": 'module.exports = "of browsers";',
        "node_modules/other/package.json": JSON.stringify({
          name: "other",
          type: "module",
          exports: { worker: "./worker.js", browser: "./page.js", default: "./node.js" },
        }),
        "node_modules/other/worker.js": 'export const where = "in a worker";',
        "node_modules/other/page.js": "export const where = document.title;",
      },
    );
    expect(await plugin.run("")).toBe("function,of browsers,in a worker");
  });

  it.each([
    ["a mistake of syntax", "let x = ;", /plugin\/src\/index\.ts:1:8/],
    ["a module that is not there", 'import "./missing";', /Could not resolve "\.\/missing"/],
    [
      "an error at its top level",
      'throw new Error("too early");',
      /plugin\/src\/index\.ts: too early/,
    ],
    ["nothing that is registered", "export {};", /registers no service/],
    [
      "a call of the host at its top level",
      tester("run(it: Text) { return it; }", "new Host().answer({});"),
      /there is no host while the plugin is built/,
    ],
    [
      "a method that is missing",
      tester("walk(it: Text) { return it; }"),
      /registered as Tester has no method run/,
    ],
  ])("says in a sentence what is wrong with %s", async (_, source, message) => {
    expect(await failureOf(source)).toMatch(message);
  });
});
