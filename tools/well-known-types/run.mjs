/**
 * Generates packages/well-known-types from Google's protos: `npm run well-known-types`. The Go of it, which go-plugin's
 * generator makes, needs Go.
 */
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));
const { generate, WELL_KNOWN_PROTOS } = wplug("codegen/index.js");
const { generateKnownTypes } = wplug("languages/go/generate-known-types.js");

const protoRoot = join(root, "tmp/well-known-types");
rmSync(protoRoot, { recursive: true, force: true });
const include = join(dirname(require.resolve("protoc/package.json")), "include");
for (const path of WELL_KNOWN_PROTOS) cpSync(join(include, path), join(protoRoot, path));
const folder = join(root, "packages/well-known-types");
const hostOut = join(folder, "src/gen");
const forPlugins = join(root, "tmp/well-known-types-plugin");
rmSync(forPlugins, { recursive: true, force: true });
const files = await generate({
  protoRoot,
  hostOut,
  pluginOuts: { assemblyscript: join(folder, "assembly/gen"), typescript: forPlugins },
});
// Tables alone: the index is that of hosts. Of descriptors, which are proto2, there are none.
const tables = WELL_KNOWN_PROTOS.map((path) => path.replace(".proto", ".table.ts"));
for (const path of tables.filter((it) => !it.endsWith("descriptor.table.ts"))) {
  cpSync(join(forPlugins, path), join(hostOut, path));
}
const goFiles = await generateKnownTypes(protoRoot, join(folder, "go"));
console.log(`${files.length + goFiles.length} files`);
