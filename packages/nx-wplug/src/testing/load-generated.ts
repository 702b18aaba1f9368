import { join } from "node:path";

import { build, type Plugin } from "esbuild";

import type { GeneratedFile } from "../generated/generated-file";

const RUNTIME = join(__dirname, "../../../runtime/src");
const WELL_KNOWN = "@wplug/well-known-types/";

/** Runs generated TypeScript, bundled with the sources of the runtime; returns the exports of `entry`. */
export async function loadGenerated<T>(
  files: readonly GeneratedFile[],
  entry = "index.ts",
): Promise<T> {
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  const generated: Plugin = {
    name: "generated",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
        if (path === "@wplug/runtime") return { path: join(RUNTIME, "index.ts") };
        if (path === "@wplug/runtime/codegen") return { path: join(RUNTIME, "codegen.ts") };
        if (path.startsWith(WELL_KNOWN)) {
          const module = path.slice(WELL_KNOWN.length).replace(/\.js$/, ".ts");
          return { path: join(RUNTIME, "../../well-known-types/src/gen", module) };
        }
        if (path === "#platform") return { path: join(RUNTIME, "platform/node.ts") };
        if (kind === "entry-point") return { path, namespace: "generated" };
        if (namespace !== "generated") return undefined;
        const resolved = join(importer, "..", path).replace(/\.js$/, ".ts");
        return { path: resolved, namespace: "generated" };
      });
      onLoad({ filter: /.*/, namespace: "generated" }, ({ path }) => {
        const content = contents.get(path);
        return content === undefined ? undefined : { contents: content, loader: "ts" };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    logLevel: "silent",
    plugins: [generated],
  });
  const module = { exports: {} as T };
  // A function of this realm, so that its Uint8Array is that of the test.
  const run = new Function("module", "require", outputFiles[0]?.text ?? "");
  run(module, require);
  return module.exports;
}
