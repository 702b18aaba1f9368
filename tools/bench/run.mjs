/**
 * Benchmarks against named peers: `npm run bench -- codec`. The first run installs the peers into this folder.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const benchmarks = { codec: "./codec/run.mjs" };

const [name] = process.argv.slice(2);
const path = benchmarks[name];
if (path === undefined) {
  console.error(`Which one? npm run bench -- ${Object.keys(benchmarks).join("|")}`);
  process.exit(1);
}
if (!existsSync(join(here, "node_modules"))) {
  // No scripts: one of the peers would download a program that is not needed.
  execFileSync("npm", ["ci", "--ignore-scripts"], {
    cwd: here,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
await (await import(path))[name]();
