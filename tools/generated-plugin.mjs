/** What conformance and fuzzing share: a folder with generated code, a plugin of it, and a program that tests both. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));

/**
 * Generates code, bundles programs and compiles a plugin into `folder/dist`.
 *
 * @param options.protos text by path, relative to the root of imports
 * @param options.sources absolute paths of TypeScript files; the code is generated into `gen/` beside them
 * @param options.programs names of those sources to bundle
 * @param options.external packages that are not bundled
 * @param options.section makes what the plugin tells of itself; nothing unless given
 * @param options.plugin text of the plugin, which imports `@generated/contract/assembly`
 * @param options.beforePrograms adds what the programs import beside these
 */
export async function buildGenerated(
  folder,
  { protos, sources, programs, external, plugin, section, beforePrograms },
) {
  rmSync(folder, { recursive: true, force: true });
  const write = (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, text] of Object.entries(protos)) write(`proto/${path}`, text);
  for (const path of sources) cpSync(path, join(folder, basename(path)));
  write("contract/assembly/index.ts", 'export * from "./gen/index";\n');
  write("plugin/assembly/index.ts", plugin);
  await wplug("codegen/index.js").generate({
    protoRoot: join(folder, "proto"),
    hostOut: join(folder, "gen"),
    pluginOuts: { assemblyscript: join(folder, "contract/assembly/gen") },
  });
  await beforePrograms?.();
  await require("esbuild").build({
    absWorkingDir: folder,
    entryPoints: programs.map((name) => `${name}.ts`),
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: external ?? [],
    logLevel: "warning",
  });
  const { ok, diagnostics } = await wplug(
    "languages/assemblyscript/asc/compile-plugin.js",
  ).compilePlugin({
    workspaceRoot: folder,
    projectRoot: join(folder, "plugin"),
    entry: "assembly/index.ts",
    contractEntry: "@generated/contract/assembly/gen/entry",
    packages: { "@generated/contract/assembly": join(folder, "contract/assembly") },
    section: section ?? (() => Promise.resolve({ wplug: {} })),
    outFile: join(folder, "dist/plugin.wasm"),
  });
  if (!ok) throw new Error(JSON.stringify(diagnostics, null, 2));
}

/**
 * Generates code into `folder/src/gen` and compiles a plugin in TypeScript, which imports `@generated/contract/plugin`.
 *
 * @param options.sources absolute paths of TypeScript files, of which `index.ts` is the plugin
 * @returns absolute path of the module
 */
export async function buildTypeScriptPlugin(folder, { protoRoot, sources }) {
  rmSync(folder, { recursive: true, force: true });
  const gen = join(folder, "src/gen");
  for (const path of sources) cpSync(path, join(folder, "src", basename(path)));
  const manifest = { name: "@generated/contract", exports: { "./plugin": "./src/gen/plugin.ts" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await wplug("codegen/index.js").generate({
    protoRoot,
    hostOut: gen,
    pluginOuts: { typescript: gen },
  });
  const outFile = join(folder, "dist/plugin.wasm");
  const { ok, messages } = await wplug("languages/typescript/compile.js").compile({
    workspaceRoot: folder,
    plugin: { name: "plugin", root: ".", folder },
    contract: { name: "contract", root: ".", folder },
    imports: [],
    main: undefined,
    start: "build",
    section: () => Promise.resolve({ wplug: { language: "typescript" } }),
    outFile,
  });
  if (!ok || messages.length > 0) throw new Error(messages.join("\n"));
  return outFile;
}
