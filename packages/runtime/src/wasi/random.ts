import { ERRNO } from "./errno.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#random_get */
export function randomFunctions({ memory, fillRandom }: WasiContext): WasiFunctions {
  return {
    random_get(pointer: number, length: number) {
      const target = memory.slice(pointer, length);
      const bytes = new Uint8Array(target.length);
      fillRandom(bytes);
      target.set(bytes);
      return ERRNO.SUCCESS;
    },
  };
}
