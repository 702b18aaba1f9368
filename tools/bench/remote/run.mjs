import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { inTurn } from "../in-turn.mjs";
import { median } from "../median.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const plugin = join(root, "examples/helloworld/plugin-morning/dist/helloworld-plugin-morning.wasm");

const ROUNDS = 15;
const CALLS = 400;
const WARM_UP = 2000;
const CALLERS = 1000;
const CALLS_EACH = 10;

/** `npm run bench -- remote` */
export async function remote() {
  const nx = createRequire(join(root, "package.json")).resolve("nx/bin/nx.js");
  const projects = "--projects=helloworld-contract,helloworld-plugin-morning";
  execFileSync(process.execPath, [nx, "run-many", "-t", "build", projects], { cwd: root });
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}\n`);
  const { startServers } = await import("./server.mjs");
  const { makeCallers } = await import("./callers.mjs");
  const callers = await makeCallers(await startServers(plugin));
  await oneByOne(callers);
  await atOnce(callers.plugin);
  process.exit();
}

/**
 * One call after the other: the median of the rounds, of the time of processors that client and server take together, in one process.
 * The time by the clock tells little on a machine that does other things too.
 */
async function oneByOne(callers) {
  const names = Object.keys(callers);
  const times = new Map(names.map((name) => [name, []]));
  for (const name of names) await run(callers[name], WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of inTurn(names, round)) {
      times.get(name).push((await run(callers[name], CALLS)) / CALLS);
    }
  }
  const [own, connect, plain, grpc] = ["plugin", "connect", "plain", "grpc"].map((name) =>
    median(times.get(name)),
  );
  const us = (time) => `${time.toFixed(0)} µs`;
  console.log("| a call over HTTP/2 on one machine | time of processors | goal | measured |");
  console.log("| --- | --- | --- | --- |");
  console.log(`| a plugin by connectRoutes and connect, gRPC | ${us(own)} | | |`);
  console.log(`| the same by Connect's own protocol | ${us(connect)} | | |`);
  console.log(
    `| a plain handler of @connectrpc/connect-node | ${us(plain)} | <= 1.15 | ${(own / plain).toFixed(2)} |`,
  );
  console.log(
    `| a unary call of @grpc/grpc-js | ${us(grpc)} | <= 1.0 | ${(own / grpc).toFixed(2)}, by Connect's protocol ${(connect / grpc).toFixed(2)} |`,
  );
}

async function run(call, count) {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) await call();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/** Many callers at the same time. */
async function atOnce(call) {
  const times = [];
  let lost = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (let i = 0; i < CALLS_EACH; i++) {
        const begin = performance.now();
        await call().catch(() => lost++);
        times.push(performance.now() - begin);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const p99 = times[Math.floor(times.length * 0.99)];
  console.log(
    `\n${CALLERS} callers at once, ${CALLS_EACH} calls each: ${lost} lost, ` +
      `${Math.round(times.length / seconds)} calls a second, p99 ${p99.toFixed(0)} ms`,
  );
}
