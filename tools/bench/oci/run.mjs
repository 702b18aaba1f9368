import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { startRegistry } from "../../registry.mjs";
import { inTurn } from "../in-turn.mjs";
import { median } from "../median.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const work = join(here, "../generated/oci");
const dist = join(root, "packages/runtime/dist/esm");
const cli = join(root, "packages/nx-wplug/bin/wplug.cjs");
const require = createRequire(join(root, "package.json"));

const PORT = 5078;
const HOST = `127.0.0.1:${PORT}`;
const LOADS = 40;
const TRANSFERS = 7;

/** `npm run bench -- oci` */
export async function oci() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}\n`);
  console.log("| what | goal | measured |\n| --- | --- | --- |");
  row('bytes of it that `import "@wplug/runtime"` loads', "0", await bytesLoadedAtOnce());
  if (spawnSync("docker-registry", ["--version"]).status !== 0) {
    console.log("\nThe rest: not run, no docker-registry");
    return;
  }
  const registry = await startRegistry(join(work, "registry"), PORT);
  try {
    await loads();
    await transfers();
  } finally {
    registry.kill();
  }
}

function row(what, goal, measured) {
  console.log(`| ${what} | ${goal} | ${measured} |`);
}

/** Of the code for registries, in the part of a bundle that is loaded at once. */
async function bytesLoadedAtOnce() {
  const { metafile } = await require("esbuild").build({
    stdin: { contents: 'export * from "@wplug/runtime";', resolveDir: root },
    bundle: true,
    write: false,
    splitting: true,
    format: "esm",
    platform: "node",
    outdir: "/",
    metafile: true,
  });
  const outputs = new Map(Object.entries(metafile.outputs));
  const loaded = new Set([...outputs.keys()].filter((name) => name.endsWith("stdin.js")));
  for (const name of loaded) {
    for (const { kind, path } of outputs.get(name).imports) {
      if (kind === "import-statement" && outputs.has(path)) loaded.add(path);
    }
  }
  let bytes = 0;
  for (const name of loaded) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs.get(name).inputs)) {
      if (/\/(oci|distribution)\//.test(input)) bytes += bytesInOutput;
    }
  }
  return bytes;
}

/** A module of that many bytes: a small one, and a section that says nothing. */
function moduleOf(size) {
  const header = Buffer.from("\0asm\x01\0\0\0", "latin1");
  if (size <= header.length) return header;
  const content = Buffer.alloc(size - 16, 7);
  const length = content.length + 2;
  const leb = [0, 7, 14, 21].map((shift, i) => ((length >> shift) & 0x7f) | (i < 3 ? 0x80 : 0));
  return Buffer.concat([header, Buffer.from([0, ...leb, 1, 120]), content]);
}

async function loads() {
  const { PluginModule } = await import(join(dist, "index.js"));
  const { pushPlugin } = await import(join(dist, "oci.js"));
  for (const [title, size] of [
    ["12 kB", 12_000],
    ["3 MB", 3 << 20],
  ]) {
    const wasm = moduleOf(size);
    const file = join(work, "plugin.wasm");
    writeFileSync(file, wasm);
    const name = `oci://${HOST}/bench/load-${size}:1`;
    const { reference } = await pushPlugin(name, wasm, { title: "plugin.wasm" });
    const sha256 = createHash("sha256").update(wasm).digest("hex");
    let requests = 0;
    const options = {
      cache: join(work, "cache"),
      fetch: (...args) => {
        requests++;
        return globalThis.fetch(...args);
      },
    };
    await PluginModule.compile(reference, { oci: options });
    requests = 0;
    const [fromFile, fromCache] = await mediansOf(LOADS, [
      () => PluginModule.compile(file, { sha256 }),
      () => PluginModule.compile(reference, { oci: options }),
    ]);
    const figures = `${ms(fromCache)} : ${ms(fromFile)}, ${requests} requests`;
    row(
      `load of ${title} by digest, warm : from a file with sha256`,
      "<= 1.3, 0 requests",
      `${(fromCache / fromFile).toFixed(2)} (${figures})`,
    );
  }
}

async function transfers() {
  const { pushPlugin, pullPlugin } = await import(join(dist, "oci.js"));
  const hasOras = spawnSync("oras", ["version"]).status === 0;
  if (!hasOras) {
    row("push + pull of 3 MB : oras", "<= 1.0", "not run, no oras");
    return;
  }
  let round = 0;
  const fresh = () => {
    // New bytes each time, so that nothing is there already.
    const wasm = moduleOf(3 << 20);
    wasm.writeUInt32LE(++round, 20);
    writeFileSync(join(work, "plugin.wasm"), wasm);
    return wasm;
  };
  const run = (program, ...args) => execFileSync(program, args, { cwd: work, stdio: "ignore" });
  const [api, command, oras] = await mediansOf(TRANSFERS, [
    async () => {
      const wasm = fresh();
      const name = `oci://${HOST}/bench/api:${round}`;
      const { reference } = await pushPlugin(name, wasm, { title: "plugin.wasm" });
      await pullPlugin(reference, { cache: false });
    },
    async () => {
      fresh();
      const name = `oci://${HOST}/bench/command:${round}`;
      run(process.execPath, cli, "push", "plugin.wasm", name);
      run(process.execPath, cli, "pull", name, "--output=pulled.wasm");
    },
    async () => {
      fresh();
      const name = `${HOST}/bench/oras:${round}`;
      run("oras", "push", "--plain-http", name, "plugin.wasm:application/wasm");
      run("oras", "pull", "--plain-http", "-o", "pulled", name);
    },
  ]);
  for (const [title, time] of [
    ["in a program", api],
    ["by two commands", command],
  ]) {
    row(
      `push + pull of 3 MB ${title} : two commands of oras`,
      "<= 1.0",
      `${(time / oras).toFixed(2)} (${ms(time)} : ${ms(oras)})`,
    );
  }
}

/** The median time of each subject in ms, taken in turn. */
async function mediansOf(rounds, subjects) {
  const times = new Map(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of inTurn(subjects, round)) {
      const start = performance.now();
      await subject();
      times.get(subject).push(performance.now() - start);
    }
  }
  return [...times.values()].map(median);
}

function ms(time) {
  return `${time.toFixed(2)} ms`;
}
