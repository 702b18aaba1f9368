import { type LoadedTester, loadTester } from "./testing/load-tester";
import { PluginFolder, tester } from "./testing/plugin-folder";

// It bundles and runs plugins, some until their time is over.
jest.setTimeout(60_000);

/** What a call ends with: its answer, or the name of its error and a part of the text. */
type End = string | readonly [name: string | RegExp, text: RegExp];

/** Of the instance, where not even the answer with the error has room. */
const OUT_OF_MEMORY: End = [/^Plugin(Limit)?Error$/, /out of memory|limits\.memory/];
const OUT_OF_TIME: End = ["PluginTimeoutError", /took longer than 1000 ms \(limits\.time\)/];
const STACK: End = ["PluginError", /Maximum call stack size exceeded/];
const NO_TEXT: End = ["PluginError", /^an error that has no text$/];
const error = (text: RegExp): End => ["PluginError", text];

/** Code of a method, and how calls of it end. All of them leave the host as it was. */
const HOSTILE: Readonly<Record<string, readonly [code: string, end: End]>> = {
  // Memory.
  "lists without end": ["const a = []; for (;;) a.push(new Array(1000).fill(0));", OUT_OF_MEMORY],
  "bytes without end": ["const a = []; for (;;) a.push(new Uint8Array(1 << 20));", OUT_OF_MEMORY],
  "a text that doubles": ["let s = 'xx'; for (;;) s = (s + s).replace('x', 'y');", OUT_OF_MEMORY],
  "a text that is too large at once": ["return { text: 'x'.repeat(1 << 29) };", OUT_OF_MEMORY],
  "closures without end": ["const a = []; for (;;) a.push(() => a);", OUT_OF_MEMORY],
  "a Map that leaves no memory for the error": [
    "const all = new Map(); for (let i = 0; ; i++) all.set(i, {});",
    OUT_OF_MEMORY,
  ],
  "a request that leaves no memory for the reply of the host": [
    "return new Host().answer({ text: 'x'.repeat(12 << 20) });",
    OUT_OF_MEMORY,
  ],
  "a BigInt without end": ["let n = 3n; for (;;) n = n * n;", error(/BigInt is too large/)],

  // Time and stack.
  "a regular expression that tries all ways": [
    "return { text: String(/^(a+)+$/.test('a'.repeat(40) + 'b')) };",
    OUT_OF_TIME,
  ],
  "microtasks without end": [
    "const go = () => { Promise.resolve().then(go); }; go(); return new Promise(() => {});",
    OUT_OF_TIME,
  ],
  "what catches that memory is out": [
    "const a = []; for (;;) try { a.push(new Array(1000).fill(0)); } catch {}",
    OUT_OF_TIME,
  ],
  "JSON that is nested too deep": [
    "return { text: JSON.stringify(JSON.parse('['.repeat(2e5) + ']'.repeat(2e5))) };",
    STACK,
  ],
  "a regular expression with too many groups": [
    "return { text: String(new RegExp('('.repeat(1e5) + ')'.repeat(1e5))) };",
    error(/too many captures/),
  ],
  "a timer that is due never": [
    "return new Promise((resolve) => setTimeout(() => resolve({ text }), Infinity));",
    "bad",
  ],
  "a clock without a time": [
    "Date.now = () => NaN; return new Promise((resolve) => setTimeout(() => resolve({ text }), 1));",
    "bad",
  ],

  // Answers.
  "a getter that throws": ["return { get text() { throw new Error('got'); } };", error(/^got$/)],
  "a getter that calls itself": ["return { get text() { return this.text; } };", STACK],
  "a getter that calls the host": [
    "return { get text() { return new Host().answer({ text }).text; } };",
    "answer to bad",
  ],
  "a Proxy whose traps throw": [
    "const trap = () => { throw new Error('trap'); }; return new Proxy({}, { get: trap, ownKeys: trap });",
    error(/^trap$/),
  ],
  "a Proxy that is its own prototype": [
    "const it = new Proxy({}, { get: (_, key) => key === 'then' ? undefined : it, getPrototypeOf: () => it }); return it;",
    OUT_OF_TIME,
  ],
  "a Proxy that is revoked": [
    "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy;",
    error(/revoked proxy/),
  ],
  "a thenable that returns nothing": ["return { then: (resolve) => resolve({ text }) };", "bad"],
  "a thenable that settles more than once": [
    "return { then(resolve) { resolve({ text }); resolve({}); throw new Error('late'); } };",
    "bad",
  ],
  "a thenable that never calls back": ["return { then() {} };", error(/a promise never settles/)],
  "a thenable that is its own answer": [
    "const it = { then: (resolve) => resolve(it) }; return it;",
    OUT_OF_TIME,
  ],
  "a thenable that can't be read": [
    "return { get then() { throw new Error('got'); } };",
    error(/^got$/),
  ],

  // What is thrown.
  "null that is thrown": ["throw null;", error(/the plugin threw null$/)],
  "an object with a message that is thrown": [
    "throw { message: 'no such user', code: 5 };",
    error(/^no such user$/),
  ],
  "an object without one that is thrown": ["throw { code: 5 };", error(/^\{"code":5\}$/)],
  "an object that contains itself and is thrown": [
    "const a: any = {}; throw (a.a = a);",
    error(/^\[object Object\]$/),
  ],
  "a symbol that is thrown": ["throw Symbol('x');", error(/^Symbol\(x\)$/)],
  "a revoked Proxy that is thrown": [
    "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;",
    NO_TEXT,
  ],
  "an object that is no text": ["throw { toString() { throw this; } };", NO_TEXT],
  "an object whose text has no end": ["throw { toString() { return this + ''; } };", NO_TEXT],
  "an error whose message can't be read": [
    "throw Object.defineProperty(new Error(), 'message', { get() { throw new Error(); } });",
    NO_TEXT,
  ],
  "an error whose stack can't be read": [
    "throw Object.defineProperty(new Error('it'), 'stack', { get() { throw new Error(); } });",
    error(/^Error: it$/),
  ],
  "an error of a timer": [
    "setTimeout(() => { throw new Error('late'); }); return new Promise(() => {});",
    error(/^late$/),
  ],

  // Globals that are others. They are the instance's own.
  "a field of all objects": ["Object.prototype.text = 'all'; return {};", "all"],
  "a setter of all objects": [
    "Object.defineProperty(Object.prototype, 'text', { set() { throw new Error(); } }); return { text };",
    "bad",
  ],
  "unknown fields of all objects": [
    "Object.prototype.$unknown = new Uint8Array([255]); return { text };",
    "bad",
  ],
  "lists that can't be walked": [
    "Array.prototype[Symbol.iterator] = Map.prototype[Symbol.iterator] = null; return { text };",
    "bad",
  ],
  "promises with another then": [
    "Promise.prototype.then = () => { throw new Error(); }; return Promise.resolve({ text });",
    "bad",
  ],
  "no globals": [
    "for (const name of Object.getOwnPropertyNames(globalThis)) try { if (name !== 'globalThis') delete globalThis[name]; } catch {} return { text };",
    "bad",
  ],
  "a class that reads otherwise": [
    "Text.read = () => { throw new Error(); }; return new Host().answer({ text });",
    "answer to bad",
  ],
  "a class that writes what is no message": [
    "Text.prototype.encode = () => new Uint8Array([15]); return { get text() { return ''; } };",
    ["WireError", /test\.v1\.Text/],
  ],
  "a method that is gone": ["MyTester.prototype.run = null; return { text };", "bad"],
};

describe("a plugin in TypeScript that means harm", () => {
  const names = Object.keys(HOSTILE);
  const methods = Object.values(HOSTILE).map(([code]) => `({ text }) => { ${code} },`);
  const folder = new PluginFolder({
    "plugin/src/index.ts": tester(
      `run({ text }: any): any {
        const [number, request] = text.split(" ");
        return request === "good" ? { text: request } : methods[number]({ text: request });
      }`,
      `const methods: any = [\n${methods.join("\n")}\n];`,
    ),
  });
  const loaded: LoadedTester[] = [];
  beforeAll(async () => {
    expect(await folder.compile()).toMatchObject({ ok: true, messages: [] });
  });
  afterEach(async () => {
    for (const plugin of loaded.splice(0)) await plugin.dispose();
  });
  afterAll(() => {
    folder.remove();
  });

  /** Those that end by another limit have the time for it that a busy machine takes. */
  async function load(time = 20_000): Promise<LoadedTester> {
    const plugin = await loadTester(folder.wasm, { limits: { memory: 24 << 20, time } });
    loaded.push(plugin);
    return plugin;
  }

  it.each(names.map((name, number) => [name, number] as const))(
    "does none to the host by %s",
    async (name, number) => {
      const bystander = await load();
      const end = HOSTILE[name]?.[1] ?? "";
      const plugin = await load(end === OUT_OF_TIME ? 1_000 : undefined);
      const call = plugin.run(`${number} bad`);
      if (typeof end === "string") expect(await call).toBe(end);
      else {
        const [error, message] = end;
        await expect(call).rejects.toMatchObject({
          name: expect.stringMatching(error),
          message: expect.stringMatching(message),
        });
      }
      expect(await bystander.run("0 good")).toBe("good");
      expect(await (await load()).run("0 good")).toBe("good");
    },
  );

  it("goes on after an error for which there was memory", async () => {
    const plugin = await load();
    const number = names.indexOf("lists without end");
    for (let i = 0; i < 3; i++) {
      await expect(plugin.run(`${number} bad`)).rejects.toThrow(/out of memory/);
      expect(await plugin.run("0 good")).toBe("good");
    }
  });
});
