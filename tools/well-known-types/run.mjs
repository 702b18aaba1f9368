/** Generates packages/well-known-types from Google's protos: `npm run well-known-types` */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { wellKnownProtos } from "./protos.mjs";

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { generate } = require(join(root, "packages/nx-wplug/dist/codegen/index.js"));

const protoRoot = join(root, "tmp/well-known-types");
rmSync(protoRoot, { recursive: true, force: true });
for (const [path, text] of Object.entries(wellKnownProtos())) {
  mkdirSync(dirname(join(protoRoot, path)), { recursive: true });
  writeFileSync(join(protoRoot, path), text);
}
const folder = join(root, "packages/well-known-types");
const files = await generate({
  protoRoot,
  typescriptOut: join(folder, "src/gen"),
  assemblyscriptOut: join(folder, "assembly/gen"),
});
console.log(`${files.length} files`);
