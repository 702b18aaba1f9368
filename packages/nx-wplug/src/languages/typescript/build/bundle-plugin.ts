import { join } from "node:path";

import { build, type BuildOptions, formatMessages, type Metafile } from "esbuild";

import { failedBuild } from "../../../system/esbuild-failure";
import type { CompileJob } from "../../language";
import { bundledGlobals, dropUnusedGlobals } from "./bundled-globals";
import { foreignImports, leaveNodeModules } from "./node-modules";

export type Bundle =
  | {
      readonly ok: true;
      /** A module without imports. */
      readonly text: string;
      readonly sourceMap: SourceMap;
      /** Warnings, for people. */
      readonly messages: readonly string[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

/** https://tc39.es/ecma426/ */
export interface SourceMap {
  /** Relative to the workspace's root. */
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** What all bundles begin with: @wplug/runtime, as the contract has it. */
const RUNTIME = "@wplug/runtime/plugin-bundle";
const EXPORT_SERVICES = `${RUNTIME}/export-services`;
const CHECK_SERVICES = `${RUNTIME}/check-services`;
/** What modules of the SDK import, and no others. */
const CODEGEN = "@wplug/runtime/plugin-codegen";

type BundleJob = Pick<CompileJob, "workspaceRoot" | "plugin" | "contract" | "start"> & {
  readonly main: string;
};

/** Bundles a plugin with all that it imports, for the engine. */
export async function bundlePlugin(job: BundleJob): Promise<Bundle> {
  const main = `./${job.main}`;
  const bundled = await bundle(job, [RUNTIME, main]);
  if (job.start !== "load" || !bundled.ok) return bundled;
  // The SDK comes in front of the author's modules, whatever those import first.
  const sdk = bundled.sdk.map((path) => join(job.workspaceRoot, path));
  return bundle(job, [RUNTIME, ...sdk, EXPORT_SERVICES, main, CHECK_SERVICES]);
}

/** @param modules those that the bundle loads, in this order */
async function bundle(
  job: BundleJob,
  modules: readonly string[],
): Promise<Bundle & { readonly sdk: readonly string[] }> {
  const result = await build(options(job, modules)).catch(failedBuild);
  const { errors, warnings, outputFiles, metafile } = result;
  const refused = metafile === undefined ? [] : foreignImports(metafile, job.plugin);
  const messages = [
    ...(await formatMessages([...errors, ...refused], { kind: "error" })),
    ...(await formatMessages(warnings, { kind: "warning" })),
  ].map((message) => message.trimEnd() + "\n");
  const textOf = (extension: string) =>
    outputFiles?.find(({ path }) => path.endsWith(extension))?.text;
  const text = textOf(".js");
  const map = textOf(".js.map");
  if (text === undefined || map === undefined || refused.length > 0) {
    return { ok: false, messages, sdk: [] };
  }
  const { sources, mappings } = JSON.parse(map) as SourceMap;
  const sdk = metafile === undefined ? [] : sdkModules(metafile);
  return { ok: true, text, sourceMap: { sources, mappings }, messages, sdk };
}

/** Modules of the SDK that the bundle has something of, relative to the workspace's root. */
function sdkModules({ inputs, outputs }: Metafile): string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
  );
  return used.filter((path) => inputs[path]?.imports.some(({ original }) => original === CODEGEN));
}

function options(
  { workspaceRoot, plugin, contract }: BundleJob,
  modules: readonly string[],
): BuildOptions & { write: false; metafile: true } {
  return {
    absWorkingDir: workspaceRoot,
    stdin: {
      contents: modules.map((path) => `import ${JSON.stringify(path)};\n`).join(""),
      resolveDir: plugin.folder,
      sourcefile: `${plugin.name} (wplug)`,
    },
    // In the root, so that the paths of the source map are relative to it.
    outfile: `${workspaceRoot}/plugin.js`,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    // So that the files which a package has in place of some for browsers are taken: `"browser": { "crypto": false }`.
    platform: "browser",
    // What the engine knows: https://github.com/quickjs-ng/quickjs
    target: "es2023",
    // What packages have for browsers is what needs no Node.
    mainFields: ["browser", "module", "main"],
    // A worker has no page either.
    conditions: ["wplug-plugin", "worker", "browser", "module"],
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis", self: "globalThis" },
    inject: bundledGlobals,
    sourcemap: "external",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "silent",
    plugins: [
      {
        name: "wplug-runtime",
        setup: ({ onResolve, resolve }) => {
          // A plugin need not have the package itself.
          onResolve({ filter: new RegExp(`^${RUNTIME}`) }, ({ path, kind, pluginData }) =>
            pluginData === RUNTIME
              ? undefined
              : resolve(path, { kind, resolveDir: contract.folder, pluginData: RUNTIME }),
          );
        },
      },
      dropUnusedGlobals,
      leaveNodeModules,
    ],
  };
}
