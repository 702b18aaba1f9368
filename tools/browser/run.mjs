/**
 * Loads a plugin in headless Chromium: the runtime's build for browsers, as a bundler takes it from the package.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";

import { buildGenerated } from "../generated-plugin.mjs";
import { installOnce } from "../install.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const work = join(here, "../../tmp/browser");
const chromium = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync("which", [name]).status === 0,
);

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
  "says what trapped":
    "PluginTrapError: show trapped: panic: thrown on purpose (assembly/index.ts:19:7)",
  "is kept below its memory limit":
    /^PluginLimitError: .*may have 1048576 bytes \(limits.memory\)$/,
  "is refused when its hash is another": /^PluginLoadError: .* is not the plugin that was pinned/,
};

async function startServer() {
  const files = {
    "/": ["text/html", "<!doctype html><title>wplug</title><script src=page.js></script>"],
    "/page.js": ["text/javascript", readFileSync(join(work, "dist/page.js"))],
    "/plugin.wasm": ["application/wasm", readFileSync(join(work, "dist/plugin.wasm"))],
    "/page.txt": ["text/plain", "a page"],
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
  if (chromium === undefined) {
    console.log("not run: there is no Chromium on the PATH");
    return { passed: 0, failed: 0 };
  }
  installOnce(here);
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
  const { chromium: driver } = await import("playwright-core");
  const server = await startServer();
  const browser = await driver.launch({
    executablePath: spawnSync("which", [chromium]).stdout.toString().trim(),
    args: ["--no-sandbox"],
  });
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
