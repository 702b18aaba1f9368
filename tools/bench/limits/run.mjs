import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated/limits");
const kernels = join(here, "kernels");
const require = createRequire(join(root, "package.json"));

/** The most that the kernels of a language may take when they are metered, geometric mean, times plain. */
const GOALS = { AssemblyScript: 1.25, C: 1.25, Rust: 1.25, Go: 1.5 };

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
  print(JSON.parse(readFileSync(results, "utf8")));
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
