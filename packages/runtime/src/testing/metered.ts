import { connectChecks, type Check } from "../metering/connect.js";
import { meterModule } from "../metering/meter.js";
import { wasmApi, type WasmImports } from "../module/wasm-api.js";
import { wat } from "./wat.js";

const FEATURES = {
  bulk_memory: true,
  exceptions: true,
  multi_value: true,
  reference_types: true,
  simd: true,
  tail_call: true,
  threads: true,
  memory64: true,
  multi_memory: true,
};

/** wasm from its text format, with names and all that wabt knows besides the standard of 2019. */
export function watOfToday(text: string): Promise<Uint8Array> {
  return wat(text, FEATURES, true);
}

/** What a metered module is given at a time. */
const SLICE = 1 << 20;

/** An instance of a metered module with a budget. */
export class MeteredInstance {
  readonly exports: Readonly<Record<string, (...parameters: unknown[]) => unknown>>;
  /** What it asked with, each time: 0 or below. */
  readonly asked: number[] = [];
  private readonly fuel: { value: number };
  private readonly start: (() => void) | undefined;
  private left = 0;

  constructor(module: Uint8Array, imports: WasmImports = {}, check?: Check) {
    const { Instance, Module } = wasmApi();
    const { exports } = new Instance(new Module(meterModule("the plugin", module)), imports);
    this.exports = exports as typeof this.exports;
    const connected = connectChecks(exports, (fuel) => {
      this.asked.push(fuel);
      return check === undefined ? this.more(fuel) : check(fuel);
    });
    this.fuel = connected.fuel;
    this.start = connected.start;
  }

  private more(fuel: number): number {
    this.left += fuel;
    const slice = Math.max(0, Math.min(SLICE, this.left));
    this.left -= slice;
    return slice;
  }

  /** Runs with so many units; the start function if there is no name. */
  run(budget: number, name?: string, ...parameters: unknown[]): unknown {
    this.left = budget;
    this.fuel.value = this.more(0);
    if (name === undefined) return this.start?.();
    return this.exports[name]?.(...parameters);
  }

  /** Units that are left; below 0 if it has used more than it was given. */
  get rest(): number {
    return this.left + this.fuel.value;
  }
}
