import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build, noGo } from "../../../e2e/interop-go/build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const matrix = join(root, "e2e/interop-go");
const work = join(here, "../generated/interop");

const SUBJECTS = [
  ["wplug", "assemblyscript"],
  ["wplug", "rust"],
  ["wplug", "go"],
  ["go-plugin", "assemblyscript"],
  ["go-plugin", "rust"],
  ["go-plugin", "go"],
];

/** `npm run bench -- interop` */
export async function interop() {
  const reason = noGo();
  if (reason !== undefined) throw new Error(reason);
  const shared = ["go-host.ts", "host-under-test.ts", "typescript-host.ts"];
  const built = await build(work, {
    sources: [join(here, "measure.ts"), ...shared.map((name) => join(matrix, name))],
    programs: ["measure"],
  });
  const paths = join(work, "paths.json");
  writeFileSync(paths, JSON.stringify(built));
  const results = join(root, "tmp/bench/interop.json");
  const program = join(work, "js/dist/measure.mjs");
  execFileSync(process.execPath, ["--expose-gc", program, paths, results], { stdio: "inherit" });
  const rows = JSON.parse(readFileSync(results, "utf8")).map((row) => {
    const bytes = readFileSync(built[row.plugin]);
    return { ...row, size: bytes.length, gzip: gzipSync(bytes).length };
  });
  writeFileSync(results, JSON.stringify(rows, null, 2));
  print(rows);
}

function print(rows) {
  const go = execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
  console.log(
    `\nNode ${process.versions.node}, ${go}, ${cpus().length} × ${cpus()[0]?.model.trim()}`,
  );
  console.log("Medians; in brackets, how many times as good as go-plugin's host and plugin.\n");
  const row = (host, plugin) => rows.find((it) => it.host === host && it.plugin === plugin);
  const both = row("go-plugin", "go");
  const time = (us, base) => `${us.toFixed(2)} µs, ${rate(us)}/s (${(base / us).toFixed(1)}×)`;
  const mib = (bytes) => `${(bytes / (1 << 20)).toFixed(2)} MiB`;
  console.log(
    "| host | plugin | greeting | 19 fields | load | wasm, gzip | its memory | resident |",
  );
  console.log(`| --- | --- |${" ---: |".repeat(6)}`);
  for (const [host, plugin] of SUBJECTS) {
    // Without Rust on this machine there is no plugin of it.
    if (row(host, plugin) === undefined) continue;
    const { calls, load, memory, resident, size, gzip } = row(host, plugin);
    const cells = [
      time(calls.greeting, both.calls.greeting),
      time(calls["19 fields"], both.calls["19 fields"]),
      `${load.toFixed(1)} ms (${(both.load / load).toFixed(1)}×)`,
      `${(size / 1000).toFixed(1)} kB, ${(gzip / 1000).toFixed(1)} kB`,
      mib(memory),
      mib(resident),
    ];
    console.log(`| ${host} | ${plugin} | ${cells.join(" | ")} |`);
  }
  console.log("");
  const ours = row("wplug", "go");
  const assemblyscript = row("wplug", "assemblyscript");
  for (const name of ["greeting", "19 fields"]) {
    const base = both.calls[name];
    goal(`a Go plugin in our host, ${name}`, base / ours.calls[name], 1.3);
    goal(`AssemblyScript in our host, ${name}`, base / assemblyscript.calls[name], 10);
  }
  const rust = row("wplug", "rust");
  for (const name of rust === undefined ? [] : ["greeting", "19 fields"]) {
    const ratio = rust.calls[name] / assemblyscript.calls[name];
    const verdict = ratio <= 1.05 ? "reached" : "MISSED";
    console.log(
      `Rust in our host, ${name}: ${ratio.toFixed(2)}× the time of AssemblyScript, goal ≤ 1.05×: ${verdict}`,
    );
  }
  goal("loading a Go plugin", both.load / ours.load, 10);
}

function rate(microseconds) {
  return Math.round(1e6 / microseconds).toLocaleString("en");
}

function goal(name, ratio, atLeast) {
  const verdict = ratio >= atLeast ? "reached" : "MISSED";
  console.log(`${name}: ${ratio.toFixed(1)}× go-plugin, goal ≥ ${atLeast}×: ${verdict}`);
}
