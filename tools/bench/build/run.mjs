import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";

import { median } from "../median.mjs";
import { nx, require, root, run, SETTINGS } from "./process.mjs";

const plugin = join(root, "examples/helloworld/plugin-morning");
const project = "helloworld-plugin-morning";

const ROUNDS = 9;
const BATCH_ROUNDS = 3;
const BUILD_GOAL = 1.25;
const CACHED_GOAL = 1_000;

/**
 * `npm run bench -- build`: the build of one plugin by Nx against asc alone, as whole processes, one after the other in
 * each round.
 */
export async function build() {
  const asc = prepareAsc();
  const subjects = [["asc alone", () => run(process.execPath, asc, {}, plugin)]];
  for (const [setting, env] of Object.entries(SETTINGS)) {
    const withNx = (...args) => run(process.execPath, [nx, ...args], env);
    const task = ["build", project, "--excludeTaskDependencies"];
    subjects.push(
      [`nx build (${setting})`, () => withNx(...task, "--skip-nx-cache")],
      [`nx build, cached (${setting})`, () => withNx(...task)],
      [`nx alone (${setting})`, () => withNx("show", "projects")],
    );
  }
  const times = Object.fromEntries(subjects.map(([name]) => [name, []]));
  // The first round starts the daemon and fills caches.
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, measure] of subjects) {
      const time = measure();
      if (round >= 0) times[name].push(time);
    }
  }
  // All plugins of the examples, each by a process of its own or all by one. The code of their contracts is there.
  const all = [
    ...["run-many", "-t", "build", "--projects=examples/*/plugin*"],
    ...["--skip-nx-cache", "--excludeTaskDependencies"],
  ];
  for (const name of ["all plugins", "all plugins, --batch"]) times[name] = [];
  for (let round = 0; round < BATCH_ROUNDS; round++) {
    times["all plugins"].push(run(process.execPath, [nx, ...all]));
    times["all plugins, --batch"].push(run(process.execPath, [nx, ...all, "--batch"]));
  }
  run(process.execPath, [nx, "daemon", "--stop"]);
  checkSame();
  report(times);
}

/** The command line of asc that makes the module which the executor makes, without what the executor adds. */
function prepareAsc() {
  run(process.execPath, [nx, "build", project]);
  const { ascOptions, COLLECTOR_SOURCE } = require(
    join(root, "packages/nx-wplug/dist/languages/assemblyscript/asc/compile-plugin.js"),
  );
  const { contract } = JSON.parse(readFileSync(join(plugin, "wplug.json"), "utf8"));
  const entry = join(plugin, "dist/bench.ts");
  writeFileSync(
    entry,
    `import "../assembly/index";\nexport * from "@wplug-examples/${contract}/assembly/gen/entry";\n`,
  );
  writeFileSync(join(plugin, "dist/bench.runtime.ts"), COLLECTOR_SOURCE);
  return [
    require.resolve("assemblyscript/bin/asc.js"),
    "dist/bench.ts",
    // The command line takes folders relative to the current one alone.
    ...ascOptions("dist/bench.runtime").map((option) =>
      isAbsolute(option) ? relative(plugin, option) : option,
    ),
    ...["--outFile", "dist/bench.wasm"],
  ];
}

/** That asc alone has done the same work. */
function checkSame() {
  const alone = readFileSync(join(plugin, "dist/bench.wasm"));
  const built = readFileSync(join(plugin, `dist/${project}.wasm`));
  // The executor appends a custom section.
  if (!built.subarray(0, alone.length).equals(alone)) throw new Error("asc made another module");
  for (const file of ["bench.ts", "bench.runtime.ts", "bench.wasm"])
    rmSync(join(plugin, "dist", file));
}

function report(times) {
  const paired = (name, other, combine) =>
    median(times[name].map((time, round) => combine(time, times[other][round])));
  const rows = Object.keys(SETTINGS).map((setting) => ({
    setting,
    ratio: paired(`nx build (${setting})`, "asc alone", (a, b) => a / b),
    cachedOnTop: paired(`nx build, cached (${setting})`, `nx alone (${setting})`, (a, b) => a - b),
  }));
  const results = {
    node: process.versions.node,
    rounds: ROUNDS,
    medians: Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)])),
    rows,
    times,
  };
  const file = join(root, "tmp/bench/build.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(results, null, 2) + "\n");

  const nxVersion = execFileSync(process.execPath, ["-p", 'require("nx/package.json").version'], {
    cwd: root,
    encoding: "utf8",
  });
  console.log(`Node ${process.versions.node}, Nx ${nxVersion.trim()}, ${cpus().length} processors`);
  console.log(`Milliseconds, medians of ${ROUNDS} rounds\n`);
  for (const [name, time] of Object.entries(results.medians)) {
    console.log(`${name.padEnd(32)} ${time.toFixed(0).padStart(6)}`);
  }
  console.log("");
  for (const { setting, ratio, cachedOnTop } of rows) {
    console.log(
      `${setting}: build ${ratio.toFixed(2)}× asc (goal ${BUILD_GOAL}), cached ${cachedOnTop.toFixed(0)} ms on top of Nx (goal ${CACHED_GOAL})`,
    );
  }
}
