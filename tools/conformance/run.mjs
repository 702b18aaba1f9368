/**
 * Runs the official conformance suite of Protocol Buffers against generated code of both languages:
 * https://github.com/protocolbuffers/protobuf/tree/main/conformance
 *
 *   npm run conformance                    both
 *   npm run conformance -- typescript      one
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { NotRunnable, runnerCommand, suite } from "./runner.mjs";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const work = join(root, "tmp/conformance");
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));

/**
 * Tests that must pass: all that the suite has for proto3, required and recommended. Those of other kinds are skipped,
 * which the runner never holds against anybody, so the number is what counts.
 */
const expected = {
  // binary and JSON
  typescript: 1476,
  // binary
  assemblyscript: 698,
};

const testees = process.argv.slice(2);
for (const name of testees) {
  if (!(name in expected)) {
    console.error(`There is no testee ${name}: use ${Object.keys(expected).join(" or ")}.`);
    process.exit(1);
  }
}

try {
  // Before anything else, since it may be impossible.
  const runner = runnerCommand(join(root, "tmp/conformance-runner"));
  await build();
  let allPassed = true;
  for (const name of testees.length > 0 ? testees : Object.keys(expected)) {
    allPassed = run(name, runner) && allPassed;
  }
  process.exitCode = allPassed ? 0 : 1;
} catch (error) {
  if (!(error instanceof NotRunnable)) throw error;
  console.log(`conformance: not run: ${error.message}`);
}

/** Generates the code that is tested and makes a program of each testee. */
async function build() {
  rmSync(work, { recursive: true, force: true });
  const protos = join(work, "proto");
  const wellKnown = dirname(require.resolve("protoc/package.json"));
  const files = ["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"];
  for (const name of files) {
    const path = `google/protobuf/${name}.proto`;
    cpSync(join(wellKnown, "include", path), join(protos, path));
  }
  for (const path of [
    "conformance/conformance.proto",
    "google/protobuf/test_messages_proto3.proto",
  ]) {
    cpSync(join(suite, "include", path), join(protos, path));
  }
  cpSync(join(here, "tester.proto"), join(protos, "tester.proto"));
  for (const name of ["testee.ts", "typescript.ts", "assemblyscript.ts"]) {
    cpSync(join(here, name), join(work, name));
  }
  cpSync(join(here, "plugin"), join(work, "plugin/assembly"), { recursive: true });
  await wplug("codegen/index.js").generate({
    protoRoot: protos,
    typescriptOut: join(work, "gen"),
    assemblyscriptOut: join(work, "contract/assembly/gen"),
  });
  writeFileSync(join(work, "contract/assembly/index.ts"), 'export * from "./gen/index";\n');

  const { build: bundle } = require("esbuild");
  await bundle({
    absWorkingDir: work,
    entryPoints: Object.keys(expected).map((name) => `${name}.ts`),
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    banner: { js: "#!/usr/bin/env node" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
  });

  const { ok, diagnostics } = await wplug("asc/compile-plugin.js").compilePlugin({
    workspaceRoot: work,
    projectRoot: join(work, "plugin"),
    entry: "assembly/index.ts",
    contractEntry: "@conformance/contract/assembly/gen/entry",
    packages: { "@conformance/contract/assembly": join(work, "contract/assembly") },
    section: {},
    outFile: join(work, "dist/plugin.wasm"),
  });
  if (!ok) throw new Error(JSON.stringify(diagnostics, null, 2));
}

/** Runs the suite against one testee; true if everything passed that should. */
function run(name, [command, ...args]) {
  const testee = join(work, "dist", `${name}.mjs`);
  const program = join(work, "dist", name);
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${testee}"\n`, { mode: 0o755 });
  const { stdout, stderr, status, error } = spawnSync(
    command,
    [...args, "--enforce_recommended", "--output_dir", work, program],
    // A testee that dies would be started again without end.
    { encoding: "utf8", timeout: 300_000, maxBuffer: 1 << 28 },
  );
  if (error !== undefined) throw error;
  const summary = [
    ...`${stdout}${stderr}`.matchAll(
      /CONFORMANCE SUITE (PASSED|FAILED): (\d+) successes, .*?(\d+) unexpected failures/g,
    ),
  ];
  const [, , passes = "0", failures = "0"] = summary[0] ?? [];
  const passed = Number(passes);
  const missing = Math.max(0, expected[name] - passed - Number(failures));
  const failed = summary.length === 0 ? expected[name] : Number(failures) + missing;
  const isGood = status === 0 && failed === 0 && passed === expected[name];
  if (!isGood) console.error(`${stdout}${stderr}`.slice(-20_000));
  if (missing > 0) console.error(`${name}: ${missing} tests were skipped that must pass`);
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  const counts = process.env.WPLUG_TEST_COUNTS;
  if (counts) appendFileSync(counts, JSON.stringify({ passed, failed, skipped: 0 }) + "\n");
  return isGood;
}
