/**
 * Differential fuzzing of generated code of both languages against protobuf-es: random schemas, random messages, damaged
 * bytes. A seed stands for the same case on every machine.
 *
 *   npm run fuzz                              as in npm test
 *   npm run fuzz -- --cases=1000000 --seed=7  more, and others
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { buildGenerated } from "../generated-plugin.mjs";

const MESSAGES = 40;

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const work = join(root, "tmp/fuzz");

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
  },
});

const { randomSchema, Random } = await bundled(`
  export { randomSchema } from "./schema";
  export { Random } from "../../packages/nx-wplug/src/testing/random";
`);
const proto = randomSchema(new Random(Number(values.seed)), MESSAGES);
const names = Array.from({ length: MESSAGES }, (_, i) => i);
await buildGenerated(work, {
  protos: { "fuzz.proto": proto },
  sources: [join(here, "fuzz.ts")],
  programs: ["fuzz"],
  plugin: [
    'import { Fuzz, registerFuzz } from "@generated/contract/assembly";',
    `import { ${names.map((i) => `M${i}`).join(", ")} } from "@generated/contract/assembly";`,
    "class Echo implements Fuzz {",
    ...names.map((i) => `  echo${i}(request: M${i}): M${i} { return request; }`),
    "}",
    "registerFuzz(new Echo());",
  ].join("\n"),
});
const { compileProtos } = require(join(root, "packages/nx-wplug/dist/codegen/index.js"));
const { toBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");
const descriptors = await compileProtos({ root: join(work, "proto") });
writeFileSync(join(work, "dist/descriptors.bin"), toBinary(FileDescriptorSetSchema, descriptors));

const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(work, "dist/fuzz.mjs"), values.cases, values.seed, String(MESSAGES)],
  { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
);
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = status ?? 1;

/** The exports of a piece of TypeScript that lies in this folder. */
async function bundled(contents) {
  const { outputFiles } = await require("esbuild").build({
    stdin: { contents, resolveDir: here, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}
