/** Timed in one process, the libraries in turn, so that what slows down the machine slows down all of them. */
import { writeFileSync } from "node:fs";

import { workloads } from "./data.mjs";
import { libraries } from "./libraries.mjs";

const ROUNDS = 41;
const ROUND_MS = 10;

const [, , output] = process.argv;
const rows = [];
// What decoding makes, so that no engine can leave it out.
let sink;

for (const [workload, [type, value]] of Object.entries(workloads)) {
  const reference = libraries["@bufbuild/protobuf"];
  const expected = reference.encode(type, reference.prepare(type, value));
  const cases = Object.entries(libraries).map(([library, adapter]) => {
    const message = adapter.prepare(type, value);
    const bytes = adapter.encode(type, message);
    if (library !== "JSON") checkEqual(library, type, bytes, expected);
    return { library, type, message, bytes, adapter };
  });
  console.error(
    `${workload}: ${expected.length} bytes, ${cases.find(({ library }) => library === "JSON").bytes.length} as JSON`,
  );
  for (const operation of ["encode", "decode"]) {
    const runs = cases.map(({ library, type, message, bytes, adapter }) => {
      const run =
        operation === "encode"
          ? () => (sink = adapter.encode(type, message))
          : () => (sink = adapter.decode(type, bytes));
      return { library, run, times: [] };
    });
    for (let round = -5; round < ROUNDS; round++) {
      for (const { run, times } of runs) {
        const opsPerSecond = time(run);
        // The first rounds warm up.
        if (round >= 0) times.push(opsPerSecond);
      }
    }
    for (const { library, times } of runs) {
      rows.push({ workload, operation, library, opsPerSecond: Math.round(median(times)) });
    }
  }
}

writeFileSync(output, JSON.stringify(rows, null, 2) + "\n");

function time(run) {
  let count = 0;
  let batch = 1;
  const start = process.hrtime.bigint();
  for (;;) {
    for (let i = 0; i < batch; i++) run();
    count += batch;
    const elapsed = Number(process.hrtime.bigint() - start);
    if (elapsed >= ROUND_MS * 1e6) return (count * 1e9) / elapsed;
    batch = Math.min(batch * 2, 1000);
  }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** All must encode the same message: protobuf-es reads it and writes it again in its own order. */
function checkEqual(library, type, bytes, expected) {
  const reference = libraries["@bufbuild/protobuf"];
  const again = reference.encode(type, reference.decode(type, bytes));
  if (Buffer.compare(again, expected) !== 0) throw new Error(`${library} encodes another ${type}`);
}

export { sink };
