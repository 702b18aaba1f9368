import { writeSizes, writeStrings } from "./strings.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#environ_get */
export function environFunctions({ memory, env }: WasiContext): WasiFunctions {
  const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return {
    environ_get: (environ: number, text: number) => writeStrings(memory, entries, environ, text),
    environ_sizes_get: (count: number, size: number) => writeSizes(memory, entries, count, size),
  };
}
