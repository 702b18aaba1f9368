import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildGenerated } from "../../generated-plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated/limits");
const kernels = join(here, "kernels");
const require = createRequire(join(root, "package.json"));

/** The most that the kernels of a language may take when they are metered, geometric mean, times plain. */
const GOALS = { AssemblyScript: 1.25, C: 1.25, Rust: 1.25, Go: 1.5 };

/** A module whose start never ends. */
const ENDLESS = `(module
  (memory (export "memory") 1)
  (func (export "malloc") (param i32) (result i32) (i32.const 0))
  (func (export "free") (param i32))
  (func (export "greeter_api_version") (result i64) (i64.const 1))
  (func (export "_initialize") (loop $again (br $again))))`;

/** How each language becomes wasm. */
const compilers = {
  AssemblyScript: (output) =>
    node(require.resolve("assemblyscript/bin/asc.js"), [
      ...[join(kernels, "kernels.ts"), "-o", output],
      ...["-O3", "--runtime", "incremental", "--use", "abort="],
    ]),
  C: (output) =>
    run("clang", [
      ...["--target=wasm32-wasi", "-mexec-model=reactor", "-O2", "-Wl,--strip-debug"],
      ...[join(kernels, "kernels.c"), "-o", output],
    ]),
  Rust: (output) =>
    run("rustc", [
      ...["--target", "wasm32-wasip1", "--crate-type", "cdylib"],
      ...["-O", "-Cpanic=abort", "-Cstrip=debuginfo", join(kernels, "kernels.rs"), "-o", output],
    ]),
  Go: (output) =>
    run("go", ["build", "-buildmode=c-shared", "-o", output, join(kernels, "main.go")], {
      GOOS: "wasip1",
      GOARCH: "wasm",
    }),
};

/** `npm run bench -- limits` */
export async function limits() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const languages = Object.keys(compilers).filter((language) => {
    const isThere = compilers[language](join(work, `${language}.wasm`));
    if (!isThere) console.log(`${language}: not run, its compiler for WASI is not there`);
    return isThere;
  });
  const program = join(work, "measure.mjs");
  await require("esbuild").build({
    entryPoints: [join(here, "measure.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
    logLevel: "error",
  });
  mkdirSync(join(root, "tmp/bench"), { recursive: true });
  const results = join(root, "tmp/bench/limits.json");
  execFileSync(process.execPath, [program, work, results, ...languages], { stdio: "inherit" });
  const application = await measureApplication();
  const all = { ...JSON.parse(readFileSync(results, "utf8")), application };
  writeFileSync(results, JSON.stringify(all, undefined, 2));
  print(all);
  printApplication(application);
}

/** What an application sees of limits. */
async function measureApplication() {
  const folder = join(work, "application");
  await buildGenerated(folder, {
    protos: { "greeting.proto": readFileSync(join(here, "greeting.proto"), "utf8") },
    sources: [join(here, "application.ts"), join(here, "../in-turn.mjs")],
    programs: ["application"],
    plugin: readFileSync(join(here, "plugin.ts"), "utf8"),
  });
  const wabt = await require("wabt")();
  const { buffer } = wabt.parseWat("endless.wat", ENDLESS).toBinary({});
  const dist = join(folder, "dist");
  writeFileSync(join(dist, "endless.wasm"), buffer);
  const results = join(work, "application.json");
  execFileSync(process.execPath, [join(dist, "application.mjs"), dist, results], {
    stdio: "inherit",
  });
  return JSON.parse(readFileSync(results, "utf8"));
}

function node(script, args) {
  return run(process.execPath, [script, ...args]);
}

/** False if there is no such program, or if it can't. */
function run(program, args, env = {}) {
  const options = { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } };
  return spawnSync(program, args, options).status === 0;
}

function print({ kernels: rows, loads }) {
  console.log(`\nNode ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}`);
  console.log("Time of metered code, times that of the same code as it is; medians of rounds.\n");
  const names = [...new Set(rows.map(({ kernel }) => kernel))];
  const languages = [...new Set(rows.map(({ language }) => language))];
  console.log(`| language | ${names.join(" | ")} | geometric mean |`);
  console.log(`| --- |${" ---: |".repeat(names.length + 1)}`);
  const means = new Map();
  for (const language of languages) {
    const ratios = names.map((name) => {
      const row = rows.find((row) => row.kernel === name && row.language === language);
      return row.metered / row.plain;
    });
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
    means.set(language, mean);
    console.log(
      `| ${language} | ${[...ratios, mean].map((ratio) => ratio.toFixed(2)).join(" | ")} |`,
    );
  }
  console.log("\n| wasm | bytes | metered | rewriting, ms | compiling plain, ms | metered, ms |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const { language, bytes, meteredBytes, rewrite, plain, metered } of loads) {
    const growth = `+${Math.round((meteredBytes / bytes - 1) * 100)} %`;
    const times = [rewrite, plain, metered].map((time) => time.toFixed(2));
    console.log(
      `| ${language} | ${bytes.toLocaleString("en")} | ${growth} | ${times.join(" | ")} |`,
    );
  }
  console.log("");
  for (const [language, mean] of means) {
    const goal = GOALS[language];
    console.log(
      `${language}, metered: ${mean.toFixed(2)} × plain, goal ≤ ${goal}: ${mean <= goal ? "reached" : "MISSED"}`,
    );
  }
}

function printApplication({ calls, ends, loads, kills }) {
  const ms = (time) => `${time.toFixed(time < 10 ? 2 : 0)} ms`;
  const rows = [
    [
      `greeter call, metered : plain (${calls.metered.toFixed(0)} ns : ${calls.plain.toFixed(0)} ns)`,
      ...[calls.metered / calls.plain, 1.3, (ratio) => ratio.toFixed(2)],
    ],
    ["after the deadline until the error is there, inline, p99", ends.p99, 5, ms],
    [`load of ${loads.bytes.toLocaleString("en")} bytes, metered`, loads.metered, 1.5, ms],
    [
      `load in a worker : metered (${ms(loads.worker)})`,
      loads.metered / loads.worker,
      1 / 20,
      (part) => `${(1 / part).toFixed(0)} ×`,
    ],
    [`call that is killed in a worker at ${kills.limit} ms`, kills.call, 110, ms],
    [`start that is killed in a worker at ${kills.limit} ms`, kills.start, 130, ms],
    ["next call after that, in a new worker", kills.next, 60, ms],
  ];
  console.log("\n| what | measured | goal | |\n| --- | ---: | ---: | --- |");
  for (const [what, value, most, shown] of rows) {
    const verdict = value <= most ? "reached" : "MISSED";
    console.log(`| ${what} | ${shown(value)} | ${shown(most)} | ${verdict} |`);
  }
}
