import { wasmApi } from "../module/wasm-api.js";
import { ASK, ASK_SUSPENDING, EXPORTS } from "./added.js";

/**
 * Answers a metered module that has used up its fuel.
 *
 * @param fuel what is left: below 0, what it has used beyond
 * @returns units that it may go on with; 0 to end it by a trap; `SUSPEND` to be asked again by way of the second function
 */
export type Check = (fuel: number) => number;
/** As `Check`, but the module is suspended until the promise is settled. A rejection goes through the module: answer 0. */
export type SuspendingCheck = (fuel: number) => Promise<number>;

/** What the host uses of an instance of a metered module. */
export interface Metered {
  /** Units that are left. */
  readonly fuel: { value: number };
  /** Runs what the start section named; undefined if there was none. */
  readonly start: (() => void) | undefined;
}

/**
 * Connects an instance of a metered module with what answers it. It has no fuel yet.
 *
 * @param suspending where the engine can suspend wasm
 */
export function connectChecks(
  exports: Readonly<Record<string, unknown>>,
  check: Check,
  suspending?: SuspendingCheck,
): Metered {
  const { Suspending } = wasmApi();
  const table = exports[EXPORTS.check] as { set(index: number, entry: unknown): void };
  table.set(ASK, wasmFunction(check));
  if (suspending !== undefined && Suspending !== undefined) {
    table.set(ASK_SUSPENDING, wasmFunction(new Suspending(suspending as () => Promise<number>)));
  }
  return {
    fuel: exports[EXPORTS.fuel] as { value: number },
    start: exports[EXPORTS.start] as (() => void) | undefined,
  };
}

/**
 * A module that imports a.a, a function of i32 to i32, and exports one that calls it: tables take no functions of JavaScript.
 *
 * (module (import "a" "a" (func (param i32) (result i32))) (func (export "a") (param i32) (result i32) local.get 0 call 0))
 */
const CALLER = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
  ...[2, 7, 1, 1, 0x61, 1, 0x61, 0, 0],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x61, 0, 1],
  ...[10, 8, 1, 6, 0, 0x20, 0, 0x10, 0, 0x0b],
);
let caller: object | undefined;

function wasmFunction(hostFunction: unknown): unknown {
  const { Module, Instance } = wasmApi();
  caller ??= new Module(CALLER);
  return new Instance(caller, { a: { a: hostFunction } }).exports["a"];
}
