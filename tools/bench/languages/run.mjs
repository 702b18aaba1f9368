import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { findC } from "../../../e2e/interop-go/build.mjs";
import { pictures } from "../../pictures/run.mjs";
import { readRecord, writePage, writeRecord } from "./table.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated/languages");
const require = createRequire(join(root, "package.json"));
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));

const IMPORT_PATH = "@bench/contract";
const PROTOS = join(root, "packages/nx-wplug/src/generators/contract/files/proto");

/** What each is called on the page, and what tells the version of its compiler. */
const COMPILERS = {
  assemblyscript: ["AssemblyScript", () => `asc ${versionOf("assemblyscript")}`],
  typescript: ["TypeScript", () => `QuickJS-ng, esbuild ${versionOf("esbuild")}`],
  rust: ["Rust", () => said("rustc", "-V").replace(/^(rustc \S+).*/, "$1")],
  go: ["Go", () => said("go", "env", "GOVERSION").replace("go", "Go ")],
  tinygo: [
    "TinyGo",
    () => said("tinygo", "version").replace(/^tinygo version (\S+).*/, "TinyGo $1"),
  ],
  c: ["C", () => said("clang", "--version").replace(/.*version (\d+\.\d+\.\d+).*/s, "clang $1")],
};

/** So many instances make one figure of what each takes, by isolation. */
const INSTANCES = { inline: 64, worker: 16 };

/**
 * `npm run bench -- languages`: the plugin that `nx g wplug:plugin` makes, in each language, in our host. Those that can't be
 * built on this machine keep the figures that they have.
 */
export async function languages() {
  rmSync(work, { recursive: true, force: true });
  await makeContract();
  const built = {};
  for (const name of Object.keys(COMPILERS)) {
    const path = name === "c" ? buildC() : await buildGreeter(name);
    if (path !== undefined) built[name] = path;
  }
  const plugins = join(work, "plugins.json");
  const results = join(work, "results.json");
  writeFileSync(plugins, JSON.stringify(built));
  const [measure, density] = await Promise.all([bundle("measure"), bundle("density")]);
  execFileSync(process.execPath, [measure, plugins, results], { stdio: "inherit" });
  const figures = readRecord();
  for (const { language, ...figure } of JSON.parse(readFileSync(results, "utf8"))) {
    const wasm = readFileSync(built[language]);
    const [title, compiler] = COMPILERS[language];
    figures[title] = {
      compiler: compiler(),
      size: wasm.length,
      gzip: gzipSync(wasm, { level: 9 }).length,
      ...figure,
      ...Object.fromEntries(
        Object.entries(INSTANCES).map(([isolation, count]) => [
          isolation,
          growth(density, built[language], isolation, count),
        ]),
      ),
    };
  }
  const titles = Object.values(COMPILERS).map(([title]) => title);
  writeRecord(
    Object.fromEntries(titles.flatMap((it) => (it in figures ? [[it, figures[it]]] : []))),
  );
  writePage();
  pictures();
  console.log(readFileSync(join(root, "docs/languages.md"), "utf8"));
}

/** The contract that `nx g wplug:plugin greeter` makes, with the SDKs that lie in it. */
async function makeContract() {
  const folder = join(work, "contract");
  write(
    "contract/package.json",
    JSON.stringify({ name: IMPORT_PATH, exports: { "./plugin": "./src/plugin.ts" } }),
  );
  const template = readFileSync(join(PROTOS, "__baseName__.proto__tmpl__"), "utf8");
  write("contract/proto/greeter.proto", template.replace("<%= protoPackage %>", "greeter.v1"));
  const inContract = wplug("languages/index.js").LANGUAGES.filter(
    ({ sdk }) => sdk.place === "contract",
  );
  await withTree(async (tree) => {
    for (const { sdk } of inContract) await sdk.addToContract(tree, { root: "contract" });
  });
  await wplug("codegen/index.js").generate({
    protoRoot: join(folder, "proto"),
    hostOut: join(folder, "src/gen"),
    pluginOuts: Object.fromEntries(
      inContract.map(({ name, sdk }) => [name, join(folder, sdk.folder)]),
    ),
  });
  mkdirSync(join(work, "node_modules/@bench"), { recursive: true });
  symlinkSync(folder, join(work, "node_modules", IMPORT_PATH), "dir");
}

/** The plugin that the generator makes; undefined if it can't be built here. */
async function buildGreeter(languageName) {
  const language = wplug("languages/find-language.js").languageNamed(languageName);
  const name = `greeter-${languageName}`;
  const { GREETER, greeterFile } = wplug("generators/util/contracts.js");
  const folder = join(work, name);
  const contract = { name: "contract", root: "contract", folder: join(work, "contract") };
  mkdirSync(folder);
  await withTree((tree) => {
    tree.write(`${name}/tsconfig.json`, "{}");
    return language.addToPlugin(tree, {
      name,
      baseName: "greeter",
      root: name,
      contract: { ...contract, importPath: IMPORT_PATH },
      services: [GREETER],
      files: [greeterFile("greeter.v1")],
    });
  });
  const outFile = join(work, `${name}.wasm`);
  try {
    await language.checkToolchain(folder);
    if (language.sdk.place === "plugin") {
      const sources = { protoRoot: join(contract.folder, "proto") };
      await wplug("codegen/generate-plugin.js").generatePlugin({
        plugin: name,
        folder,
        language,
        sources,
      });
    }
    const { ok, messages } = await language.compile({
      workspaceRoot: work,
      plugin: { name, root: name, folder },
      contract,
      imports: [],
      main: undefined,
      start: "build",
      section: async () => ({ wplug: { language: languageName } }),
      outFile,
    });
    if (!ok) throw new Error(messages.join("\n"));
    return outFile;
  } catch (error) {
    if (error.name !== "UserError") throw error;
    console.log(`not measured: ${error.message}`);
    return undefined;
  }
}

function buildC() {
  const compiler = findC();
  if (compiler === undefined) {
    console.log("not measured: C, no clang with wasm-ld and wasi-libc on the PATH");
    return undefined;
  }
  const [file, ...args] = compiler;
  const outFile = join(work, "c.wasm");
  execFileSync(
    file,
    [...args, "-O2", "-Wall", "-Werror", "-Wl,--strip-all", "-o", outFile, join(here, "greeter.c")],
    {
      stdio: "inherit",
    },
  );
  return outFile;
}

async function bundle(name) {
  const source = join(work, "contract/src");
  for (const path of [join(here, `${name}.ts`), join(here, "../in-turn.mjs")]) {
    cpSync(path, join(source, path.split("/").at(-1)));
  }
  const program = join(work, `${name}.mjs`);
  await require("esbuild").build({
    entryPoints: [join(source, `${name}.ts`)],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  return program;
}

/** Bytes by which a process grows with one more instance: the median of three processes. */
function growth(program, path, isolation, count) {
  const args = ["--expose-gc", program, path, isolation, String(count)];
  const runs = Array.from({ length: 3 }, () =>
    Number(execFileSync(process.execPath, args, { encoding: "utf8" })),
  );
  return runs.sort((one, other) => one - other)[1];
}

/** Files that are made by the templates of generators. */
async function withTree(change) {
  const tree = require("@nx/devkit/testing").createTree();
  await change(tree);
  for (const { path, content } of tree.listChanges()) {
    if (!existsSync(join(work, path))) write(path, content);
  }
}

function write(path, content) {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), content);
}

const versionOf = (name) => require(`${name}/package.json`).version;

function said(program, ...args) {
  return spawnSync(program, args, { encoding: "utf8" }).stdout.trim();
}
