import { isInstance } from "../errors/is-instance.js";
import { propertyOf } from "../errors/property-of.js";
import { FileError, type FileSystem } from "../files/file-system.js";
import { GuestFault } from "../memory/guest-memory.js";
import { errnoOf } from "./errno.js";
import type { WasiFunction, WasiFunctions } from "./wasi-context.js";

/** What goes wrong in a file system is the plugin's to know: the functions answer its errno. */
export function answeringFileErrors(functions: WasiFunctions): WasiFunctions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, implementation]) => [
      name,
      answeringErrors(implementation),
    ]),
  );
}

function answeringErrors(implementation: WasiFunction): WasiFunction {
  return (...parameters) => {
    try {
      return implementation(...parameters);
    } catch (error) {
      if (isInstance(error, GuestFault) || !hasFileErrorCode(error)) throw error;
      return errnoOf(error);
    }
  };
}

/** Errors of Node's have a code too. What has none is a mistake of a file system, and the host's to know. */
function hasFileErrorCode(error: unknown): boolean {
  const code = propertyOf(error, "code");
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code);
}

/** @throws FileError if the plugin may not change the files */
export function mayChange<F extends FileSystem>(files: F): F {
  if (!files.writable) throw new FileError("EROFS", "");
  return files;
}
