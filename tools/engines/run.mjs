/**
 * Runs the specs of the runtime and of the well-known types on Deno or Bun.
 *
 *   node tools/engines/run.mjs deno|bun [SPEC...]
 */
import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";
import { bundleSpec } from "./bundle-spec.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
/** Where specs lie, by what their names begin with. */
const FOLDERS = {
  "": join(root, "packages/runtime/src"),
  "well-known-types/": join(root, "packages/well-known-types/src"),
};
const work = join(root, "tmp/engines");

/** Of one spec, in milliseconds: a thread that does not end must not hold up the others. */
const TIMEOUT = 300_000;

/** Those that no engine but Node runs, each with the reason. All others run. */
const NOT_HERE = {
  "runner/calls-model":
    "it aborts calls by the hundred, each of which ends a thread: minutes on Deno, and on Bun threads go on",
};

const MODULES =
  "one bundle has one copy of each module, and jest that makes others does not run here";
const ANY = {
  "the error family recognises errors of another copy of the package": MODULES,
  "decodeMessage names the place also for the decoder of another copy of the package": MODULES,
  "a real registry with a certificate of a CA of its own needs NODE_EXTRA_CA_CERTS":
    "it starts Node's way to give a process a CA",
  "a server of HTTP/2 that drains goes on for a while, if that is asked for, and gives up calls after another":
    "node:http2 of the engine does not tell calls of a session that the server has destroyed",
};

const DENO_HTTP2 = "node:http2 of the engine ends an answer with trailers in its body too early";
const DENO_FETCH =
  "fetch has no error code there, so that the error has the engine's text, and no remedy";
const DENO_UNLINK = "unlink of a folder with a slash behind it has another error code there";
const DENO_CA = "fetch takes the CA of a test server from DENO_CERT alone";
const NO_CLOCK = "limits.time is refused in a worker";
const LASTING = "a thread does not end while wasm runs in it";
const NO_STACK = "the engine's errors have no functions and offsets of wasm in their stacks";
const BUN_BODY =
  "fetch keeps back, and loses, the last bytes that came before a connection ended or stood still";

/** The engines, with the tests, by the beginnings of their names, that can't run there, and why. */
const ENGINES = {
  deno: {
    command: ["@deno/linux-x64-glibc/deno", "run", "-A", "--quiet"],
    lacking: {
      ...ANY,
      "load with oci:// refuses a registry that is not there": DENO_FETCH,
      "a plugin that is served by node:http2 is called by gRPC-Web": DENO_HTTP2,
      "a server of HTTP/2 that drains answers the calls that it has": DENO_HTTP2,
      "the table of paths is what Linux does, dir/: unlink": DENO_UNLINK,
      "the table of paths is what Linux does, dir/.: unlink": DENO_UNLINK,
      "the table of paths is what Linux does, dir/..: unlink": DENO_UNLINK,
      "all file systems agree with Linux on 2,000 random actions": DENO_UNLINK,
      "a registry that sends an end in the middle as the plugin": DENO_FETCH,
      "a connection that ends in the middle again and again": DENO_FETCH,
      "a registry behind a proxy is not asked through it if NO_PROXY": DENO_FETCH,
      "a registry behind a proxy is asked through it": DENO_CA,
      "a registry behind a proxy is asked with the user": DENO_CA,
      "a registry that sends compressed bytes":
        "fetch leaves bytes as they are that were asked for without an encoding",
      "a registry that lists referrers has a signature that is found on a later page":
        "its signatures of ECDSA are the same each time, so that the registry has one of two",
      "the stack of a metered plugin of a plugin in AssemblyScript":
        "SourceMap of its node:module joins sourceRoot and the name of a source without a slash",
      "a bundle with a key of P-521 may be signed with sha512":
        "node:crypto of the engine can't sign sha512 with P-521",
    },
  },
  bun: {
    command: ["@oven/bun-linux-x64/bin/bun"],
    lacking: {
      ...ANY,
      "a plugin that misbehaves is retired: shows what the author said, and the last lines of stderr":
        "the cause is the engine's own error, which has other words for a trap",
      'limits.memory tells the size of all memories and tables, exported or not: {"isolation":"worker"}':
        NO_CLOCK,
      "runProgram, worker ends a program": NO_CLOCK,
      "runProgram, worker lets a program end": NO_CLOCK,
      "runProgram lets the host's thread go on": NO_CLOCK,
      "untrusted()": NO_CLOCK,
      "worker: an answer of a long list is within the time": NO_CLOCK,
      "worker: a request to a host function is within the time": NO_CLOCK,
      "worker, with a time limit": NO_CLOCK,
      "a plugin in a worker is killed at its time limit": NO_CLOCK,
      "a plugin in a worker is where a plugin with a time limit": NO_CLOCK,
      "a pool of workers survives what kills them": NO_CLOCK,
      "worker: in its thread the plugin's code": LASTING,
      "worker: what bounds a plugin": NO_CLOCK,
      "inline: as said of Host functions": NO_CLOCK,
      "worker: as said of Host functions": NO_CLOCK,
      "docs/security.md says: `limits.time` alone": NO_CLOCK,
      "in the host's thread, or in a worker": NO_CLOCK,
      "the signal of a host function of a plugin in a worker is aborted at limits.time": NO_CLOCK,
      "the signal of a host function of a plugin in a worker is not aborted by anything": NO_CLOCK,
      "the signal of a host function of a plugin in a pool of workers is aborted at limits.time":
        NO_CLOCK,
      "the signal of a host function of a plugin in a pool of workers is not aborted by anything":
        NO_CLOCK,
      "the signal of a host function of a plugin that hooks follow is aborted at limits.time":
        NO_CLOCK,
      "the signal of a host function of a plugin that hooks follow is not aborted by anything":
        NO_CLOCK,
      "worker: a plugin that reading an answer": NO_CLOCK,
      "worker: a plugin that a call or a start": NO_CLOCK,
      "worker: a plugin that the host's thread stays free": LASTING,
      "the stack of a metered plugin": NO_STACK,
      "what the host sees of a metered module has the names": NO_STACK,
      "searchPlugins fails if the registry does": BUN_BODY,
      "a connection that ends in the middle": BUN_BODY,
      "a registry that sends an end in the middle as the plugin": BUN_BODY,
      "a registry that sends nothing any more as the plugin": BUN_BODY,
      "a registry behind a proxy is asked with the user":
        "fetch does not tell which answer a proxy gave",
    },
  },
};

/** Every spec that runs here. */
function allSpecs() {
  return Object.entries(FOLDERS)
    .flatMap(([prefix, folder]) =>
      readdirSync(folder, { recursive: true })
        .filter((path) => path.endsWith(".spec.ts"))
        .map((path) => prefix + path.slice(0, -".spec.ts".length).replaceAll("\\", "/")),
    )
    .filter((spec) => !(spec in NOT_HERE))
    .sort();
}

function fileOf(spec) {
  const [prefix, folder] = Object.entries(FOLDERS).findLast(([start]) => spec.startsWith(start));
  return join(folder, `${spec.slice(prefix.length)}.spec.ts`);
}

const [name, ...only] = process.argv.slice(2);
const engine = ENGINES[name];
if (engine === undefined) {
  console.error(`No engine is called ${name}. There are: ${Object.keys(ENGINES).join(", ")}.`);
  process.exit(1);
}

/** Runs a program until it ends; it is killed if it takes too long. */
function run(program, args) {
  const options = {
    cwd: root,
    timeout: TIMEOUT,
    killSignal: "SIGKILL",
    maxBuffer: 1 << 26,
    env: { ...process.env, NO_COLOR: "1" },
  };
  return new Promise((resolve) =>
    execFile(program, args, options, (error, stdout, stderr) => resolve({ error, stdout, stderr })),
  );
}

async function runSpec(spec) {
  const bundle = join(work, name, `${spec.replaceAll("/", "+")}.cjs`);
  await bundleSpec(fileOf(spec), bundle);
  const [program, ...args] = engine.command;
  const start = Date.now();
  const { stdout, stderr, error } = await run(join(here, "node_modules", program), [
    ...args,
    join(here, "harness.cjs"),
    bundle,
    JSON.stringify(engine.lacking),
  ]);
  const seconds = Math.round((Date.now() - start) / 1000);
  const lines = stdout.trimEnd().split("\n");
  const last = lines.pop();
  try {
    const counts = JSON.parse(last);
    if (counts.failed > 0) console.log(lines.join("\n"));
    console.log(`${spec}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
    return counts;
  } catch {
    const why = error?.signal ?? `it ended before its tests did, with ${error?.code ?? 0}`;
    console.log(`${spec}: ${why} (${seconds} s)\n${stdout}\n${stderr}`);
    return { passed: 0, failed: 1, skipped: 0, notRun: [] };
  }
}

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log(`not run: the binary of ${name} is for Linux on x64`);
  process.exit(0);
}
installOnce(here);
rmSync(join(work, name), { recursive: true, force: true });
mkdirSync(join(work, name), { recursive: true });
const specs = only.length > 0 ? only : allSpecs();
let failed = 0;

/** Runs one spec after the other, as long as there are any. */
async function runSpecs() {
  for (let spec = specs.shift(); spec !== undefined; spec = specs.shift()) {
    const counts = await runSpec(spec);
    failed += counts.failed;
    const { WPLUG_TEST_COUNTS: countsFile } = process.env;
    if (countsFile !== undefined) appendFileSync(countsFile, JSON.stringify(counts) + "\n");
  }
}

// Most of a spec uses one processor.
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, runSpecs));
process.exit(failed > 0 ? 1 : 0);
