/** Builds what the matrix and its benchmark need from the protos of this folder: plugins and hosts of both worlds. */
import { execFile, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { buildGenerated, buildTypeScriptPlugin } from "../../tools/generated-plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const require = createRequire(join(root, "package.json"));
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));
const run = promisify(execFile);
/** The Go module of @wplug/well-known-types, here as one that go.mod replaces. */
const KNOWN_TYPES = "wplug/well-known-types/go";
// Beside what is emptied: dependencies are compiled once.
const cargoTarget = join(root, "tmp/interop-cargo");

/** Why Go can't be used here, undefined if it can. */
export function noGo() {
  const { status, stdout } = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  if (status !== 0) return "no Go toolchain";
  const [, minor = "0"] = /^go1\.(\d+)/.exec(stdout) ?? [];
  return Number(minor) < 24 ? `Go 1.24 or newer is needed, this is ${stdout.trim()}` : undefined;
}

/** The command of a C compiler for WebAssembly and its arguments, undefined where there is none. */
export function findC() {
  const wasi = ["--target=wasm32-wasi", "-mexec-model=reactor"];
  const isThere = spawnSync("clang", [...wasi, "-x", "c", "-fsyntax-only", "-"], {
    input: "#include <stdlib.h>\n",
  });
  const hasLinker = spawnSync("wasm-ld", ["--version"]).status === 0;
  return isThere.status === 0 && hasLinker ? ["clang", ...wasi] : undefined;
}

export const hasTinyGo = () => spawnSync("tinygo", ["version"]).status === 0;

/** Whether Rust has the standard library of a target. */
export function hasRustTarget(target) {
  const args = ["--print", "target-libdir", "--target", target];
  const { status, stdout } = spawnSync("rustc", args, { encoding: "utf8" });
  return status === 0 && existsSync(stdout.trim());
}

/** Why plugins in Rust can't be built here, undefined if they can. */
export function noRust() {
  const programs = [spawnSync("rustc", ["-V"]), spawnSync("cargo", ["-V"])];
  if (programs.some(({ status }) => status !== 0)) return "no Rust toolchain";
  if (!hasRustTarget("wasm32-wasip1")) return "Rust has no target wasm32-wasip1";
  const fetch = ["fetch", "--manifest-path", join(here, "rust/Cargo.toml")];
  const options = { timeout: 60_000, env: { ...process.env, CARGO_TARGET_DIR: cargoTarget } };
  return spawnSync("cargo", fetch, options).status === 0
    ? undefined
    : "the registry of crates is not reached";
}

/**
 * Generates both SDKs, bundles programs for Node and builds the plugins.
 *
 * @param work absolute path of a folder, which is emptied
 * @param sources absolute paths of TypeScript files; generated code is in `gen/` and `next/gen/` beside them
 * @param programs names of those to bundle
 * @returns absolute paths: `host`, and of plugins by the language; without Go, only those that need none
 */
export async function build(work, { sources, programs }) {
  rmSync(work, { recursive: true, force: true });
  const protos = {};
  for (const path of ["interop.proto", "library/counter.proto"]) {
    protos[path] = readFileSync(join(here, "proto", path), "utf8");
  }
  const js = join(work, "js");
  const go = noGo() === undefined ? buildGo(join(work, "go")) : {};
  await generateOthers(work);
  await buildGenerated(js, {
    protos,
    sources,
    programs,
    plugin: readFileSync(join(here, "assembly/index.ts"), "utf8"),
  });
  const typescript = await buildTypeScriptPlugin(join(work, "typescript"), {
    protoRoot: join(here, "proto"),
    sources: [join(here, "typescript/index.ts")],
  });
  const rust = await buildRust(join(work, "rust"));
  const npmAlone = { assemblyscript: join(js, "dist/plugin.wasm"), typescript };
  return { ...npmAlone, ...(await go), ...rust, ...buildC(work) };
}

/** The SDKs for TypeScript of the contracts that have no plugin in AssemblyScript. */
async function generateOthers(work) {
  for (const [name, text] of Object.entries(otherProtos())) {
    const protoRoot = join(work, name, "proto");
    mkdirSync(protoRoot, { recursive: true });
    writeFileSync(join(protoRoot, `${name}.proto`), text);
    await wplug("codegen/index.js").generate({
      protoRoot,
      hostOut: join(work, name, "gen"),
    });
  }
}

function otherProtos() {
  const interop = readFileSync(join(here, "proto/interop.proto"), "utf8");
  return {
    // The next version of the contract, and a service that no plugin has.
    next:
      interop.replace("type=plugin version=1", "type=plugin version=2") +
      "\n// go:plugin type=plugin version=1\nservice Other {\n  rpc Greet(Text) returns (Text);\n}\n",
    // That of the plugin in C.
    greeter: readFileSync(join(here, "c/greeter.proto"), "utf8"),
  };
}

/** go-plugin's own generator and compiler make the host and the plugin. */
async function buildGo(work) {
  for (const name of ["go.mod", "go.sum", "host", "plugin"]) {
    cpSync(join(here, name), join(work, name), { recursive: true });
  }
  const replace = `-replace=${KNOWN_TYPES}=${join(root, "packages/well-known-types/go")}`;
  await runGo(work, {}, "mod", "edit", replace);
  await generateGo(work, "interop", join(here, "proto"), {
    "interop.proto": "interop",
    "library/counter.proto": "library",
  });
  for (const [name, text] of Object.entries(otherProtos())) {
    const protos = join(work, "proto", name);
    mkdirSync(protos, { recursive: true });
    writeFileSync(join(protos, `${name}.proto`), text);
    await generateGo(work, name, protos, { [`${name}.proto`]: name });
  }
  const wasm = { GOOS: "wasip1", GOARCH: "wasm" };
  const shared = ["-buildmode=c-shared", "./plugin"];
  await runGo(work, {}, "build", "-o", "dist/host", "./host");
  await runGo(work, wasm, "build", "-o", "dist/go.wasm", ...shared);
  const built = { host: join(work, "dist/host"), go: join(work, "dist/go.wasm") };
  if (!hasTinyGo()) return built;
  const tinygo = join(work, "dist/tinygo.wasm");
  // As `nx build` does it.
  const { ok, messages } = await wplug("languages/go/compile.js").compile("tinygo", {
    workspaceRoot: work,
    plugin: { name: "plugin", root: "plugin", folder: join(work, "plugin") },
    contract: { name: "contract", root: ".", folder: work },
    imports: [],
    main: undefined,
    start: "build",
    section: () => Promise.resolve({ wplug: { language: "tinygo" } }),
    outFile: tinygo,
  });
  if (!ok) throw new Error(messages.join("\n"));
  return { ...built, tinygo };
}

/** wplug's own generator and compiler of plugins in Rust. */
async function buildRust(work) {
  if (noRust() !== undefined) return {};
  cpSync(join(here, "rust"), work, { recursive: true });
  const language = wplug("languages/find-language.js").languageNamed("rust");
  const sources = { protoRoot: join(here, "proto") };
  const plugin = { name: "interop", root: "rust", folder: work };
  await wplug("codegen/generate-plugin.js").generatePlugin({
    plugin: plugin.name,
    folder: work,
    language,
    sources,
  });
  process.env.CARGO_TARGET_DIR = cargoTarget;
  const compile = async (outFile) => {
    const { ok, messages } = await language.compile({
      workspaceRoot: dirname(work),
      plugin,
      outFile,
      section: async () => ({ wplug: { language: "rust" } }),
    });
    if (!ok || messages.length > 0) throw new Error(messages.join("\n"));
    return outFile;
  };
  const rust = await compile(join(work, "dist/rust.wasm"));
  if (!hasRustTarget("wasm32-unknown-unknown")) return { rust };
  appendFileSync(
    join(work, "Cargo.toml"),
    '\n[package.metadata.wplug]\ntarget = "wasm32-unknown-unknown"\n',
  );
  return { rust, "rust without WASI": await compile(join(work, "dist/rust-without-wasi.wasm")) };
}

/** @param packages Go packages by the file that they are made of */
async function generateGo(work, name, protos, packages) {
  const { goDescriptors } = wplug("languages/go/go-descriptors.js");
  const all = await wplug("codegen/index.js").compileProtos({ root: protos });
  const files = await wplug("languages/go/protoc-gen-go-plugin.js").runProtocGenGoPlugin({
    plugin: name,
    folder: work,
    descriptors: goDescriptors(all, Object.keys(packages)),
    packages: new Map(
      Object.entries(packages).map(([path, to]) => [path, { folder: `gen/${to}`, name: to }]),
    ),
    knownTypes: KNOWN_TYPES,
  });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), content);
  }
}

async function runGo(cwd, env, ...args) {
  await run("go", args, { cwd, env: { ...process.env, CGO_ENABLED: "0", ...env } });
}

/**
 * Generates both SDKs of each contract of go-plugin's own examples and tests, as it stands in its Go module.
 *
 * @returns by the contract's folder there, what was printed and failed: nothing if all is well
 */
export async function generateTheirs(work) {
  const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/knqyf263/go-plugin"];
  const { stdout } = await run("go", list, { cwd: here });
  const root = stdout.trim();
  const results = {};
  for (const folder of protoFolders(root)) {
    const protoRoot = join(work, "theirs", folder);
    // Its import tests import from the root of the repository.
    const isFromRoot = folder === "tests/import";
    const into = isFromRoot ? join(protoRoot, folder) : protoRoot;
    for (const path of findProtos(join(root, folder))) {
      mkdirSync(dirname(join(into, path)), { recursive: true });
      writeFileSync(join(into, path), readFileSync(join(root, folder, path)));
    }
    const said = [];
    try {
      await wplug("codegen/index.js").generate({
        protoRoot,
        typescriptOut: join(protoRoot, "gen"),
        assemblyscriptOut: join(protoRoot, "assembly"),
        warn: ({ message }) => said.push(message),
      });
    } catch (error) {
      said.push(error.message);
    }
    results[folder] = said;
  }
  return results;
}

/** Folders of contracts in examples and tests: of each there is one folder with protos, but of the test of imports. */
function protoFolders(root) {
  const folders = ["examples", "tests"].flatMap((name) =>
    findProtos(join(root, name)).map((path) => dirname(`${name}/${path}`)),
  );
  const whole = folders.map((folder) => folder.replace(/^(tests\/import)\/.*/, "$1"));
  return [...new Set(whole)];
}

const findProtos = (folder) => wplug("codegen/index.js").findProtos(folder);

/**
 * Builds the comparison of proto3 JSON with Go's: in a module of its own, as go-plugin needs an old version of Go's protobuf.
 *
 * @returns absolute paths of the program in Go, and of the one for Node that asks it
 */
export async function buildJson(work) {
  const folder = join(work, "json");
  cpSync(join(here, "json"), folder, { recursive: true });
  await runGo(folder, {}, "build", "-o", "protojson", ".");
  const program = join(folder, "json.mjs");
  await require("esbuild").build({
    entryPoints: [join(here, "json.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // The package says that its built files have side effects, and these are the sources.
    ignoreAnnotations: true,
    logLevel: "warning",
  });
  return { go: join(folder, "protojson"), program };
}

function buildC(work) {
  const compiler = findC();
  if (compiler === undefined) return {};
  const [file, ...args] = compiler;
  const output = join(work, "c.wasm");
  const { status, stderr } = spawnSync(
    file,
    [...args, "-O2", "-Wall", "-Werror", "-o", output, join(here, "c/greeter.c")],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`clang: ${stderr}`);
  return { c: output };
}

/** Bytes. */
export const sizeOf = (path) => statSync(path).size;
