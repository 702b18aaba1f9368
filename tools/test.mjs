/**
 * Runs every suite of the repository and prints one line a suite and, last, the sum: `N passed, N failed`.
 *
 *   npm test                 all suites
 *   npm test -- unit e2e     only these
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "./install.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reporter = join(root, "tools/jest-counts-reporter.cjs");
const nxCache = join(root, "tmp/nx-cache");
const countsFile = join(root, "tmp/test-counts.jsonl");
const jest = bin("jest");
const nx = bin("nx");
const tsc = bin("typescript", "tsc");
const eslint = bin("eslint");
const prettier = bin("prettier");
const depcruise = bin("dependency-cruiser", "depcruise");

// The script behind a command of an installed package.
function bin(packageName, command = packageName) {
  const manifest = join(root, "node_modules", packageName, "package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), typeof bin === "string" ? bin : bin[command]);
}

// Runs `node ...args` in the root; true if it exited with 0.
function node(...args) {
  return run(process.execPath, args);
}

function run(program, args) {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    env: {
      NX_DAEMON: "false",
      NX_CACHE_DIRECTORY: nxCache,
      ...process.env,
      WPLUG_TEST_COUNTS: countsFile,
    },
  });
  return status === 0;
}

// One command that passes or fails as a whole.
const check = (...args) => ({
  passed: 0,
  failed: 0,
  skipped: 0,
  [node(...args) ? "passed" : "failed"]: 1,
});

// One command whose jest runs report their own counts.
const tests = (...args) => testsOn(process.execPath, args);

function testsOn(program, args) {
  rmSync(countsFile, { force: true });
  const ok = run(program, args);
  const runs = existsSync(countsFile)
    ? readFileSync(countsFile, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const counts = sum(runs);
  // A run that dies before it can report still counts as failed.
  if (!ok && counts.failed === 0) counts.failed = 1;
  return counts;
}

function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0, notRun: [] };
  for (const { passed, failed, skipped, notRun } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    total.notRun.push(...(notRun ?? []));
  }
  return total;
}

const withReporter = ["--reporters=default", `--reporters=${reporter}`];
// jest leaves a processor to others, which on a machine with two is half of them.
const parallel = `--maxWorkers=${Math.min(4, availableParallelism())}`;
const examples = "--projects=examples/*/*";

/** The tsconfig of each folder with AssemblyScript in the examples. */
function assemblyScriptExamples() {
  const folder = join(root, "examples");
  return readdirSync(folder)
    .flatMap((example) =>
      readdirSync(join(folder, example)).map((project) =>
        join(folder, example, project, "assembly/tsconfig.json"),
      ),
    )
    .filter(existsSync);
}

/** The suite of the runtime on another version of Node, where there are packages of it. */
function runtimeOn(name) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    console.log(`not run: the binaries of ${name} are for Linux on x64`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const folder = join(root, "tools/nodes");
  installOnce(folder);
  const program = join(folder, "node_modules", name, "bin/node");
  return testsOn(program, [jest, "packages/runtime", parallel, ...withReporter]);
}

const suites = {
  build: () => check(join(root, "tools/build-packages.mjs")),
  lint: () =>
    sum([
      check(eslint, "."),
      check(prettier, "--check", "."),
      check(depcruise, "packages", "e2e", "tools", "examples"),
    ]),
  types: () =>
    sum(
      [
        "packages/runtime",
        "packages/well-known-types",
        "packages/nx-wplug",
        "packages/nx-wplug/playground",
        "e2e",
        // What editors show of AssemblyScript.
        "packages/runtime/assembly",
        "packages/well-known-types/assembly",
      ].map((project) => check(tsc, "--noEmit", "-p", project)),
    ),
  unit: () => tests(jest, parallel, ...withReporter),
  node22: () => runtimeOn("node22"),
  node24: () => runtimeOn("node24"),
  node26: () => runtimeOn("node26"),
  deno: () => tests(join(root, "tools/engines/run.mjs"), "deno"),
  bun: () => tests(join(root, "tools/engines/run.mjs"), "bun"),
  browser: () =>
    sum([
      tests(join(root, "tools/browser/run.mjs")),
      tests(join(root, "tools/playground/run.mjs")),
    ]),
  examples: () => {
    // Both runs use it, so that nothing is built twice, and it is new, so that everything is built.
    rmSync(nxCache, { recursive: true, force: true });
    return sum([
      tests(nx, "run-many", "-t", "test", examples, "--", ...withReporter),
      check(nx, "run-many", "-t", "build", "typecheck", "handshake", examples),
      // What editors show of the plugins.
      ...assemblyScriptExamples().map((config) => check(tsc, "--noEmit", "-p", config)),
    ]);
  },
  // After the examples, whose plugins it takes from Nx's cache.
  site: () => tests(join(root, "tools/site/run.mjs")),
  conformance: () => tests(join(root, "tools/conformance/run.mjs")),
  corpus: () => tests(join(root, "tools/corpus/run.mjs")),
  fuzz: () => check(join(root, "tools/fuzz/run.mjs")),
  // Whether the engine of TypeScript is what its sources give.
  engine: () => tests(join(root, "tools/typescript-engine/run.mjs"), "--check"),
  // Less than `npm run soak`, which takes an hour; the suite unit does some thousand steps of the model.
  soak: () => check(join(root, "tools/soak/run.mjs"), "1000000", "10000", "50000", "0"),
  // Whether calls are lost when servers come and go.
  scale: () => check(join(root, "tools/scale/run.mjs"), "loss"),
  interop: () => tests(join(root, "e2e/interop-go/run.mjs")),
  e2e: () => tests(jest, "--config=e2e/jest.config.cjs", ...withReporter),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(
    `No suite is called ${unknown.join(", ")}. There are: ${Object.keys(suites).join(", ")}.`,
  );
  process.exit(1);
}

mkdirSync(dirname(countsFile), { recursive: true });
const results = [];
for (const [name, run] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n=== ${name}`);
  const start = Date.now();
  results.push({ name, ...run(), seconds: Math.round((Date.now() - start) / 1000) });
}

console.log("");
for (const { name, passed, failed, skipped, notRun = [], seconds } of results) {
  if (passed + failed + skipped === 0 && notRun.length > 0) {
    console.log(`${name.padEnd(10)} not run: ${notRun.join(", ")}`);
    continue;
  }
  const skips = skipped > 0 ? `, ${skipped} skipped` : "";
  console.log(`${name.padEnd(10)} ${passed} passed, ${failed} failed${skips} (${seconds} s)`);
  for (const reason of notRun) console.log(`${"".padEnd(10)} not run: ${reason}`);
}
const { passed, failed } = sum(results);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
