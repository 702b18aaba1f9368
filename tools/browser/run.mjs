/**
 * Loads a plugin in headless Chromium: the runtime's build for browsers, as a bundler takes it from the package.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import wabt from "wabt";

import { buildGenerated } from "../generated-plugin.mjs";
import { chromiumPath, startChromium } from "./chromium.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const work = join(here, "../../tmp/browser");

const TIMEOUT = "PluginTimeoutError: /loops.wasm took longer than 200 ms (limits.time)";

/** What each test of page.ts sees, as a text or a pattern. */
const expected = {
  "answers a call": "héllo!",
  "answers a call of sync": "sync!",
  "writes to the given output": "shows text\n",
  "writes to the console": "on the console!",
  "waits for an async host function": "fetched: a page",
  "answers a call in a worker": "there!",
  "waits for an async host function in a worker": "fetched: a page",
  "reads files in memory": "file",
  "reads files from a worker": "file",
  "is stopped at its time limit, and answers again":
    "PluginTimeoutError: show took longer than 300 ms (limits.time) / again!",
  "is held to all limits that nobody has named":
    "PluginTimeoutError: show took longer than 300 ms (limits.time) / again!",
  "says what trapped":
    "PluginTrapError: show trapped: panic: thrown on purpose (assembly/index.ts:19:7)",
  "is kept below its memory limit":
    /^PluginLimitError: .*may have 1048576 bytes \(limits.memory\)$/,
  "is refused when its hash is another": /^PluginLoadError: .* is not the plugin that was pinned/,
  "writes and reads bytes in JSON": "the same",
  "writes and reads bytes in JSON without base64 of its own": "the same",
  "refuses wrong base64": "",
  "refuses wrong base64 without base64 of its own": "",
  "writes and reads other values in JSON": "true true -9223372036854775808",
  "says where a text is no JSON": "JsonError: line 2, column 11: expected a value",
  "runs a program": "exit code 7 hello",
  "runs a program in a worker": "exit code 7 hello",
  "ends a program in a worker at its limit of time": TIMEOUT,
  "ends a program in the page at its limit of time": TIMEOUT,
  "ends a program when its signal is aborted": "PluginAbortedError: /loops.wasm was aborted",
};

/** Programs that are no plugins. */
const programs = {
  prints: `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
    (data (i32.const 16) "hello")
    (func (export "_start")
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (call $exit (i32.const 7))))`,
  loops: `(module (memory (export "memory") 1) (func (export "_start") (loop $again (br $again))))`,
};

async function compilePrograms() {
  const { parseWat } = await wabt();
  return Object.entries(programs).map(([name, text]) => {
    const { buffer } = parseWat(name, text).toBinary({});
    return [`/${name}.wasm`, ["application/wasm", Buffer.from(buffer)]];
  });
}

async function startServer() {
  const files = {
    "/": ["text/html", "<!doctype html><title>wplug</title><script src=page.js></script>"],
    "/page.js": ["text/javascript", readFileSync(join(work, "dist/page.js"))],
    "/plugin.wasm": ["application/wasm", readFileSync(join(work, "dist/plugin.wasm"))],
    "/page.txt": ["text/plain", "a page"],
    ...Object.fromEntries(await compilePrograms()),
  };
  const server = createServer((request, response) => {
    const [type, content] = files[request.url] ?? ["text/plain", ""];
    response.writeHead(request.url in files ? 200 : 404, {
      "content-type": `${type}; charset=utf-8`.replace("wasm; charset=utf-8", "wasm"),
      // For memory that is shared with workers.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function main() {
  if (chromiumPath === undefined) {
    console.log("not run: there is no Chromium on the PATH");
    return { passed: 0, failed: 0 };
  }
  const text = (name) => readFileSync(join(here, name), "utf8");
  await buildGenerated(work, {
    protos: { "browser.proto": text("browser.proto") },
    sources: [join(here, "page.ts")],
    programs: [],
    plugin: text("plugin.ts"),
  });
  await createRequire(import.meta.url)("esbuild").build({
    absWorkingDir: work,
    entryPoints: ["page.ts"],
    outfile: "dist/page.js",
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
  });
  const server = await startServer();
  const browser = await startChromium();
  const counts = { passed: 0, failed: 0 };
  try {
    console.log(`Chromium ${browser.version()}`);
    const page = await browser.newPage();
    const messages = [];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const names = await page.evaluate(() => globalThis.tests);
    for (const name of new Set([...names, ...Object.keys(expected)])) {
      const actual = await page.evaluate((it) => globalThis.run(it), name);
      const wanted = expected[name];
      const ok = wanted instanceof RegExp ? wanted.test(actual) : wanted === actual;
      counts[ok ? "passed" : "failed"]++;
      console.log(`${ok ? "✓" : "✕"} ${name}${ok ? "" : `: ${actual}`}`);
    }
    const isShown = messages.includes("shows on the console");
    counts[isShown ? "passed" : "failed"]++;
    console.log(`${isShown ? "✓" : "✕"} the console shows what the plugin writes`);
  } finally {
    await browser.close();
    server.close();
  }
  return counts;
}

const counts = await main();
const { WPLUG_TEST_COUNTS: file } = process.env;
if (file !== undefined) appendFileSync(file, JSON.stringify({ ...counts, skipped: 0 }) + "\n");
console.log(`browser: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
