/**
 * Calls and loads a plugin very often, and looks at what is left; does at random what can be done with a plugin, in so many steps, and
 * looks whether each call is settled once: `npm run soak [-- CALLS LOADS SCHEDULED STEPS]`. All of it takes about an hour.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildGenerated, buildTypeScriptPlugin } from "../generated-plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const work = join(here, "../../tmp/soak");
const text = (name) => readFileSync(join(here, name), "utf8");

await buildGenerated(work, {
  protos: { "soak.proto": text("soak.proto") },
  sources: [join(here, "soak.ts")],
  programs: ["soak"],
  plugin: text("plugin.ts"),
});
const inTypeScript = await buildTypeScriptPlugin(join(work, "typescript"), {
  protoRoot: join(work, "proto"),
  sources: [join(here, "typescript-plugin/index.ts")],
});
const [calls = "1000000", loads = "10000", scheduled = "1000000", steps = "100000"] =
  process.argv.slice(2);
const program = [
  "--expose-gc",
  join(work, "dist/soak.mjs"),
  join(work, "dist/plugin.wasm"),
  inTypeScript,
];
if (!passes([...program, calls, loads, scheduled])) process.exit(1);

// The model of calls, of which unit tests take some hundred steps.
if (Number(steps) > 0) {
  const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
  const spec = "packages/runtime/src/runner/calls-model.spec.ts";
  if (!passes([jest, spec], { WPLUG_MODEL_STEPS: steps })) process.exit(1);
}

function passes(args, env = {}) {
  const options = { cwd: join(here, "../.."), stdio: "inherit", env: { ...process.env, ...env } };
  return spawnSync(process.execPath, args, options).status === 0;
}
