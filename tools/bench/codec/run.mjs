import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { compileModules } from "./wasm.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated");
const require = createRequire(join(root, "package.json"));
const bin = (name) => join(here, "../node_modules/.bin", name);
const esbuild = require("esbuild");

const GOALS = { fastest: 1.3, "@bufbuild/protobuf": 2 };
const WASM_GOALS = { encode: 5, decode: 2 };

/** `npm run bench -- codec` */
export async function codec() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "gen"), { recursive: true });
  for (const name of [
    "data.mjs",
    "google-protobuf.cjs",
    "libraries.mjs",
    "measure.mjs",
    "rounds.mjs",
    "../in-turn.mjs",
  ]) {
    cpSync(join(here, name), join(work, basename(name)));
  }
  await generateAll();
  await esbuild.build({
    absWorkingDir: work,
    entryPoints: ["measure.mjs"],
    outfile: "dist/measure.cjs",
    bundle: true,
    platform: "node",
    // Not ESM, where google-protobuf finds no global object.
    format: "cjs",
    target: "node20",
  });
  const modules = Object.entries(await compileModules(work, root)).map(([library, binary]) => {
    const path = join(work, "dist", `${encodeURIComponent(library)}.wasm`);
    writeFileSync(path, binary);
    return path;
  });
  const results = join(root, "tmp/bench/codec.json");
  mkdirSync(dirname(results), { recursive: true });
  execFileSync(process.execPath, [join(work, "dist/measure.cjs"), results, ...modules], {
    stdio: "inherit",
  });
  print(JSON.parse(readFileSync(results, "utf8")));
  await printSize();
  await printGeneration();
}

/** The code of every library from the same proto, each by its own generator. */
async function generateAll() {
  const proto = join(here, "bench.proto");
  const gen = join(work, "gen");
  const run = (file, ...args) =>
    execFileSync(file, args, { stdio: ["ignore", "ignore", "inherit"] });
  const protoc = require.resolve("protoc/protoc.cjs");
  const plugin = (name, program, out, ...options) => {
    mkdirSync(join(gen, out), { recursive: true });
    run(
      process.execPath,
      protoc,
      `--plugin=protoc-gen-${name}=${bin(program)}`,
      `--${name}_out=${join(gen, out)}`,
      ...options.map((option) => `--${name}_opt=${option}`),
      `-I${here}`,
      proto,
    );
  };
  plugin("es", "protoc-gen-es", "es", "target=js");
  plugin("ts_proto", "protoc-gen-ts_proto", "ts-proto", "forceLong=bigint", "esModuleInterop=true");
  plugin("ts", "protoc-gen-ts", "protobuf-ts", "optimize_speed");
  run(
    bin("pbjs"),
    "-t",
    "static-module",
    "-w",
    "commonjs",
    "-o",
    join(gen, "protobufjs.cjs"),
    proto,
  );
  writeFileSync(join(gen, "pbf.js"), execFileSync(bin("pbf"), [proto], { encoding: "utf8" }));
  const { generate } = require(join(root, "packages/nx-wplug/dist/codegen/index.js"));
  mkdirSync(join(work, "proto"), { recursive: true });
  cpSync(proto, join(work, "proto/bench.proto"));
  await generate({ protoRoot: join(work, "proto"), hostOut: join(gen, "wplug") });
}

function print(rows) {
  console.log(`\nNode ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}`);
  console.log(
    "Operations per second, median of 41 rounds; in brackets, how many times as fast wplug is.",
  );
  const inWasm = rows.filter(({ library }) => library.endsWith("(wasm)"));
  const inJavaScript = rows.filter((row) => !inWasm.includes(row));
  const cells = printTable(inJavaScript, "wplug");
  for (const { name, rivals } of cells) {
    const fastest = rivals.reduce((a, b) => (a.ratio < b.ratio ? a : b));
    const es = rivals.find(({ library }) => library === "@bufbuild/protobuf");
    printGoal(`${name}, fastest peer`, fastest, GOALS.fastest);
    printGoal(name, es, GOALS["@bufbuild/protobuf"]);
  }
  for (const { name, operation, rivals } of printTable(inWasm, "wplug (wasm)")) {
    const asProto = rivals.find(({ library }) => library === "as-proto (wasm)");
    printGoal(name, asProto, WASM_GOALS[operation]);
  }
}

/** A row for each library and a column for each cell; returns how the others compare in each. */
function printTable(rows, ours) {
  const libraries = [...new Set(rows.map(({ library }) => library))];
  const others = libraries.filter((library) => library !== ours);
  const cells = [...new Set(rows.map(({ workload, operation }) => `${workload} ${operation}`))].map(
    (name) => {
      const own = rows.filter(({ workload, operation }) => `${workload} ${operation}` === name);
      const speed = (library) => own.find((row) => row.library === library).opsPerSecond;
      return {
        name,
        operation: own[0].operation,
        speed,
        rivals: others.map((library) => ({ library, ratio: speed(ours) / speed(library) })),
      };
    },
  );
  console.log(`\n| library | ${cells.map(({ name }) => name).join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(cells.length)}`);
  for (const library of libraries) {
    const values = cells.map(({ speed, rivals }) => {
      const ratio = rivals.find((rival) => rival.library === library)?.ratio;
      const shown = speed(library).toLocaleString("en");
      return ratio === undefined ? shown : `${shown} (${ratio.toFixed(2)}×)`;
    });
    console.log(`| ${library} | ${values.join(" | ")} |`);
  }
  console.log("");
  return cells;
}

function printGoal(name, { library, ratio }, goal) {
  const verdict = ratio >= goal ? "reached" : "MISSED";
  console.log(`${name}: ${ratio.toFixed(2)}× ${library}, goal ${goal}×: ${verdict}`);
}

/** Minified and gzipped: what a browser would load to encode and decode the 19-field message. */
async function printSize() {
  const bundle = async (contents) => {
    const { outputFiles } = await esbuild.build({
      stdin: { contents, resolveDir: work, loader: "ts" },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      conditions: ["browser"],
    });
    const { text } = outputFiles[0];
    return `${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gzipped`;
  };
  const use = "console.log(Request.decode(new Request({ id: 'x' }).encode()));";
  console.log(
    `\nsize, encode and decode: ${await bundle(
      `import { Request } from "./gen/wplug/bench.pb.js"; ${use}`,
    )}`,
  );
  console.log(
    `size, with JSON: ${await bundle(`import { Request } from "./gen/wplug/index.js"; ${use}`)}`,
  );
}

/** How long it takes to generate 1,000 messages of 10 fields, once buf is done. */
async function printGeneration() {
  const dist = join(root, "packages/nx-wplug/dist");
  const { compileProtos, buildContract, emitHostSdk } = require(join(dist, "codegen/index.js"));
  const { emitSdk } = require(join(dist, "languages/assemblyscript/emit-sdk.js"));
  const folder = join(work, "thousand");
  mkdirSync(folder);
  const types = [
    "string",
    "int32",
    "int64",
    "double",
    "bool",
    "bytes",
    "repeated int32",
    "map<string, string>",
    "optional string",
    "M0",
  ];
  const messages = Array.from({ length: 1000 }, (_, i) => {
    const fields = types.map((type, number) => `${type} field_${number} = ${number + 1};`);
    return `message M${i} { ${fields.join(" ")} }`;
  });
  writeFileSync(
    join(folder, "thousand.proto"),
    `syntax = "proto3"; package thousand;\n${messages.join("\n")}\n`,
  );
  const set = await compileProtos({ root: folder });
  for (const [language, emit] of [
    ["TypeScript", emitHostSdk],
    ["AssemblyScript", emitSdk],
  ]) {
    const start = performance.now();
    emit(buildContract(set, ["thousand.proto"]));
    console.log(
      `generation of 1,000 messages, ${language}: ${((performance.now() - start) / 1000).toFixed(
        2,
      )} s (goal 3 s)`,
    );
  }
}
