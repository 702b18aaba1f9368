/**
 * Runs the official conformance suite of Protocol Buffers against generated code, in hosts and in plugins:
 * https://github.com/protocolbuffers/protobuf/tree/main/conformance
 *
 *   npm run conformance                    all
 *   npm run conformance -- typescript      one
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildGenerated, buildTypeScriptPlugin } from "../generated-plugin.mjs";
import { NotRunnable, runnerCommand, suite } from "./runner.mjs";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const work = join(root, "tmp/conformance");

/**
 * Tests that must pass: all that the suite has for proto3, required and recommended. Those of other kinds are skipped,
 * which the runner never holds against anybody, so the number is what counts.
 */
const expected = {
  // binary and JSON
  typescript: 1476,
  // the same, inside of a plugin
  "typescript-plugin": 1476,
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
  const wellKnown = join(dirname(require.resolve("protoc/package.json")), "include");
  const files = ["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"];
  const protos = Object.fromEntries(
    [
      ...files.map((name) => [wellKnown, `google/protobuf/${name}.proto`]),
      [join(suite, "include"), "conformance/conformance.proto"],
      [join(suite, "include"), "google/protobuf/test_messages_proto3.proto"],
      [here, "tester.proto"],
    ].map(([folder, path]) => [path, readFileSync(join(folder, path), "utf8")]),
  );
  const shared = ["convert", "result-of"];
  const names = [...shared, "testee", ...Object.keys(expected)];
  const pathOf = (name) => join(here, `${name}.ts`);
  const plugin = readFileSync(join(here, "plugin.ts"), "utf8");
  const sources = names.map(pathOf);
  const inPlugin = join(work, "typescript-plugin");
  const protoRoot = join(work, "typescript-plugin-proto");
  const programs = Object.keys(expected);
  await buildGenerated(work, {
    protos,
    sources,
    programs,
    plugin,
    beforePrograms: async () => {
      cpSync(join(work, "proto"), protoRoot, { recursive: true });
      rmSync(join(protoRoot, "tester.proto"));
      cpSync(join(here, "typescript-plugin/suite.proto"), join(protoRoot, "suite.proto"));
      const ofPlugin = [join(here, "typescript-plugin/index.ts"), ...shared.map(pathOf)];
      await buildTypeScriptPlugin(inPlugin, { protoRoot, sources: ofPlugin });
    },
  });
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
