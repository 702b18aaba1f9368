/** Times the libraries of `libraries.mjs` and the modules of `wasm.mjs`: `node measure.mjs RESULTS MODULE...` */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

import { workloads } from "./data.mjs";
import { isEqual, libraries } from "./libraries.mjs";
import { compare } from "./rounds.mjs";

const [, , output, ...modules] = process.argv;
const reference = libraries["@bufbuild/protobuf"];
const rows = [];
// What decoding makes, so that no engine can leave it out.
let sink;

const instances = modules.map((path) => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)));
  exports._initialize();
  return { library: decodeURIComponent(basename(path, ".wasm")), exports };
});

for (const [workload, [type, value]] of Object.entries(workloads)) {
  const expected = reference.of(type).encode(reference.prepare(type, value));
  const cases = Object.entries(libraries).map(([library, adapter]) => {
    const message = adapter.prepare(type, value);
    const { encode, decode } = adapter.of(type);
    const bytes = encode(message);
    if (library !== "JSON") checkEqual(library, type, bytes, expected);
    return { library, message, bytes, encode, decode };
  });
  console.error(
    `${workload}: ${expected.length} bytes, ${
      cases.find(({ library }) => library === "JSON").bytes.length
    } as JSON`,
  );
  const encoders = cases.map(({ library, message, encode }) => ({
    library,
    run: (times) => {
      for (let i = 0; i < times; i++) sink = encode(message);
    },
  }));
  const decoders = cases.map(({ library, bytes, decode }) => ({
    library,
    run: (times) => {
      for (let i = 0; i < times; i++) sink = decode(bytes);
    },
  }));
  for (const { library, exports } of instances) {
    // Where the input goes first: asking for it may grow the memory.
    const input = exports.input(expected.length);
    new Uint8Array(exports.memory.buffer, input).set(expected);
    exports[`${workload}_decode`](1);
    const size = exports[`${workload}_encode`](1);
    const bytes = new Uint8Array(exports.memory.buffer, exports.result(), size);
    checkEqual(library, type, bytes, expected);
  }
  const inModules = (operation) =>
    instances.map(({ library, exports }) => ({
      library,
      run: exports[`${workload}_${operation}`],
    }));
  for (const [operation, runs] of [
    ["encode", encoders],
    ["encode", inModules("encode")],
    ["decode", decoders],
    ["decode", inModules("decode")],
  ]) {
    for (const [library, opsPerSecond] of compare(runs)) {
      rows.push({ workload, operation, library, opsPerSecond });
    }
  }
}

writeFileSync(output, JSON.stringify(rows, null, 2) + "\n");

/** All must encode the same message; the order of map entries is free. */
function checkEqual(library, type, bytes, expected) {
  if (!isEqual(type, bytes, expected)) throw new Error(`${library} encodes another ${type}`);
}

export { sink };
