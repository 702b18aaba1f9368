/** Makes one file of a spec and of the sources that it tests, as jest.preset.js resolves them. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const runtime = join(root, "packages/runtime");

export async function bundleSpec(spec, outfile) {
  await build({
    entryPoints: [spec],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "es2022",
    logLevel: "error",
    sourcemap: "inline",
    keepNames: true,
    packages: "external",
    // package.json names the modules with side effects by their places in dist.
    ignoreAnnotations: true,
    alias: {
      "#platform": join(runtime, "src/platform/node.ts"),
      "#oci": join(runtime, "src/oci/node.ts"),
      "#worker-program": join(runtime, "dist/cjs/worker/program-node.js"),
      "@wplug/runtime": join(runtime, "src/index.ts"),
      "@wplug/runtime/codegen": join(runtime, "src/codegen.ts"),
      "@wplug/runtime/connect": join(runtime, "src/connect.ts"),
      "@wplug/runtime/oci": join(runtime, "src/oci.ts"),
      "@wplug/runtime/node": join(runtime, "src/node.ts"),
    },
    tsconfigRaw: {},
    plugins: [ownFolder],
  });
}

/** `__dirname` is that of the source, where its files are. */
const ownFolder = {
  name: "own-folder",
  setup({ onLoad }) {
    onLoad({ filter: /packages\/runtime\/src\/.*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8")
        .replace(/\b__dirname\b/g, JSON.stringify(dirname(path)))
        .replace(/\b__filename\b/g, JSON.stringify(path)),
    }));
  },
};
