/**
 * Hosts and plugins of both worlds, each with each: go-plugin's own host and plugins in Go against those of wplug, by the
 * same cases. And the JSON of both. Run by `npm test -- interop`.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  build,
  buildJson,
  findC,
  generateTheirs,
  hasRustTarget,
  hasTinyGo,
  noGo,
  noRust,
} from "./build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const work = join(here, "../../tmp/interop");
const MARKS = { passed: "✓", failed: "✕", "not applicable": "–" };

/** What can't be run here, and why. */
function reasonsNotToRun() {
  const reason = noGo();
  if (reason !== undefined) return [reason];
  const reasons = [];
  if (!hasTinyGo()) reasons.push("plugins of TinyGo: no tinygo on the PATH");
  const withoutRust = noRust();
  if (withoutRust !== undefined) reasons.push(`plugins in Rust: ${withoutRust}`);
  else if (!hasRustTarget("wasm32-unknown-unknown")) {
    reasons.push("plugins in Rust without WASI: Rust has no target wasm32-unknown-unknown");
  }
  if (findC() === undefined) {
    reasons.push("the plugin in C: no clang with wasm-ld and wasi-libc on the PATH");
  }
  return reasons;
}

async function main() {
  const notRun = reasonsNotToRun();
  for (const reason of notRun) console.log(`not run: ${reason}`);
  const counts = noGo() === undefined ? await run() : { passed: 0, failed: 0 };
  return { ...counts, skipped: 0, notRun };
}

async function run() {
  const names = ["cases", "exceptions", "go-host", "host-under-test", "matrix", "subject"];
  const built = await build(work, {
    sources: [...names, "typescript-host"].map((name) => join(here, `${name}.ts`)),
    programs: ["matrix"],
  });
  const files = join(work, "files");
  mkdirSync(files);
  writeFileSync(join(files, "hello.txt"), "hello from a file");
  const paths = join(work, "paths.json");
  const results = join(work, "results.json");
  writeFileSync(paths, JSON.stringify({ ...built, files }));
  const program = join(work, "js/dist/matrix.mjs");
  const { status } = spawnSync(process.execPath, [program, paths, results], { stdio: "inherit" });
  if (status !== 0) return { passed: 0, failed: 1 };
  const cells = JSON.parse(readFileSync(results, "utf8"));
  print(cells.filter(({ column }) => !column.endsWith(" c")));
  print(cells.filter(({ column }) => column.endsWith(" c")));
  return sum(count(cells), await compareJson(), await generateContracts());
}

function sum(...counts) {
  const of = (key) => counts.reduce((total, it) => total + it[key], 0);
  return { passed: of("passed"), failed: of("failed") };
}

/** The contracts of go-plugin's examples and tests, by our generator. */
async function generateContracts() {
  const results = Object.entries(await generateTheirs(work));
  for (const [folder, said] of results) {
    const mark = said.length === 0 ? MARKS.passed : MARKS.failed;
    console.log([`${mark} go-plugin's ${folder} generates`, ...said].join("\n  "));
  }
  const failed = results.filter(([, said]) => said.length > 0).length;
  return { passed: results.length - failed, failed };
}

/** Whether Go's protojson and ours agree on random messages of all well-known types. */
async function compareJson() {
  const { go, program } = await buildJson(work);
  const { status } = spawnSync(process.execPath, [program, go, "300"], { stdio: "inherit" });
  const same = status === 0;
  console.log(`${same ? MARKS.passed : MARKS.failed} proto3 JSON of the well-known types is Go's`);
  return { passed: Number(same), failed: Number(!same) };
}

function count(cells) {
  const failed = cells.filter(({ result }) => result === "failed").length;
  return { passed: cells.filter(({ result }) => result === "passed").length, failed };
}

/** Rows are cases, columns are host × plugin. Under it, what did not work and why. */
function print(cells) {
  if (cells.length === 0) return;
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Set(cells.map(({ column }) => column))];
  const exceptions = cells.filter(({ result }) => result === "exception");
  const show = (cell) => {
    if (cell.result === "exception") return `(${exceptions.indexOf(cell) + 1})`;
    const note = cell.result === "passed" && cell.text !== "" ? ` ${cell.text}` : "";
    return MARKS[cell.result] + note;
  };
  const table = rows.map((row) => [
    row,
    ...columns.map((column) => show(cells.find((it) => it.row === row && it.column === column))),
  ]);
  const all = [["host × plugin", ...columns], ...table];
  const widths = all[0].map((_, i) => Math.max(...all.map((line) => [...line[i]].length)));
  console.log("");
  for (const line of all) console.log(line.map((text, i) => text.padEnd(widths[i])).join("  "));
  console.log("");
  for (const [i, { row, column, text }] of exceptions.entries()) {
    console.log(`(${i + 1}) ${row}, ${column}: ${text}`);
  }
  for (const { row, column, text } of cells.filter(({ result }) => result === "failed")) {
    console.log(`✕ ${row}, ${column}: ${text}`);
  }
}

const counts = await main();
// Read by npm test.
const { WPLUG_TEST_COUNTS: file } = process.env;
if (file !== undefined) appendFileSync(file, JSON.stringify(counts) + "\n");
console.log(`interop: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
