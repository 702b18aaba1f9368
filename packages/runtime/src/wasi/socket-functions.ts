import { ERRNO } from "./errno.js";
import { answeringFileErrors } from "./file-errors.js";
import type { WasiContext, WasiFunctions } from "./wasi-context.js";

/**
 * There are no sockets: no descriptor is one.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#sock_accept
 */
export function socketFunctions({ descriptors }: WasiContext): WasiFunctions {
  const notSocket = (fd: number): number => {
    descriptors.need(fd);
    return ERRNO.NOTSOCK;
  };
  return answeringFileErrors({
    sock_accept: notSocket,
    sock_recv: notSocket,
    sock_send: notSocket,
    sock_shutdown: notSocket,
  });
}
