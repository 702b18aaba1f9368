import { writeSizes, writeStrings } from "./strings.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#args_get */
export function argsFunctions({ memory, args }: WasiContext): WasiFunctions {
  return {
    args_get: (argv: number, text: number) => writeStrings(memory, args, argv, text),
    args_sizes_get: (count: number, size: number) => writeSizes(memory, args, count, size),
  };
}
