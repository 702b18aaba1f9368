/**
 * Runs specs of the runtime on Deno or Bun: those of what an application does with plugins.
 *
 *   node tools/engines/run.mjs deno|bun [SPEC...]
 *
 * Not on the list are specs of Node's own servers, and those that take long.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";
import { bundleSpec } from "./bundle-spec.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const source = join(root, "packages/runtime/src");
const work = join(root, "tmp/engines");

/** Of one spec, in milliseconds: a thread that does not end must not hold up the others. */
const TIMEOUT = 100_000;

const SPECS = [
  "client/handshake",
  "client/open-any",
  "client/plugin-client",
  "client/stats",
  "client/wrong-values",
  "errors/errors",
  "files/files",
  "messages/wire/decode",
  "messages/wire/encode",
  "metering/connect",
  "module/limits",
  "module/plugin-module",
  "oci/pull-plugin",
  "oci/reference",
  "runner/lasting-threads",
  "wasi/files",
  "wasi/preview1",
];

const MODULES =
  "one bundle has one copy of each module, and jest that makes others does not run here";
const ANY = {
  "the error family recognises errors of another copy of the package": MODULES,
  "decodeMessage names the place also for the decoder of another copy of the package": MODULES,
};

/** The engines, with the tests, by the beginnings of their names, that can't run there, and why. */
const ENGINES = {
  deno: {
    command: ["@deno/linux-x64-glibc/deno", "run", "-A", "--quiet"],
    lacking: {
      ...ANY,
      "load with oci:// refuses a registry that is not there":
        "fetch has no error code there, so that the error has the engine's text, and no remedy",
    },
  },
  bun: {
    command: ["@oven/bun-linux-x64/bin/bun"],
    lacking: {
      ...ANY,
      "a plugin that misbehaves is retired: shows what the author said, and the last lines of stderr":
        "the cause is the engine's own error, which has other words for a trap",
      'limits.memory tells the size of all memories and tables, exported or not: {"isolation":"worker"}':
        "it sets limits.time, which is refused in a worker",
    },
  },
};

const [name, ...only] = process.argv.slice(2);
const engine = ENGINES[name];
if (engine === undefined) {
  console.error(`No engine is called ${name}. There are: ${Object.keys(ENGINES).join(", ")}.`);
  process.exit(1);
}

function runSpec(spec) {
  const bundle = join(work, name, `${spec.replaceAll("/", "+")}.cjs`);
  const [program, ...args] = engine.command;
  const { stdout, stderr, error, signal } = spawnSync(
    join(here, "node_modules", program),
    [...args, join(here, "harness.cjs"), bundle, JSON.stringify(engine.lacking)],
    {
      cwd: root,
      encoding: "utf8",
      timeout: TIMEOUT,
      killSignal: "SIGKILL",
      maxBuffer: 1 << 26,
      env: { ...process.env, NO_COLOR: "1" },
    },
  );
  const lines = stdout.trimEnd().split("\n");
  const last = lines.pop();
  try {
    const counts = JSON.parse(last);
    if (counts.failed > 0) console.log(lines.join("\n"));
    return counts;
  } catch {
    const why = error?.message ?? signal ?? "it ended before its tests did";
    console.log(`${spec}: ${why}\n${stdout}\n${stderr}`);
    return { passed: 0, failed: 1, skipped: 0, notRun: [] };
  }
}

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log(`not run: the binary of ${name} is for Linux on x64`);
  process.exit(0);
}
installOnce(here);
rmSync(join(work, name), { recursive: true, force: true });
mkdirSync(join(work, name), { recursive: true });
let failed = 0;
for (const spec of only.length > 0 ? only : SPECS) {
  const bundle = join(work, name, `${spec.replaceAll("/", "+")}.cjs`);
  await bundleSpec(join(source, `${spec}.spec.ts`), bundle);
  const start = Date.now();
  const counts = runSpec(spec);
  failed += counts.failed;
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(`${spec}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
  const { WPLUG_TEST_COUNTS: countsFile } = process.env;
  if (countsFile !== undefined) appendFileSync(countsFile, JSON.stringify(counts) + "\n");
}
process.exit(failed > 0 ? 1 : 0);
