import { wasmApi } from "../module/wasm-api.js";
import { MeteredInstance, watOfToday } from "../testing/metered.js";
import { randomProgram, STEP_COST } from "../testing/random-program.js";
import { UNPAID_MOST } from "./cost.js";

const PROGRAMS = 150;
const ENOUGH = 1e9;

type Exports = Readonly<Record<string, unknown>>;

/** What came of a call, and of all that the program keeps. */
function outcome(exports: Exports, call: () => unknown): unknown[] {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    result = error instanceof Error ? error.message : "exception of wasm";
  }
  const { buffer } = exports["memory"] as { buffer: ArrayBuffer };
  const memory = new Uint32Array(buffer).reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 0);
  return [result, memory, (exports["steps"] as { value: number }).value];
}

describe("random programs", () => {
  let isLong = 0;

  it(`do the same when they are metered, and pay for all that they do (${PROGRAMS})`, async () => {
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const module = await watOfToday(randomProgram(seed));
      const { Instance, Module } = wasmApi();
      const plain = new Instance(new Module(module), {}).exports;
      const metered = new MeteredInstance(module);
      for (const name of ["f0", "f1", "f4"]) {
        const before = (metered.exports["steps"] as unknown as { value: number }).value;
        const expected = outcome(plain, () => (plain[name] as (...p: number[]) => unknown)(5, 6));
        const actual = outcome(metered.exports, () => metered.run(ENOUGH, name, 5, 6));
        expect([seed, name, ...actual]).toEqual([seed, name, ...expected]);
        const steps = (expected[2] as number) - before;
        const used = ENOUGH - metered.rest;
        if (used + UNPAID_MOST < steps * STEP_COST) {
          throw new Error(`program ${seed}: ${name} took ${steps} steps and paid ${used}`);
        }
        if (steps > 1000) isLong++;
      }
    }
    // The programs are worth something.
    expect(isLong).toBeGreaterThan(PROGRAMS / 10);
  }, 60_000);
});
