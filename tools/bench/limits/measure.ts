import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectChecks } from "../../../packages/runtime/src/metering/connect";
import { meterModule } from "../../../packages/runtime/src/metering/meter";
import { inTurn } from "../in-turn.mjs";

/** What each kernel gets, so that it takes some milliseconds. */
const SIZES = {
  fib: 28,
  hash: 20,
  sieve: 6,
  matmul: 5,
  mandel: 150,
  sort: 150_000,
  strings: 100_000,
};
const WARM_UP = 3;
const ROUNDS = 15;
const LOADS = 40;
/** What a metered module is given each time that it asks, as a limit of time would. */
const SLICE = 1 << 20;

type Exports = Record<string, (size: number) => number> & { memory: { buffer: ArrayBuffer } };

const [folder = "", results = "", ...languages] = process.argv.slice(2);

/** As much of WASI as a start needs: clocks, no arguments, no variables, no files. */
function wasiOf(exports: () => Exports): object {
  const view = (): DataView => new DataView(exports().memory.buffer);
  const BAD_DESCRIPTOR = 8;
  const functions: Record<string, (...parameters: number[]) => number> = {
    clock_time_get: (_clock, _precision, at = 0) => {
      view().setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true);
      return 0;
    },
    fd_prestat_get: () => BAD_DESCRIPTOR,
  };
  for (const name of ["args_sizes_get", "environ_sizes_get"]) {
    functions[name] = (count = 0, size = 0) => {
      view().setUint32(count, 0, true);
      view().setUint32(size, 0, true);
      return 0;
    };
  }
  return new Proxy(functions, { get: (all, name: string) => all[name] ?? (() => 0) });
}

function start(module: Uint8Array<ArrayBuffer>, isMetered: boolean): Exports {
  const imports = { wasi_snapshot_preview1: wasiOf(() => exports), env: { abort: () => {} } };
  const instance = new WebAssembly.Instance(
    new WebAssembly.Module(module),
    imports as unknown as WebAssembly.Imports,
  );
  const exports = instance.exports as unknown as Exports;
  if (isMetered) {
    // The clock is what a limit of time looks at.
    const { fuel, start } = connectChecks(exports, () => (performance.now() > 0 ? SLICE : 0));
    fuel.value = SLICE;
    start?.();
  }
  exports["_initialize"]?.(0);
  return exports;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}

async function milliseconds(action: () => unknown): Promise<number> {
  const begin = performance.now();
  await action();
  return performance.now() - begin;
}

const kernels: object[] = [];
const loads: object[] = [];
for (const language of languages) {
  const module = new Uint8Array(readFileSync(join(folder, `${language}.wasm`)));
  const metered = meterModule(language, module) as Uint8Array<ArrayBuffer>;
  const subjects = [
    { name: "plain", exports: start(module, false) },
    { name: "metered", exports: start(metered, true) },
  ];
  for (const [kernel, size] of Object.entries(SIZES)) {
    const times: Record<string, number[]> = { plain: [], metered: [] };
    const answers = new Set<number | undefined>();
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      for (const { name, exports } of inTurn(subjects, round)) {
        const time = await milliseconds(() => answers.add(exports[kernel]?.(size)));
        if (round >= WARM_UP) times[name]?.push(time);
      }
    }
    if (answers.size !== 1) throw new Error(`${kernel} in ${language}: ${[...answers].join(", ")}`);
    const { plain = [], metered = [] } = times;
    kernels.push({ language, kernel, plain: median(plain), metered: median(metered) });
  }
  const rewrites: number[] = [];
  const compilations: [number[], number[]] = [[], []];
  for (let i = 0; i < LOADS; i++) {
    rewrites.push(await milliseconds(() => meterModule(language, module)));
    compilations[0].push(await milliseconds(() => WebAssembly.compile(module)));
    compilations[1].push(await milliseconds(() => WebAssembly.compile(metered)));
  }
  const [plain, rewritten] = compilations.map(median);
  const sizes = { bytes: module.length, meteredBytes: metered.length };
  loads.push({ language, ...sizes, rewrite: median(rewrites), plain, metered: rewritten });
}
writeFileSync(results, JSON.stringify({ kernels, loads }, undefined, 2));
