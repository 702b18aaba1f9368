/**
 * Runs WebAssembly's core test suite with each module as it is and metered, on the versions of Node that the runtime is tested on,
 * and compares: the same modules must be accepted, and each assertion must come to the same result.
 *
 *   npm run metering -- SUITE
 *
 * SUITE is a copy of github.com/WebAssembly/testsuite. To read its text format, `wasm-tools` must be on the PATH
 * (`cargo install wasm-tools`), or SUITE holds what `wasm-tools json-from-wast` made of it: NAME/script.json beside the modules.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const work = join(root, "tmp/metering");

const [suite] = process.argv.slice(2);
if (suite === undefined || !existsSync(suite)) {
  console.error(
    "Where is WebAssembly's core test suite? npm run metering -- FOLDER, a copy of github.com/WebAssembly/testsuite",
  );
  process.exit(1);
}

mkdirSync(work, { recursive: true });
const program = join(work, "compare.mjs");
await require("esbuild").build({
  entryPoints: [join(here, "compare.mjs")],
  bundle: true,
  platform: "node",
  format: "esm",
  outfile: program,
  logLevel: "error",
});
const scripts = converted(resolve(suite));

let failed = false;
for (const [name, node] of Object.entries(nodes())) {
  const { status } = spawnSync(node, [program, scripts], { stdio: "inherit" });
  if (status !== 0) console.log(`${name}: there are differences`);
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;

/** This version of Node and, where there are packages of them, others. */
function nodes() {
  const all = { node: process.execPath };
  if (process.platform !== "linux" || process.arch !== "x64") return all;
  const folder = join(here, "../nodes");
  installOnce(folder);
  for (const name of ["node22", "node24", "node26"])
    all[name] = join(folder, "node_modules", name, "bin/node");
  return all;
}

/** The folder with a script.json for each file of the suite. */
function converted(folder) {
  const files = readdirSync(folder, { recursive: true }).map(String);
  const texts = files.filter((file) => file.endsWith(".wast"));
  if (texts.length === 0) return folder;
  const target = join(work, "suite");
  rmSync(target, { recursive: true, force: true });
  const unread = [];
  for (const text of texts) {
    const output = join(target, text.replace(/\.wast$/, "").replaceAll(/[\\/]/g, "__"));
    mkdirSync(output, { recursive: true });
    const options = ["--wasm-dir", output, "-o", join(output, "script.json")];
    const { status, error } = spawnSync("wasm-tools", [
      "json-from-wast",
      join(folder, text),
      ...options,
    ]);
    if (error !== undefined) {
      console.error(
        "wasm-tools is not on the PATH: cargo install wasm-tools --no-default-features --features json-from-wast",
      );
      process.exit(1);
    }
    if (status !== 0) {
      unread.push(text);
      rmSync(output, { recursive: true });
    }
  }
  if (unread.length > 0) console.log(`not run, as they can't be read: ${unread.join(", ")}`);
  return target;
}
