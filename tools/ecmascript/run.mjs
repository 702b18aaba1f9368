/**
 * Runs test262, the test suite of ECMAScript (https://github.com/tc39/test262), in the engine of plugins in TypeScript.
 *
 *   npm run ecmascript -- FOLDER                   all of it
 *   npm run ecmascript -- FOLDER built-ins/JSON    those below this folder of `test`, with what is wrong
 *   npm run ecmascript -- FOLDER --every=10        every tenth
 *
 * Code of plugins is a module, so what may not be run as one is left out, and what needs a compiler, another realm or threads;
 * `skippedFeatures` are no part of QuickJS-ng.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const options = process.argv.slice(2);
const [suite, only] = options.filter((it) => !it.startsWith("--"));
const every = Number(options.find((it) => it.startsWith("--every="))?.slice(8) ?? 1);
if (suite === undefined) {
  console.error("Which suite? npm run ecmascript -- FOLDER");
  process.exit(2);
}
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const typescript = join(root, "packages/nx-wplug/dist/languages/typescript");
const require = createRequire(import.meta.url);
const { EngineInstance, EngineError } = require(join(typescript, "build/engine-instance.js"));
const engine = new WebAssembly.Module(readFileSync(join(typescript, "engine/engine.wasm")));

const FOLDERS = ["built-ins", "language"];
const skippedFeatures = new Set([
  ...["Temporal", "ShadowRealm", "decorators", "source-phase-imports", "import-defer"],
  ...["tail-call-optimization", "IsHTMLDDA", "cross-realm", "Atomics", "SharedArrayBuffer"],
  ...[
    "json-modules",
    "import-text",
    "import-bytes",
    "dynamic-import",
    "explicit-resource-management",
  ],
  ...["joint-iteration", "nonextensible-applies-to-private", "immutable-arraybuffer"],
]);
const COMPILES = /\b(eval|Function)\b\s*\(|\$262|\bimport\s*[({"'*]|\bfnGlobalObject\b/;

const harness = new Map();
const includeOf = (name) => {
  if (!harness.has(name)) harness.set(name, readFileSync(join(suite, "harness", name), "utf8"));
  return harness.get(name);
};

const totals = new Map();
for (const folder of only === undefined ? FOLDERS : [only]) {
  const files = readdirSync(join(suite, "test", folder), { recursive: true })
    .filter((path) => path.endsWith(".js") && !path.includes("_FIXTURE"))
    .sort()
    .filter((_, index) => index % every === 0);
  for (const path of files) await runFile(folder, join(folder, path));
}

const sum = { passed: 0, failed: 0, leftOut: 0 };
for (const [name, counts] of totals) {
  for (const key of Object.keys(sum)) sum[key] += counts[key];
  if (counts.failed > 0) print(name, counts);
}
print("all", sum);

function print(name, { passed, failed, leftOut }) {
  const share = ((100 * passed) / (passed + failed)).toFixed(1);
  console.log(`${name}: ${passed} of ${passed + failed} pass (${share} %), ${leftOut} left out`);
}

async function runFile(folder, path) {
  const group = path.split(sep).slice(0, 2).join("/");
  if (!totals.has(group)) totals.set(group, { passed: 0, failed: 0, leftOut: 0 });
  const counts = totals.get(group);
  const text = readFileSync(join(suite, "test", path), "utf8");
  const facts = factsOf(text);
  if (isLeftOut(text, facts)) {
    counts.leftOut++;
    return;
  }
  const problem = await problemOf(text, facts);
  if (problem === undefined) counts.passed++;
  else {
    counts.failed++;
    if (folder === only) console.log(`${path}: ${problem}`);
  }
}

/** What a test says of itself, as YAML: https://github.com/tc39/test262/blob/main/INTERPRETING.md */
function factsOf(text) {
  const yaml = /\/\*---([\s\S]*?)---\*\//.exec(text)?.[1] ?? "";
  const list = (name) => {
    const inline = new RegExp(`^${name}: *\\[([^\\]]*)\\]`, "m").exec(yaml)?.[1];
    const lines = new RegExp(`^${name}:\\s*\\n((?: *- .*\\n)+)`, "m").exec(yaml)?.[1];
    return (inline?.split(",") ?? lines?.split(/^ *- /m) ?? [])
      .map((it) => it.trim())
      .filter((it) => it !== "");
  };
  return {
    flags: list("flags"),
    features: list("features"),
    includes: list("includes"),
    error: /^negative:[\s\S]*?type: *(\w+)/m.exec(yaml)?.[1],
  };
}

function isLeftOut(text, { flags, features }) {
  const code = text.replace(/\/\*---[\s\S]*?---\*\//, "");
  return (
    flags.some((it) => ["noStrict", "raw", "CanBlockIsFalse", "CanBlockIsTrue"].includes(it)) ||
    features.some((it) => skippedFeatures.has(it)) ||
    COMPILES.test(code)
  );
}

/** undefined if the test passes. */
async function problemOf(text, { flags, includes, error }) {
  const isAsync = flags.includes("async");
  const source = [
    "globalThis.print = () => {};",
    ...["assert.js", "sta.js", ...includes].map(includeOf),
    isAsync
      ? "let $DONE; const $done = new Promise((y, n) => { $DONE = (e) => (e ? n(e) : y()); });"
      : "",
    text,
    isAsync ? "\n;await $done;" : "",
  ].join("\n");
  try {
    const instance = await EngineInstance.start(engine, []);
    instance.load(instance.compile("test.js", source));
  } catch (caught) {
    if (!(caught instanceof EngineError)) throw caught;
    if (error !== undefined && caught.message.startsWith(error)) return undefined;
    return caught.message;
  }
  return error === undefined ? undefined : `does not throw ${error}`;
}
