/**
 * Builds the engine of plugins in TypeScript: QuickJS-ng, compiled to WebAssembly. `npm run typescript-engine` writes it to
 * packages/nx-wplug; `-- --check` only says whether the bytes there are what the sources give here.
 *
 * Needs cargo (the source of QuickJS-ng is in the crate rquickjs-sys), clang, lld, wasi-libc, the builtins of compiler-rt for wasm32,
 * and wasm-opt of Binaryen. On Debian 12: `apt install clang lld wasi-libc libclang-rt-dev-wasm32 binaryen cargo`. Which versions
 * made the bytes is recorded beside them; others make other bytes, that do the same.
 *
 * For a newer QuickJS-ng: raise CRATE, run this, run the tests.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { withMinsize } from "./fast-functions.mjs";
import { OPTIONAL_NORMALIZATION, optionalProperties, optionalTables } from "./optional-unicode.mjs";

/** MIT, as QuickJS-ng. */
const CRATE = { name: "rquickjs-sys", version: "0.14.0" };

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../packages/nx-wplug/src/languages/typescript/engine");
// npm puts the programs of packages first, and one of them has a wasm-opt of its own.
const PATH = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !/[\\/]node_modules[\\/]/.test(folder + sep))
  .join(delimiter);
const counts = { passed: 0, failed: 0, skipped: 0, notRun: [] };
const isCheck = process.argv.includes("--check");
const work = mkdtempSync(join(tmpdir(), "wplug-engine-"));

try {
  const reason = isCheck ? otherTools() : undefined;
  if (reason === undefined) make();
  else {
    counts.notRun.push(reason);
    console.log(`not run: ${reason}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
// Read by npm test.
const { WPLUG_TEST_COUNTS: countsFile } = process.env;
if (countsFile !== undefined) appendFileSync(countsFile, JSON.stringify(counts) + "\n");
process.exitCode = counts.failed;

function make() {
  const source = quickjsSource();
  const wasm = build(source);
  const engine = {
    quickjs: quickjsVersion(source),
    crate: `${CRATE.name} ${CRATE.version}`,
    ...tools(),
    bytes: wasm.length,
    sha256: createHash("sha256").update(wasm).digest("hex"),
  };
  if (isCheck) {
    check(wasm, engine);
    return;
  }
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "engine.wasm"), wasm);
  writeFileSync(join(out, "engine.json"), JSON.stringify(engine, null, 2) + "\n");
  writeFileSync(join(out, "LICENSE.quickjs-ng"), readFileSync(join(source, "LICENSE")));
  console.log(engine);
}

/** What makes the bytes what they are. */
function tools() {
  return {
    clang: firstLine("clang", ["--version"]),
    lld: firstLine("wasm-ld", ["--version"]),
    binaryen: firstLine("wasm-opt", ["--version"]),
  };
}

/** Why the bytes can't be compared on this machine; undefined if they can. */
function otherTools() {
  const recorded = JSON.parse(readFileSync(join(out, "engine.json"), "utf8"));
  let here;
  try {
    here = tools();
    firstLine("cargo", ["--version"]);
  } catch (error) {
    return `the engine of TypeScript can't be built here: ${error.message.split("\n")[0]}`;
  }
  const other = Object.entries(here).filter(([name, version]) => recorded[name] !== version);
  if (other.length === 0) return undefined;
  return `the engine of TypeScript was built by others than ${other.map(([, it]) => it).join(", ")}`;
}

/** The folder `quickjs` of the crate, which cargo fetches and checks against the hash of its registry. */
function quickjsSource() {
  mkdirSync(join(work, "src"));
  writeFileSync(join(work, "src/lib.rs"), "");
  writeFileSync(
    join(work, "Cargo.toml"),
    `[package]\nname = "engine"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n${CRATE.name} = "=${CRATE.version}"\n`,
  );
  const text = run("cargo", ["metadata", "--format-version=1"], { cwd: work });
  const { manifest_path } = JSON.parse(text).packages.find(({ name }) => name === CRATE.name);
  return join(dirname(manifest_path), "quickjs");
}

function build(source) {
  const textOf = (file) => readFileSync(join(source, file), "utf8");
  const changed = {
    "quickjs-patched.c": withMinsize(patched(textOf("quickjs.c")), "quickjs.c"),
    "libregexp.c": withMinsize(optionalProperties(textOf("libregexp.c")), "libregexp.c"),
    "libunicode.c": textOf("libunicode.c"),
    "libunicode-table.h": optionalTables(textOf("libunicode-table.h")),
  };
  for (const [file, text] of Object.entries(changed)) writeFileSync(join(work, file), text);
  const flags = [
    "--target=wasm32-wasi",
    // Both are in all engines that the ABI asks for; with them, a number becomes an integer in one instruction.
    "-msign-ext",
    "-mnontrapping-fptoint",
    "-mexec-model=reactor",
    "-fno-strict-aliasing",
    "-fwrapv",
    "-w",
    "-DNDEBUG",
    "-D_GNU_SOURCE",
    "-DQUICKJS_NG_BUILD",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-D_WASI_EMULATED_SIGNAL",
    `-I${work}`,
    `-I${source}`,
    `-I${here}`,
    // No path of this machine in the bytes.
    `-ffile-prefix-map=${source}=quickjs`,
    `-ffile-prefix-map=${work}=work`,
    `-ffile-prefix-map=${here}=engine`,
  ];
  const files = [
    ["-Os", join(here, "engine.c")],
    ["-Os", join(work, "libregexp.c")],
    ["-Oz", join(here, "unicode.c")],
    ["-Os", join(source, "dtoa.c")],
  ];
  const objects = files.map(([size, file], i) => {
    const object = join(work, `${i}.o`);
    run("clang", [...flags, size, "-c", "-o", object, file]);
    return object;
  });
  const linked = join(work, "linked.wasm");
  run("clang", [
    ...["--target=wasm32-wasi", "-mexec-model=reactor", "-o", linked, ...objects],
    ...["-lwasi-emulated-process-clocks", "-lwasi-emulated-signal", "-lm"],
    // QuickJS-ng writes its numbers itself.
    "-lc-printscan-no-floating-point",
    // The stack lies below everything: one that is too deep traps, and overwrites nothing.
    ...["--stack-first", "-z", "stack-size=327680", "--strip-all", "--gc-sections"].map(
      (it) => `-Wl,${it}`,
    ),
  ]);
  const optimized = join(work, "optimized.wasm");
  run("wasm-opt", [
    ...["-Oz", "--enable-sign-ext", "--enable-nontrapping-float-to-int"],
    ...["--strip-producers", "--strip-target-features", "-o", optimized, linked],
  ]);
  return readFileSync(optimized);
}

/**
 * QuickJS-ng has no limit of the stack where __wasi__ is defined. With it, endless recursion is an error that plugins can catch.
 * It compares a negative BigInt with a number of another magnitude as if both were positive: -1n < -1000 is true.
 * JSON.parse reads numbers by strtod of the C library, which calculates with 128 bits in software; here as code has its numbers read.
 * And what it says where code can't be compiled is meant for those who embed it.
 */
function patched(text) {
  const cmp = (less, greater) =>
    `        if (f != e) {\n            if (f < e)\n                return ${less};\n            else\n                return ${greater};\n`;
  return [
    ...OPTIONAL_NORMALIZATION,
    [cmp("-1", "1"), cmp("2 * a_sign - 1", "1 - 2 * a_sign")],
    [
      '"eval is not supported"',
      '"there is no compiler in a plugin: eval and new Function are not available"',
    ],
    [
      "s->token.u.num.val = js_float64(strtod((const char *)p_start, NULL));",
      "JSATODTempMem number;\n    s->token.u.num.val = js_float64(js_atod((const char *)p_start, NULL, 10, 0, &number));",
    ],
    ["#ifdef __wasi__\n    rt->stack_size = 0;\n#endif\n", ""],
    ["#if defined(__wasi__)\n    rt->stack_limit = 0; /* no limit */\n#else\n", "#if 0\n#else\n"],
  ].reduce((all, [from, to]) => {
    if (all.split(from).length !== 2) throw new Error(`quickjs.c has changed: ${from}`);
    return all.replace(from, to);
  }, text);
}

function quickjsVersion(source) {
  const header = readFileSync(join(source, "quickjs.h"), "utf8");
  return ["MAJOR", "MINOR", "PATCH"]
    .map((part) => new RegExp(`#define QJS_VERSION_${part} +(\\d+)`).exec(header)?.[1])
    .join(".");
}

function check(wasm, engine) {
  const recorded = JSON.parse(readFileSync(join(out, "engine.json"), "utf8"));
  if (wasm.equals(readFileSync(join(out, "engine.wasm")))) {
    console.log("engine.wasm is what its sources give");
    counts.passed++;
    return;
  }
  console.error("engine.wasm is not what its sources give here.", { recorded, here: engine });
  counts.failed++;
}

function firstLine(program, args) {
  return run(program, args).split("\n")[0];
}

function run(program, args, options = {}) {
  return execFileSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH },
    ...options,
  });
}
