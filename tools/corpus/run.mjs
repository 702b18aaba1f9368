/**
 * Generates code for large real-world protos, type-checks the TypeScript, compares its bytes with those of protobuf-es, and compiles
 * the AssemblyScript:
 *
 *   npm run corpus                     all that are not large
 *   npm run corpus -- google-cloud     one
 *
 * The first run installs the packages with the protos into this folder.
 */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";
import { corpora } from "./corpora.mjs";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));
const { compileProtos, generate, readContract } = wplug("codegen/index.js");
const { toBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");
const { runAsc } = wplug("languages/assemblyscript/asc/run-asc.js");

const names = process.argv.slice(2);
for (const name of names) {
  if (corpora.some((corpus) => corpus.name === name)) continue;
  const known = corpora.map((corpus) => corpus.name).join(", ");
  console.error(`There is no corpus ${name}. There are: ${known}.`);
  process.exit(1);
}
installOnce(here);

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const corpus of corpora) {
  const isWanted = names.length > 0 ? names.includes(corpus.name) : !corpus.large;
  if (isWanted) await run(corpus);
}
if (process.env.WPLUG_TEST_COUNTS) {
  appendFileSync(process.env.WPLUG_TEST_COUNTS, JSON.stringify(counts) + "\n");
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

async function run(corpus) {
  const work = join(root, "tmp/corpus", corpus.name);
  rmSync(work, { recursive: true, force: true });
  const protoRoot = join(work, "proto");
  collect(corpus, protoRoot);
  const typescript = join(work, "src/gen");
  const assemblyscript = join(work, "assembly");
  const steps = {
    generated: () => generate({ protoRoot, hostOut: typescript, pluginOuts: { assemblyscript } }),
    "type-checked": () => typeCheck(work),
    "encoded as by protobuf-es": () => compare(work, protoRoot),
    "compiled to wasm": () => compile(assemblyscript, protoRoot),
  };
  let files;
  for (const [step, execute] of Object.entries(steps)) {
    const start = performance.now();
    try {
      await execute();
      counts.passed++;
    } catch (error) {
      console.error(`${error.stdout ?? ""}${error.stderr ?? ""}${error.message}`.slice(0, 10_000));
      console.log(`${corpus.name}: not ${step}`);
      counts.failed++;
      return;
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    files ??= (await readContract(protoRoot)).files;
    const messages = files.reduce((sum, file) => sum + file.messages.length, 0);
    console.log(
      `${corpus.name}: ${files.length} files with ${messages} messages ${step} in ${seconds} s`,
    );
  }
}

/** Copies the picked files and all that they import. The well-known types are a package of ours. */
function collect({ package: name, roots, pick, patch = (text) => text }, target) {
  const folder = join(here, "node_modules", name);
  const sources = roots.map((path) => join(folder, path));
  const find = (path) => sources.map((source) => join(source, path)).find(existsSync);
  const copy = (path) => {
    const to = join(target, path);
    // buf brings those itself.
    if (existsSync(to) || path.startsWith("google/protobuf/")) return;
    const from = find(path);
    if (from === undefined) throw new Error(`${path} is imported but not there`);
    mkdirSync(dirname(to), { recursive: true });
    const text = patch(readFileSync(from, "utf8"));
    writeFileSync(to, text);
    const imports = text.matchAll(/^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"/gm);
    for (const [, imported] of imports) copy(imported);
  };
  for (const source of sources) {
    for (const path of readdirSync(source, { recursive: true })) {
      if (path.endsWith(".proto") && pick(path)) copy(path);
    }
  }
  // A contract needs a plugin service.
  writeFileSync(
    join(target, "wplug_corpus.proto"),
    [
      'syntax = "proto3";',
      "package wplug.corpus;",
      "message Nothing {}",
      "// go:plugin type=plugin version=1",
      "service Corpus { rpc Call(Nothing) returns (Nothing); }",
    ].join("\n"),
  );
}

function typeCheck(work) {
  writeFileSync(
    join(work, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: { rootDir: "src", noEmit: true, types: [], typeRoots: [] },
      include: ["src"],
    }),
  );
  writeFileSync(join(work, "package.json"), '{ "type": "module" }\n');
  execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", work]);
}

/** Random messages of all types, encoded by the generated TypeScript and by the reference implementation. */
async function compare(work, protoRoot) {
  const { files } = await readContract(protoRoot);
  const modules = files
    .filter(({ messages }) => messages.length > 0)
    .map(({ stem }, i) => `export * as f${i} from ${JSON.stringify(`./src/gen/${stem}.pb`)};`);
  writeFileSync(join(work, "modules.ts"), modules.join("\n"));
  const program = join(work, "compare.mjs");
  await require("esbuild").build({
    entryPoints: [join(here, "compare.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: { "generated-modules": join(work, "modules.ts") },
    logLevel: "warning",
  });
  const descriptors = join(work, "descriptors.bin");
  const set = await compileProtos({ root: protoRoot });
  writeFileSync(descriptors, toBinary(FileDescriptorSetSchema, set));
  execFileSync(process.execPath, [program, descriptors], { encoding: "utf8", stdio: "pipe" });
}

/** Compiles a module that uses every class: what nobody uses, asc does not look at. */
async function compile(folder, protoRoot) {
  const { files } = await readContract(protoRoot);
  const imports = [];
  const calls = [];
  files.forEach(({ stem, messages }, index) => {
    if (messages.length === 0) return;
    imports.push(`import * as f${index} from "./${stem}.pb";`);
    for (const { name } of messages) {
      calls.push(`  f${index}.${name}.decode(new f${index}.${name}().encode());`);
    }
  });
  writeFileSync(
    join(folder, "exercise.ts"),
    `${imports.join("\n")}\nexport function exercise(): void {\n${calls.join("\n")}\n}\n`,
  );
  const { diagnostics, failure } = await runAsc({
    arguments: [
      "exercise.ts",
      ...["--baseDir", folder, "--config", "none.json", "--runtime", "incremental"],
      ...["--outFile", "exercise.wasm"],
    ],
    baseDir: folder,
    virtualFiles: { "none.json": "{}" },
    packages: ["runtime", "well-known-types"].map((name) => [
      `@wplug/${name}/assembly`,
      join(root, "packages", name, "assembly"),
    ]),
  });
  const errors = diagnostics.filter(({ category }) => category === 3);
  if (errors.length === 0 && failure === undefined) return;
  const texts = errors.map(({ message, place }) => {
    const line = place?.text?.slice(0, place.start).split("\n").length ?? "";
    return `${place?.sourcePath ?? ""}:${line}: ${message}`;
  });
  throw new Error([failure, ...texts].join("\n"));
}
