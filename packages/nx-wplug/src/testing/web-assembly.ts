/** What the tests use of https://webassembly.github.io/spec/js-api/, which TypeScript declares only with the DOM. */
interface WebAssemblyApi {
  readonly Module: {
    new (bytes: Uint8Array): WasmModule;
    customSections(module: WasmModule, name: string): ArrayBuffer[];
    exports(module: WasmModule): { readonly name: string }[];
    imports(module: WasmModule): { readonly module: string; readonly name: string }[];
  };
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly RuntimeError: new () => Error;
}

/** A compiled module. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string;
}

export const WebAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
  .WebAssembly;
