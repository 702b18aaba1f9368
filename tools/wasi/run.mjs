/**
 * Runs programs of WASI preview 1 in our sandbox as their authors say how: the official test suite, in its built form
 * (https://github.com/WebAssembly/wasi-testsuite, branch prod/testsuite-base).
 *
 *   npm run wasi -- SUITE            with files in memory, and in a directory of the host
 *   npm run wasi -- SUITE path_link  only what is called so, with all that it prints
 *
 * Beside each program `x.wasm` may lie `x.json`, as the suite describes it: args, env, root, exit_code, stdout.
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, sep } from "node:path";

import { MemoryFiles, runProgram } from "../../packages/runtime/dist/esm/index.js";
import { HostDirectory } from "../../packages/runtime/dist/esm/node.js";

const [suite, only] = process.argv.slice(2);
if (suite === undefined) {
  console.error("Which suite? npm run wasi -- FOLDER");
  process.exit(2);
}

const programs = readdirSync(suite, { recursive: true })
  .filter((path) => path.endsWith(".wasm") && path.split(sep).includes("wasm32-wasip1"))
  .filter((path) => only === undefined || basename(path, ".wasm") === only)
  .map((path) => join(suite, path))
  .sort();

const systems = {
  "files in memory": inMemory,
  "a directory of the host": (folder) => new HostDirectory(folder, { writable: true }),
};

let failures = programs.length === 0 ? 1 : 0;
for (const [name, filesOf] of Object.entries(systems)) {
  const failed = [];
  for (const path of programs) {
    const problem = await run(path, filesOf);
    if (problem !== undefined) failed.push(`  ${basename(path, ".wasm")}: ${problem}`);
  }
  console.log(`${name}: ${programs.length - failed.length} of ${programs.length} pass`);
  if (failed.length > 0) console.log(failed.join("\n"));
  failures += failed.length;
}
process.exit(failures === 0 ? 0 : 1);

/** What is wrong; undefined if nothing is. */
async function run(path, filesOf) {
  const described = path.replace(/wasm$/, "json");
  const { args, env, root, exit_code, stdout } = existsSync(described)
    ? JSON.parse(readFileSync(described, "utf8"))
    : {};
  const folder = mkdtempSync(join(tmpdir(), "wplug-wasi-"));
  try {
    // Programs change their files.
    if (root !== undefined) cpSync(join(dirname(path), root), folder, { recursive: true });
    const output = { stdout: "", stderr: "" };
    const code = await runProgram(path, {
      args: [basename(path), ...(args ?? [])],
      // Tests of the environment say what is in it.
      env: env ?? (basename(path).startsWith("environ") ? {} : { ERRNO_MODE_UNIX: "1" }),
      files: root === undefined ? {} : { "/": filesOf(folder) },
      stdout: (text) => void (output.stdout += text),
      stderr: (text) => void (output.stderr += text),
    });
    if (only !== undefined) console.log(output.stdout + output.stderr);
    if (code !== (exit_code ?? 0)) return `exit code ${code}\n${output.stderr}`;
    if (stdout !== undefined && stdout !== output.stdout) return `printed ${output.stdout}`;
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inMemory(folder) {
  const files = new MemoryFiles();
  // Folders come before what is in them.
  for (const path of readdirSync(folder, { recursive: true }).sort()) {
    const name = path.split(sep).join("/");
    if (statSync(join(folder, path)).isDirectory()) files.createDirectory(name);
    else files.writeFile(name, readFileSync(join(folder, path)));
  }
  return files;
}
