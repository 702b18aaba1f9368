/** Runs the scripts of the core test suite twice, with plain and with metered modules, and compares what happens. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { connectChecks } from "../../packages/runtime/src/metering/connect";
import { meterModule } from "../../packages/runtime/src/metering/meter";
import { Script } from "./script.mjs";

const [folder] = process.argv.slice(2);
const ENOUGH = 0x7fffffff;
/** How many differences are shown. */
const SHOWN = 20;

const counts = { modules: 0, unknownToNode: 0, invalid: 0, results: 0, same: 0 };
const refused = new Map();
const differences = [];

for (const name of readdirSync(folder).sort()) {
  const directory = join(folder, name);
  const script = JSON.parse(readFileSync(join(directory, "script.json"), "utf8"));
  for (const command of script.commands) compareModule(name, directory, command);
  const plain = new Script(directory, instance).run(script.commands);
  const metered = new Script(directory, meteredInstance).run(script.commands);
  plain.forEach((result, i) => {
    counts.results++;
    if (result === metered[i]) counts.same++;
    else differences.push(`${name}: ${result} | ${metered[i]}`);
  });
}

const { modules, unknownToNode, invalid, results, same } = counts;
console.log(
  `Node ${process.versions.node}: ${modules} modules (${unknownToNode} more are unknown to Node), ${invalid} that are not valid, ${same} of ${results} results equal`,
);
for (const [problem, where] of refused) {
  console.log(`  refused: ${problem} (${where.length}: ${[...new Set(where)].join(", ")})`);
}
// Scripts that need a module which is refused differ in what comes after it.
const isExpected = (text) =>
  [...refused.values()].flat().some((name) => text.startsWith(`${name}:`));
const unexpected = differences.filter((text) => !isExpected(text));
for (const text of differences.slice(0, SHOWN)) {
  console.log(`  ${isExpected(text) ? "follows from a refusal" : "DIFFERENT"}: ${text}`);
}
process.exitCode = unexpected.length > 0 ? 1 : 0;

/** Of a module that the engine takes the metered one must be taken too, and only of such a one. */
function compareModule(name, directory, { type, filename, module_type: kind, line }) {
  if (filename === undefined || !filename.endsWith(".wasm") || kind === "text") return;
  const bytes = new Uint8Array(readFileSync(join(directory, filename)));
  const isValid = WebAssembly.validate(bytes);
  let metered;
  try {
    metered = meterModule("it", bytes);
  } catch (error) {
    if (error.name !== "PluginLoadError") differences.push(`${name} line ${line}: ${error.stack}`);
    const problem = error.message.replace(/.*it has /, "").replace(/, at byte.*/, "");
    if (isValid) refused.set(problem, [...(refused.get(problem) ?? []), name]);
  }
  if (isValid) counts.modules++;
  else if (type.startsWith("module")) counts.unknownToNode++;
  else counts.invalid++;
  if (metered !== undefined && WebAssembly.validate(metered) !== isValid) {
    differences.push(
      `${name} line ${line}: ${isValid ? "valid" : "not valid"} | not so when metered`,
    );
  }
}

function instance(bytes, imports) {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
}

function meteredInstance(bytes, imports) {
  // The same error for what is not valid.
  new WebAssembly.Module(bytes);
  const made = instance(meterModule("it", bytes), imports);
  const { fuel, start } = connectChecks(made.exports, () => ENOUGH);
  fuel.value = ENOUGH;
  start?.();
  return made;
}
