/**
 * Several servers of a plugin under load, behind haproxy and without it: `npm run scale`. Ends with 1 if a call was lost.
 *
 *   npm run scale -- loss              only what happens when servers come and go
 *   npm run scale -- throughput        only calls a second of 1, 2 and 4 servers
 *   npm run scale -- start             only how long a server takes to start
 */
import { cpus, loadavg } from "node:os";

import { coldStart } from "./cold-start.mjs";
import { haproxyVersion } from "./haproxy.mjs";
import { loseNoCall } from "./loss.mjs";
import { makeServer } from "./server-program.mjs";
import { throughput } from "./throughput.mjs";

const CALLERS = 64;
const MANY = 1000;
/** Between two things that happen, in milliseconds. */
const PAUSE = 2000;

const wanted = process.argv.slice(2);
const PARTS = { loss: showLosses, throughput: showThroughput, start: showStart };
const unknown = wanted.find((name) => !(name in PARTS));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}: npm run scale [-- ${Object.keys(PARTS).join("|")}]`);
  process.exit(1);
}

const program = await makeServer();
const version = haproxyVersion();
const ways = version === undefined ? ["round_robin"] : ["round_robin", "haproxy"];
if (version === undefined) console.log("haproxy: not run, there is none");
console.log(
  `Node ${process.versions.node}, haproxy ${version ?? "-"}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ` +
    `load ${loadavg()[0].toFixed(1)} at the beginning\n`,
);

const faults = [];
for (const [name, show] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) await show();
}
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);

async function showLosses() {
  for (const way of ways) await showLoss(way);
}

async function showLoss(way) {
  const { rows, served } = await loseNoCall(way, program, { callers: CALLERS, pause: PAUSE });
  console.log(
    `| ${way} | calls | tried again by gRPC | answer had begun | called again | lost | p99 |`,
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const { what, calls, attempts, begun, again, lost, errors, p99 } of rows) {
    const retried = Math.max(0, attempts - calls - begun);
    console.log(
      `| ${what} | ${calls} | ${retried} | ${begun} | ${again} | ${lost} | ${p99.toFixed(0)} ms |`,
    );
    if (lost > 0) faults.push(`${way}, ${what}: ${JSON.stringify(errors)}`);
    if (begun > 0 && !what.includes("killed")) {
      faults.push(`${way}, ${what}: ${begun} answers broke off, and no server was killed`);
    }
  }
  console.log("");
  for (const { name, calls } of served) {
    if (calls === 0) faults.push(`${way}: ${name}, which came, got no calls`);
  }
}

async function showThroughput() {
  console.log("| servers | calls | a second | p50 | p99 | lost |");
  console.log("| ---: | --- | ---: | ---: | ---: | ---: |");
  const show = async (way, count, callers) => {
    const result = await throughput(way, program, { count, callers, time: 4000 });
    const { perSecond, p50, p99, lost } = result;
    console.log(
      `| ${count} | ${way}, ${callers} callers | ${perSecond.toFixed(0)} | ${p50.toFixed(0)} ms | ${p99.toFixed(0)} ms | ${lost} |`,
    );
    if (lost > 0) faults.push(`${way}, ${count} servers, ${callers} callers: ${lost} lost`);
  };
  for (const count of [1, 2, 4]) for (const way of ways) await show(way, count, CALLERS);
  for (const way of ways) await show(way, 2, MANY);
  console.log("");
}

async function showStart() {
  console.log("| plugin | from the start of a process until it answers |");
  console.log("| --- | ---: |");
  for (const { where, time } of await coldStart(program)) {
    console.log(`| ${where} | ${time.toFixed(0)} ms |`);
  }
}
