import { engine } from "../platform/engine.js";

/** The first descriptor that can be a directory: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1 */
const FIRST_DIRECTORY = 3;
const ERRORS: Readonly<Record<number, string>> = {
  2: "permission denied",
  31: "it is a directory",
  44: "no such file",
  54: "there is a file where a directory should be",
  63: "permission denied",
  69: "it is to read only",
  76: "permission denied",
};

/**
 * The bytes of a file in a directory that the host offers (`LoadOptions.files`).
 *
 * @throws Error if there is no such file
 */
export function readFile(path: string): Uint8Array {
  const { directory, rest } = locate(path);
  const result = engine?.readFile(directory, rest) ?? 44;
  if (typeof result !== "number") return result;
  throw fileError("read", path, result);
}

/** Likewise the text of a file in UTF-8. */
export function readTextFile(path: string): string {
  const bytes = readFile(path);
  const text = engine?.utf8Read(bytes, 0, bytes.length);
  if (text === undefined) throw new Error(`can't read ${path}: it is no UTF-8`);
  return text;
}

/**
 * Writes a file in a directory that the host offers. What it had before is lost.
 *
 * @throws Error if it can't be written
 */
export function writeFile(path: string, bytes: Uint8Array): void {
  const { directory, rest } = locate(path);
  const result = engine?.writeFile(directory, rest, bytes) ?? 44;
  if (result !== 0) throw fileError("write", path, result);
}

/** Likewise a text in UTF-8. */
export function writeTextFile(path: string, text: string): void {
  writeFile(path, new TextEncoder().encode(text));
}

function fileError(verb: "read" | "write", path: string, errno: number): Error {
  return new Error(`can't ${verb} ${path}: ${ERRORS[errno] ?? `error ${errno} of WASI`}`);
}

/** The directory of the host with the longest name that the path begins with. */
function locate(path: string): { readonly directory: number; readonly rest: string } {
  let found:
    | { readonly directory: number; readonly rest: string; readonly length: number }
    | undefined;
  const wanted = path.replace(/^(\.\/)+/, "");
  for (let directory = FIRST_DIRECTORY; ; directory++) {
    const name = engine?.preopen(directory);
    if (name === undefined) break;
    const prefix = name === "." ? "" : name.endsWith("/") ? name : `${name}/`;
    if (wanted.startsWith(prefix) && prefix.length >= (found?.length ?? 0)) {
      found = { directory, rest: wanted.slice(prefix.length) || ".", length: prefix.length };
    }
  }
  if (found === undefined) {
    throw new Error(`${path}: the host offers no directory that it is in`);
  }
  return found;
}
