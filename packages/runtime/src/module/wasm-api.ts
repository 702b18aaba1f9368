/**
 * The part of the WebAssembly JavaScript interface that the runtime uses. TypeScript declares it only together with
 * the whole DOM, which a Node project has no reason to load.
 *
 * https://webassembly.github.io/spec/js-api/
 */

/** A compiled module: `WebAssembly.Module`. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export type WasmImports = Record<string, Record<string, unknown>>;

interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

type ExternKind = "function" | "global" | "memory" | "table" | "tag";

export interface WasmApi {
  readonly Module: {
    new (bytes: Uint8Array): WasmModule;
    customSections(module: WasmModule, name: string): ArrayBuffer[];
    exports(module: WasmModule): { readonly name: string; readonly kind: ExternKind }[];
    imports(
      module: WasmModule,
    ): { readonly module: string; readonly name: string; readonly kind: ExternKind }[];
  };
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  compileStreaming?(response: unknown): Promise<WasmModule>;
  /** With a module as first argument, the promise is of the instance. */
  instantiate(module: WasmModule, imports: WasmImports): Promise<WasmInstance>;
  /** Makes an import that suspends the wasm that calls it. Missing where engines lack it. */
  readonly Suspending?: new (hostFunction: () => Promise<unknown>) => object;
  /** Makes an export into one that can be suspended. */
  promising?(wasmFunction: unknown): (...parameters: number[]) => Promise<unknown>;
}

/** The engine's interface, found when first needed: an engine without it can still use the wire format. */
export function wasmApi(): WasmApi {
  return (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;
}
