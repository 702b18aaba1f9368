import { MemoryFiles, PluginModule, type LoadOptions } from "@wplug/runtime";

import { PagePlugin, type Host } from "./gen/host.js";

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

  "says what trapped": () => withPlugin({ stderr: null }, (show) => show("throw").catch(String)),

  "is kept below its memory limit": async () => {
    const module = await PluginModule.compile(await fetch("/plugin.wasm"));
    await using plugin = await PagePlugin.load(module, { host, limits: { memory: 1 << 20 } });
    return await plugin.show({ text: "x".repeat(2_000_000) }).then(() => "no error", String);
  },

  "is refused when its hash is another": () =>
    PagePlugin.load("/plugin.wasm", { host, sha256: "0".repeat(64) }).then(() => "loaded", String),
};

Object.assign(globalThis, {
  tests: Object.keys(tests),
  run: (name: string) => tests[name]?.().catch((error: unknown) => `failed: ${String(error)}`),
});
