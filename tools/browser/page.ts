import { MemoryFiles, PluginModule, runProgram, untrusted, type LoadOptions } from "@wplug/runtime";

import { PagePlugin, type Host } from "./gen/host.js";
import { Values } from "./gen/index.js";

/** Runs in the page. Each test says what it saw; the test in Node compares. */
const host: Host = {
  async fetch({ text }) {
    const response = await fetch(text);
    return { text: await response.text() };
  },
};

type Answer = (text: string) => Promise<string>;

async function withPlugin(options: LoadOptions, use: (show: Answer) => Promise<string>) {
  await using plugin = await PagePlugin.load("/plugin.wasm", { host, ...options });
  return await use(async (text) => (await plugin.show({ text })).text);
}

/** Runs something as on a browser that has no base64 of its own. */
async function withoutBase64(use: () => Promise<string>): Promise<string> {
  const places = [
    [Uint8Array, "fromBase64"],
    [Uint8Array.prototype, "toBase64"],
  ] as const;
  const found = places.map(([place, name]) => Object.getOwnPropertyDescriptor(place, name));
  for (const [place, name] of places) Reflect.deleteProperty(place, name);
  try {
    return await use();
  } finally {
    places.forEach(([place, name], i) => {
      const { [i]: property } = found;
      if (property !== undefined) Object.defineProperty(place, name, property);
    });
  }
}

/** Lengths of bytes that go to base64 and back: all kinds of ends, and many at once. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 1000, 1_000_001];

async function bytesInJson(): Promise<string> {
  for (const length of LENGTHS) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 7) ^ (i >> 8));
    const message = new Values({ data });
    const text = JSON.stringify(message.toJson({ emitDefaults: true }));
    const base64 = (JSON.parse(text) as { data: string }).data;
    if (base64.length !== Math.ceil(length / 3) * 4) return `${length}: ${base64.length} digits`;
    const url = base64.replaceAll("+", "-").replaceAll("/", "_");
    const half = base64.length >> 1;
    const mixed = base64.slice(0, half) + url.slice(half);
    for (const digits of [base64, url, url.replace(/=+$/, ""), mixed]) {
      const read = Values.fromJson({ data: digits });
      if (!read.equals(message)) return `${length}: other bytes`;
    }
    if (!Values.fromJsonString(text).equals(message)) return `${length}: other bytes of a text`;
  }
  return "the same";
}

async function wrongBase64(): Promise<string> {
  const wrong = [
    "A",
    "AA=",
    "A===",
    "AA A",
    "AA\nAA=",
    "AAA\u0141",
    "AA\u00e9A",
    "=AAA",
    "AA==AA==",
    "AA.",
  ];
  return wrong
    .filter((data) => {
      try {
        Values.fromJson({ data });
        return true;
      } catch (error) {
        return !String(error).startsWith("JsonError: browser.Values.data: expected base64");
      }
    })
    .join();
}

/** A program of WASI from the server. */
async function program(name: string, options: object): Promise<string> {
  return `exit code ${await runProgram(`/${name}.wasm`, options)}`;
}

const tests: Record<string, () => Promise<string>> = {
  "answers a call": () => withPlugin({}, (show) => show("héllo")),

  "answers a call of sync": async () => {
    await using plugin = await PagePlugin.load("/plugin.wasm", { host });
    return plugin.sync.show({ text: "sync" }).text;
  },

  "writes to the given output": async () => {
    let output = "";
    await withPlugin({ stdout: (text) => void (output += text) }, (show) => show("text"));
    return output;
  },

  "writes to the console": () => withPlugin({}, (show) => show("on the console")),

  "waits for an async host function": () => withPlugin({}, (show) => show("fetch /page.txt")),

  "answers a call in a worker": () => withPlugin({ isolation: "worker" }, (show) => show("there")),

  "waits for an async host function in a worker": () =>
    withPlugin({ isolation: "worker" }, (show) => show("fetch /page.txt")),

  "reads files in memory": () =>
    withPlugin({ files: { "/": new MemoryFiles({ a: "file" }) } }, (show) => show("read /a")),

  "reads files from a worker": () =>
    withPlugin({ isolation: "worker", files: { "/": new MemoryFiles({ a: "file" }) } }, (show) =>
      show("read /a"),
    ),

  "is stopped at its time limit, and answers again": () =>
    withPlugin({ isolation: "worker", limits: { time: 300 } }, async (show) => {
      const error = await show("loop").catch(String);
      return `${error} / ${await show("again")}`;
    }),

  "is held to all limits that nobody has named": () =>
    withPlugin(untrusted({ time: 300 }), async (show) => {
      const error = await show("loop").catch(String);
      return `${error} / ${await show("again")}`;
    }),

  "says what trapped": () => withPlugin({ stderr: null }, (show) => show("throw").catch(String)),

  "is kept below its memory limit": async () => {
    const module = await PluginModule.compile(await fetch("/plugin.wasm"));
    await using plugin = await PagePlugin.load(module, { host, limits: { memory: 1 << 20 } });
    return await plugin.show({ text: "x".repeat(2_000_000) }).then(() => "no error", String);
  },

  "is refused when its hash is another": () =>
    PagePlugin.load("/plugin.wasm", { host, sha256: "0".repeat(64) }).then(() => "loaded", String),

  "writes and reads bytes in JSON": bytesInJson,
  "writes and reads bytes in JSON without base64 of its own": () => withoutBase64(bytesInJson),
  "refuses wrong base64": wrongBase64,
  "refuses wrong base64 without base64 of its own": () => withoutBase64(wrongBase64),

  "writes and reads other values in JSON": async () => {
    const text =
      '{"data":"+/8=","number":"-9223372036854775808","real":"-Infinity","names":{"__proto__":"é😀"}}';
    const message = Values.fromJsonString(text);
    const isSame = JSON.stringify(message.toJson()) === text;
    return `${isSame} ${Values.decode(message.encode()).equals(message)} ${message.number}`;
  },

  "says where a text is no JSON": async () => {
    try {
      Values.fromJsonString('{\n  "data": nul }');
      return "read";
    } catch (error) {
      return String(error);
    }
  },

  "runs a program": async () => {
    let output = "";
    const stdout = (text: string): void => void (output += text);
    return `${await program("prints", { stdout })} ${output}`;
  },
  "runs a program in a worker": async () => {
    let output = "";
    const stdout = (text: string): void => void (output += text);
    return `${await program("prints", { stdout, isolation: "worker" })} ${output}`;
  },
  "ends a program in a worker at its limit of time": () =>
    program("loops", { limits: { time: 200 } }).catch(String),
  "ends a program in the page at its limit of time": () =>
    program("loops", { isolation: "inline", limits: { time: 200 } }).catch(String),
  "ends a program when its signal is aborted": () =>
    program("loops", { signal: AbortSignal.timeout(200) }).catch(String),
};

Object.assign(globalThis, {
  tests: Object.keys(tests),
  run: (name: string) => tests[name]?.().catch((error: unknown) => `failed: ${String(error)}`),
});
