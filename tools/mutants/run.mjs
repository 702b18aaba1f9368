/**
 * Tests the tests: puts one deliberate bug after the other into the codecs, the garbage collector of plugins and the metering of
 * modules, and runs their specs, which must fail each time. The sources are as before afterwards. Takes some minutes, so it is not part of
 * npm test.
 *
 *   npm run mutants                     all
 *   npm run mutants -- assemblyscript   one of typescript, assemblyscript, collector, metering
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { mutants } from "./mutants.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const jest = createRequire(import.meta.url).resolve("jest/bin/jest");

/** Specs of each list, those that take longer last. */
const specs = {
  typescript: [
    ["packages/runtime/src/messages/wire"],
    ["packages/nx-wplug/src/host-sdk/emit-host-sdk.spec.ts"],
  ],
  assemblyscript: [["packages/nx-wplug/src/languages/assemblyscript/emit-sdk.spec.ts"]],
  collector: [["packages/nx-wplug/src/languages/assemblyscript/asc/collector.spec.ts"]],
  metering: [
    ["packages/runtime/src/metering/meter.spec.ts"],
    ["packages/runtime/src/metering/random-programs.spec.ts"],
  ],
};

const changes = execFileSync("git", ["status", "--porcelain", "packages"], {
  cwd: root,
  encoding: "utf8",
});
if (changes !== "") {
  console.error(
    "There are changes in packages/ that are not committed: commit them first, the mutants edit files.",
  );
  process.exit(1);
}

for (const [, file, find] of Object.values(mutants).flat()) {
  if (readFileSync(join(root, file), "utf8").includes(find)) continue;
  console.error(`${file} has changed: it does not contain ${JSON.stringify(find)}`);
  process.exit(1);
}

/** What does not end, a limit that does not hold among that, is noticed too. In milliseconds. */
const TIMEOUT = 240_000;
const timeouts = { metering: 60_000 };

const survivors = [];
const languages = process.argv.slice(2);
for (const [language, list] of Object.entries(mutants)) {
  if (languages.length > 0 && !languages.includes(language)) continue;
  for (const [name, file, find, replacement] of list) {
    const killed = withMutant(file, find, replacement, () =>
      specs[language].some((paths) => !passes(paths, timeouts[language] ?? TIMEOUT)),
    );
    console.log(`${killed ? "noticed " : "SURVIVED"}  ${language}: ${name}`);
    if (!killed) survivors.push(name);
  }
}
console.log(
  survivors.length === 0 ? "all mutants were noticed" : `${survivors.length} mutants survived`,
);
process.exitCode = survivors.length === 0 ? 0 : 1;

function withMutant(file, find, replacement, test) {
  const path = join(root, file);
  const source = readFileSync(path, "utf8");
  // By a function: a text may have `$` in it.
  writeFileSync(
    path,
    source.replace(find, () => replacement),
  );
  try {
    return test();
  } finally {
    writeFileSync(path, source);
  }
}

function passes(paths, timeout) {
  const { status } = spawnSync(process.execPath, [jest, "--bail", "--silent", ...paths], {
    cwd: root,
    stdio: "ignore",
    timeout,
  });
  return status === 0;
}
