import { ERRNO } from "./errno.js";
import type { WasiFunctions } from "./wasi-context.js";

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#sched_yield */
export function schedFunctions(): WasiFunctions {
  return {
    // There is one thread: nobody to yield to.
    sched_yield: () => ERRNO.SUCCESS,
  };
}
