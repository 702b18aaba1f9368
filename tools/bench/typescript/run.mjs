import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { installOnce } from "../../install.mjs";
import { median } from "../median.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated/typescript");
const require = createRequire(join(root, "package.json"));
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));

const IMPORT_PATH = "@bench/contract";
const BUILDS = 9;

/** What a TypeScript plugin is to reach: microseconds, milliseconds, bytes. 19 fields that it does not change have one in interop. */
const GOALS = { greet: 3, load: 3, memory: 2 ** 20, build: 300 };

/** `npm run bench -- typescript`: a plugin in TypeScript against what else makes WebAssembly of JavaScript. */
export async function typescript() {
  installOnce(here);
  rmSync(work, { recursive: true, force: true });
  await makeContract();
  const program = await bundle();
  const built = {
    wplug: await buildPlugin(),
    "componentize-qjs": await buildComponent("componentize-qjs", componentizeQjs),
    "componentize-js": await buildComponent("componentize-js", componentizeJs),
  };
  const subjects = join(work, "subjects.json");
  writeFileSync(subjects, JSON.stringify(built));
  const results = join(root, "tmp/bench/typescript.json");
  mkdirSync(dirname(results), { recursive: true });
  // componentize-qjs computes constants in a way that Node 20 has only with this flag.
  const flags = process.versions.node.startsWith("20.")
    ? ["--experimental-wasm-extended-const"]
    : [];
  execFileSync(process.execPath, [...flags, program, subjects, results], { stdio: "inherit" });
  const figures = JSON.parse(readFileSync(results, "utf8")).map((it) => ({
    ...it,
    ...built[it.name],
  }));
  writeFileSync(results, JSON.stringify(figures, undefined, 2));
  print(figures);
}

async function makeContract() {
  write("contract/proto/bench.proto", readFileSync(join(here, "bench.proto")));
  write("contract/src/plugin.ts", 'export * from "./gen/plugin.js";\n');
  write(
    "contract/package.json",
    JSON.stringify({ name: IMPORT_PATH, exports: { "./plugin": "./src/plugin.ts" } }),
  );
  const gen = join(work, "contract/src/gen");
  await wplug("codegen/index.js").generate({
    protoRoot: join(work, "contract/proto"),
    hostOut: gen,
    pluginOuts: { typescript: gen },
  });
  mkdirSync(join(work, "node_modules/@bench"), { recursive: true });
  symlinkSync(join(work, "contract"), join(work, "node_modules", IMPORT_PATH), "dir");
}

async function buildPlugin() {
  const { compile } = wplug("languages/find-language.js").languageNamed("typescript");
  const folder = join(work, "plugin");
  mkdirSync(join(folder, "src"), { recursive: true });
  cpSync(join(here, "plugin.ts"), join(folder, "src/index.ts"));
  cpSync(join(here, "work.js"), join(folder, "src/work.js"));
  const outFile = join(work, "wplug.wasm");
  const times = [];
  for (let i = 0; i < BUILDS; i++) {
    const start = performance.now();
    const { ok, messages } = await compile({
      workspaceRoot: work,
      plugin: { name: "plugin", root: "plugin", folder },
      contract: { name: "contract", root: "contract", folder: join(work, "contract") },
      imports: [],
      main: undefined,
      start: "build",
      section: () => Promise.resolve({ wplug: { language: "typescript" } }),
      outFile,
    });
    times.push(performance.now() - start);
    if (!ok) throw new Error(messages.join(""));
  }
  return { path: outFile, build: median(times), ...sizes([readFileSync(outFile)]) };
}

/** A component, and what jco makes of it, as Node knows no components. */
async function buildComponent(name, componentize) {
  const { transpile } = await import(peer("@bytecodealliance/jco"));
  const bundled = join(work, `${name}.js`);
  await require("esbuild").build({
    entryPoints: [join(here, "component.js")],
    outfile: bundled,
    bundle: true,
    format: "esm",
  });
  const times = [];
  let component;
  for (let i = 0; i < 2; i++) {
    const start = performance.now();
    component = await componentize(bundled);
    times.push(performance.now() - start);
  }
  const folder = join(work, name);
  const { files } = await transpile(component, {
    name: "component",
    instantiation: { tag: "async" },
  });
  for (const [path, content] of Object.entries(files)) write(`${name}/${path}`, content);
  write(`${name}/package.json`, '{ "type": "module" }');
  const modules = Object.entries(files).filter(([path]) => path.endsWith(".wasm"));
  return {
    path: join(folder, "component.js"),
    build: Math.min(...times),
    ...sizes(modules.map(([, bytes]) => bytes)),
  };
}

async function componentizeQjs(path) {
  const { componentize } = createRequire(join(here, "package.json"))("componentize-qjs");
  const { component } = await componentize({
    witPath: join(here, "bench.wit"),
    jsSource: readFileSync(path, "utf8"),
    stubWasi: true,
    sync: true,
    optSize: false,
  });
  return component;
}

async function componentizeJs(path) {
  const { componentize } = await import(peer("@bytecodealliance/componentize-js"));
  const { component } = await componentize({
    witPath: join(here, "bench.wit"),
    worldName: "bench",
    sourcePath: path,
    disableFeatures: ["random", "stdio", "clocks", "http", "fetch-event"],
  });
  return component;
}

async function bundle() {
  const source = join(work, "contract/src");
  for (const path of ["measure.ts", "work.js", "../in-turn.mjs", "../median.mjs"]) {
    cpSync(join(here, path), join(source, basename(path)));
  }
  const program = join(work, "measure.mjs");
  await require("esbuild").build({
    entryPoints: [join(source, "measure.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  return program;
}

function print(figures) {
  console.log(`\nNode ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}`);
  console.log("Medians; in brackets, how many times as good wplug is.\n");
  const [ours] = figures;
  const columns = {
    greeting: ["greet", (it) => `${it.toFixed(2)} µs`],
    "19 fields": ["change", (it) => `${it.toFixed(1)} µs`],
    "JSON, regex, closures": ["json", (it) => `${(it / 1000).toFixed(2)} ms`],
    "load, compiled": ["load", (it) => `${it.toFixed(1)} ms`],
    "load, not compiled": ["loadBytes", (it) => `${it.toFixed(0)} ms`],
    memory: ["memory", (it) => `${(it / 2 ** 20).toFixed(2)} MiB`],
    wasm: ["size", kilobytes],
    gzip: ["gzip", kilobytes],
    build: ["build", (it) => `${(it / 1000).toFixed(2)} s`],
  };
  console.log(`| | ${figures.map(({ name }) => name).join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(figures.length)}`);
  for (const [title, [key, show]] of Object.entries(columns)) {
    const cells = figures.map((it) => {
      const ratio = it === ours ? "" : ` (${(it[key] / ours[key]).toPrecision(2)}×)`;
      return show(it[key]) + ratio;
    });
    console.log(`| ${title} | ${cells.join(" | ")} |`);
  }
  for (const [key, goal] of Object.entries(GOALS)) {
    const verdict = ours[key] <= goal ? "reached" : "MISSED";
    console.log(`goal: ${key} at most ${goal}: ${ours[key].toFixed(2)}, ${verdict}`);
  }
}

function sizes(modules) {
  const sum = (of) => modules.reduce((total, bytes) => total + of(bytes), 0);
  return {
    size: sum((bytes) => bytes.length),
    gzip: sum((bytes) => gzipSync(bytes, { level: 9 }).length),
  };
}

/** The module of a package that is installed beside this file. */
function peer(name) {
  return import.meta.resolve(name);
}

function write(path, content) {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), content);
}

const kilobytes = (bytes) => `${Math.round(bytes / 1000).toLocaleString("en")} kB`;
