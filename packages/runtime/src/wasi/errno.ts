/**
 * The error numbers in use.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno
 */
export const ERRNO = {
  SUCCESS: 0,
  BADF: 8,
  FAULT: 21,
  INVAL: 28,
  NOSYS: 52,
  SPIPE: 70,
} as const;
