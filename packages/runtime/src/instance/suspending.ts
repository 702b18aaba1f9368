import { wasmApi } from "../module/wasm-api.js";

/**
 * Whether the engine can suspend a wasm call until a Promise is settled: JavaScript Promise Integration, in Node 24 and
 * in Chrome.
 *
 * https://github.com/WebAssembly/js-promise-integration
 */
export function canSuspend(): boolean {
  const { Suspending, promising } = wasmApi();
  return typeof Suspending === "function" && typeof promising === "function";
}

/** A host function in two parts: most calls need only the first. */
export interface SuspendingFunction {
  /** The answer, or the Promise that `end` is to wait for. */
  begin(pointer: number, size: number): bigint | PromiseLike<unknown>;
  end(promise: PromiseLike<unknown>): Promise<bigint>;
}

/** Says that there is a Promise to wait for. As an answer it would be beyond the end of the memory. */
const PENDING = -1n;

/**
 * An import that suspends the plugin only if there is something to wait for.
 *
 * The engine suspends a call whenever a `Suspending` function is called, and does not let it be called by exports that
 * are not `promising`. So the import is a function of wasm, which calls an ordinary function first:
 *
 *     (func (export "f") (param i32 i32) (result i64) (local i64)
 *       (if (result i64) (i64.eq (local.tee 2 (call $begin (local.get 0) (local.get 1))) (i64.const -1))
 *         (then (call $end)) (else (local.get 2))))
 */
export function suspendingImport(
  hostFunction: SuspendingFunction,
): (pointer: number, size: number) => bigint {
  const { Module, Instance, Suspending } = wasmApi();
  if (Suspending === undefined) throw new Error("the engine can't suspend wasm");
  let pending: PromiseLike<unknown> | undefined;
  const begin = (pointer: number, size: number): bigint => {
    const result = hostFunction.begin(pointer, size);
    if (typeof result === "bigint") return result;
    pending = result;
    return PENDING;
  };
  const end = (): Promise<bigint> => {
    const promise = pending ?? Promise.resolve();
    pending = undefined;
    return hostFunction.end(promise);
  };
  trampoline ??= new Module(TRAMPOLINE);
  const { exports } = new Instance(trampoline, { h: { b: begin, e: new Suspending(end) } });
  return exports["f"] as (pointer: number, size: number) => bigint;
}

let trampoline: object | undefined;

// prettier-ignore
const TRAMPOLINE = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  // Types: (i32, i32) -> i64, () -> i64.
  0x01, 0x0b, 0x02, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7e, 0x60, 0x00, 0x01, 0x7e,
  // Imports: h.b, h.e.
  0x02, 0x0d, 0x02, 0x01, 0x68, 0x01, 0x62, 0x00, 0x00, 0x01, 0x68, 0x01, 0x65, 0x00, 0x01,
  // One function of the first type, exported as f.
  0x03, 0x02, 0x01, 0x00,
  0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x02,
  0x0a, 0x19, 0x01, 0x17, 0x01, 0x01, 0x7e,
  0x20, 0x00, 0x20, 0x01, 0x10, 0x00, 0x22, 0x02, 0x42, 0x7f, 0x51,
  0x04, 0x7e, 0x10, 0x01, 0x05, 0x20, 0x02, 0x0b, 0x0b,
);
