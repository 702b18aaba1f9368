/** What is used of https://webassembly.github.io/spec/js-api/, which TypeScript declares only with the DOM. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(
    module: WasmModule,
    imports: WasmImports,
  ): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
  readonly Module: {
    imports(module: WasmModule): { readonly module: string; readonly name: string }[];
  };
  readonly RuntimeError: new () => Error;
}

/** A compiled module. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export type WasmImports = Record<string, Record<string, unknown>>;

export const WebAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
  .WebAssembly;
