import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildGenerated } from "../../generated-plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated/calls");
const require = createRequire(join(root, "package.json"));

/** Who must be how many times as fast as whom; at every size unless it is given. */
const GOALS = [
  { subject: "wplug, sync", over: "floor", size: 16, atMost: 1.5 },
  { subject: "wplug", over: "@extism/extism", atLeast: 8 },
  { subject: "wplug, worker", over: "postMessage", atMost: 1.3 },
];
const HOST_FUNCTION_GOAL = 1;
const LOAD_GOAL = 500;

/** `npm run bench -- calls` */
export async function calls() {
  rmSync(work, { recursive: true, force: true });
  const text = (name) => readFileSync(join(here, name), "utf8");
  await buildGenerated(work, {
    protos: { "echo.proto": text("echo.proto") },
    sources: ["measure.ts", "floor-echo.mjs", "worker.mjs", "../in-turn.mjs"].map((name) =>
      join(here, name),
    ),
    programs: ["measure"],
    external: ["@extism/extism", "@grpc/grpc-js"],
    plugin: text("plugin.ts"),
  });
  const asc = require.resolve("assemblyscript/bin/asc.js");
  const compile = (name, ...options) => {
    cpSync(join(here, `${name}.ts`), join(work, `${name}.ts`));
    const output = ["-o", `dist/${name}.wasm`, "-O3", "--runtime", "incremental", ...options];
    execFileSync(process.execPath, [asc, `${name}.ts`, ...output], { cwd: work, stdio: "inherit" });
  };
  compile("floor", "--use", "abort=");
  compile("extism", "--use", "abort=extism/abort", "--path", join(here, "../node_modules"));
  const results = join(root, "tmp/bench/calls.json");
  const program = join(work, "dist/measure.mjs");
  execFileSync(process.execPath, [program, join(work, "dist"), results], { stdio: "inherit" });
  print(JSON.parse(readFileSync(results, "utf8")));
}

function print(rows) {
  console.log(`\nNode ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}`);
  console.log("Microseconds for a call, medians of 75 rounds; in brackets, times wplug, sync.\n");
  const sizes = [...new Set(rows.map(({ size }) => size))].filter((size) => size > 0);
  const time = (subject, size) =>
    rows.find((row) => row.subject === subject && row.size === size).microseconds;
  console.log(`| subject | ${sizes.map((size) => `${size.toLocaleString("en")} B`).join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(sizes.length)}`);
  for (const subject of new Set(rows.filter(({ size }) => size > 0).map((row) => row.subject))) {
    const cells = sizes.map((size) => {
      const ratio = time(subject, size) / time("wplug, sync", size);
      return `${format(time(subject, size))} (${ratio.toFixed(1)}×)`;
    });
    console.log(`| ${subject} | ${cells.join(" | ")} |`);
  }
  console.log("");
  for (const { subject, over, size, atMost, atLeast } of GOALS) {
    for (const of of size === undefined ? sizes : [size]) {
      const slower = time(subject, of) / time(over, of);
      const name = `${subject}, ${of.toLocaleString("en")} B`;
      if (atMost !== undefined) {
        verdict(
          `${name}: ${slower.toFixed(2)} × the time of ${over}`,
          slower <= atMost,
          `≤ ${atMost}`,
        );
      } else {
        const faster = 1 / slower;
        verdict(
          `${name}: ${faster.toFixed(1)} × as fast as ${over}`,
          faster >= atLeast,
          `≥ ${atLeast}`,
        );
      }
    }
  }
  const host = time("wplug, sync, with a host function", 16) - time("wplug, sync", 16);
  verdict(
    `a host function, 16 B: ${host.toFixed(2)} µs`,
    host <= HOST_FUNCTION_GOAL,
    `≤ ${HOST_FUNCTION_GOAL} µs`,
  );
  const load = time("wplug, load from a compiled module", 0);
  verdict(
    `load from a compiled module: ${Math.round(load)} µs`,
    load < LOAD_GOAL,
    `< ${LOAD_GOAL} µs`,
  );
}

function format(microseconds) {
  return microseconds >= 100
    ? Math.round(microseconds).toLocaleString("en")
    : microseconds.toFixed(2);
}

function verdict(text, isReached, goal) {
  console.log(`${text}, goal ${goal}: ${isReached ? "reached" : "MISSED"}`);
}
