import { propertyOf } from "../errors/property-of.js";

/**
 * The error numbers in use.
 *
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno
 */
export const ERRNO = {
  SUCCESS: 0,
  ACCES: 2,
  BADF: 8,
  BUSY: 10,
  EXIST: 20,
  FAULT: 21,
  FBIG: 22,
  ILSEQ: 25,
  INVAL: 28,
  IO: 29,
  ISDIR: 31,
  LOOP: 32,
  MFILE: 33,
  MLINK: 34,
  NAMETOOLONG: 37,
  NFILE: 41,
  NOENT: 44,
  NOSPC: 51,
  NOSYS: 52,
  NOTDIR: 54,
  NOTEMPTY: 55,
  NOTSOCK: 57,
  NOTSUP: 58,
  PERM: 63,
  ROFS: 69,
  SPIPE: 70,
  XDEV: 75,
  NOTCAPABLE: 76,
} as const;

/** The number for an error of a file system. */
export function errnoOf(error: unknown): number {
  const code = propertyOf(error, "code");
  if (typeof code !== "string" || !code.startsWith("E")) return ERRNO.IO;
  const name = code.slice(1);
  return Object.hasOwn(ERRNO, name) ? ERRNO[name as keyof typeof ERRNO] : ERRNO.IO;
}
