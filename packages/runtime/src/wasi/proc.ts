import { ExitSignal } from "./exit-signal.js";
import type { WasiFunctions } from "./wasi-context.js";

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#proc_exit */
export function procFunctions(): WasiFunctions {
  return {
    proc_exit(code: number) {
      throw new ExitSignal(code >>> 0);
    },
  };
}
