/**
 * Calls and loads a plugin very often, and looks at what is left: `npm run soak [-- CALLS LOADS]`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildGenerated } from "../generated-plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const work = join(here, "../../tmp/soak");
const text = (name) => readFileSync(join(here, name), "utf8");

await buildGenerated(work, {
  protos: { "soak.proto": text("soak.proto") },
  sources: [join(here, "soak.ts")],
  programs: ["soak"],
  plugin: text("plugin.ts"),
});
const program = ["--expose-gc", join(work, "dist/soak.mjs"), join(work, "dist/plugin.wasm")];
const { status } = spawnSync(process.execPath, [...program, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exit(status ?? 1);
