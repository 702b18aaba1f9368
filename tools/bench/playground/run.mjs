import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

import { chromiumPath, startChromium } from "../../browser/chromium.mjs";
import { MOST, openFile, typeInLargeForm } from "../../playground/measure.mjs";
import { built, buildPlugin, pagePath } from "../../playground/play-plugin.mjs";
import { median } from "../median.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated/playground");
const ROUNDS = 5;

/** `npm run bench -- playground` */
export async function playground() {
  if (chromiumPath === undefined) {
    console.error("There is no Chromium on the PATH");
    process.exitCode = 1;
    return;
  }
  const plugin = await buildPlugin(work);
  const data = join(work, "data.wasm");
  const { appendCustomSection } = built("wasm/custom-section.js");
  writeFileSync(data, appendCustomSection(readFileSync(plugin), "data", new Uint8Array(3 << 20)));
  const code = buildGo();
  const browser = await startChromium();
  const rows = [];
  const add = (what, value, unit, most) => rows.push({ what, value, unit, most });
  try {
    const size = gzipSync(readFileSync(pagePath), { level: 9 }).length / 1000;
    add("the page, gzip", size, "kB", MOST.gzip / 1000);
    for (const [what, path] of [
      ["opens a plugin", plugin],
      ["opens a plugin with 3 MB of data", data],
      ["opens a Go program", code],
    ]) {
      if (path === undefined) continue;
      const times = await rounds(browser, (page) => openFile(page, path));
      add(`${what}, ${(statSync(path).size / 1e6).toFixed(2)} MB`, median(times), "ms", MOST.open);
    }
    const opened = await rounds(browser, async (page) => {
      await openFile(page, plugin);
      return showForm(page);
    });
    add("shows a form of 500 fields", median(opened), "ms", MOST.open);
    const keys = await rounds(browser, async (page) => {
      await openFile(page, plugin);
      await showForm(page);
      return typeInLargeForm(page);
    });
    add("a key in the last of its fields", median(keys), "ms", MOST.key);
  } finally {
    await browser.close();
  }
  mkdirSync(join(root, "tmp/bench"), { recursive: true });
  writeFileSync(join(root, "tmp/bench/playground.json"), JSON.stringify(rows, undefined, 2));
  print(rows);
}

/** Absolute path of a module of Go; undefined where there is no Go. */
function buildGo() {
  const path = join(work, "go.wasm");
  const args = ["build", "-buildmode=c-shared", "-o", path, join(here, "main.go")];
  const env = { ...process.env, GOOS: "wasip1", GOARCH: "wasm" };
  if (spawnSync("go", args, { stdio: ["ignore", "ignore", "inherit"], env }).status === 0)
    return path;
  console.log("Go: not run, its compiler is not there");
  return undefined;
}

/** What `measure` returns for each of some new pages. */
async function rounds(browser, measure) {
  const all = [];
  for (let round = 0; round < ROUNDS; round++) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(pagePath).href);
    all.push(await measure(page));
    await page.close();
  }
  return all;
}

/** Milliseconds from a press on the method until the last of its fields is there, with what Playwright takes. */
async function showForm(page) {
  const start = performance.now();
  await page.getByRole("button", { name: "Play.Fill" }).click();
  await page.getByLabel("f500", { exact: true }).waitFor();
  return performance.now() - start;
}

function print(rows) {
  const all = [
    ["", "median", "at most"],
    ...rows.map(({ what, value, unit, most }) => [
      what,
      `${Math.round(value)} ${unit}`,
      `${most} ${unit}`,
    ]),
  ];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((text, i) => text.padEnd(widths[i])).join(" | ")} |`;
  const [header, ...body] = all.map(line);
  console.log(
    [header, `| ${widths.map((it) => "-".repeat(it)).join(" | ")} |`, ...body].join("\n"),
  );
  const missed = rows.filter(({ value, most }) => value > most);
  for (const { what } of missed) console.log(`missed: ${what}`);
  if (missed.length > 0) process.exitCode = 1;
}
