import { readFile } from "#platform";
import { PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { isBytes } from "../messages/wire/js-value.js";
import { wasmApi, type WasmModule } from "./wasm-api.js";

/** A `Response` of `fetch`, as far as it is used. */
export interface ResponseSource {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly headers?: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
  clone?(): object;
}

/**
 * Where a plugin comes from: a path or URL as text, a URL, the bytes, a response of `fetch`, or a module that is
 * compiled already. A relative path is resolved against the current directory, in a browser against the page.
 */
export type ModuleSource = string | URL | Uint8Array | ArrayBuffer | ResponseSource | WasmModule;

export interface SourceBytes {
  /** What errors call the plugin: its path or URL. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the engine made of them while they arrived, if it did that. */
  readonly module?: WasmModule | undefined;
}

/** What errors call a plugin that came without a name. */
export const UNNAMED = "the plugin";

/**
 * The bytes behind a source that is not a module yet.
 *
 * @throws PluginLoadError if they can't be read.
 */
export async function readSource(source: Exclude<ModuleSource, WasmModule>): Promise<SourceBytes> {
  if (typeof source === "string") return readNamed(source);
  if (typeof source !== "object" || source === null) throw noSource();
  if (isUrl(source)) return readNamed(source);
  if (isBytes(source)) return { name: UNNAMED, bytes: source };
  if (isArrayBuffer(source)) return { name: UNNAMED, bytes: new Uint8Array(source) };
  if (isResponse(source)) return readResponse(source);
  throw noSource();
}

function noSource(): PluginLoadError {
  return new PluginLoadError(
    "a plugin is loaded from a path, a URL, bytes, a Response or a WebAssembly.Module",
  );
}

async function readNamed(source: string | URL): Promise<SourceBytes> {
  const name = String(source);
  try {
    if (/^https?:/i.test(name)) return await readResponse(await fetch(name));
    const file = /^file:/i.test(name) ? new URL(name) : source;
    return { name, bytes: await readFile(file) };
  } catch (error) {
    if (error instanceof PluginLoadError) throw error;
    throw new PluginLoadError(`can't read ${name}: ${readProblem(error)}`, { cause: error });
  }
}

async function readResponse(response: ResponseSource): Promise<SourceBytes> {
  const name = response.url === "" ? UNNAMED : response.url;
  if (!response.ok) {
    throw new PluginLoadError(`can't read ${name}: HTTP status ${response.status}`);
  }
  const [module, buffer] = await Promise.all([compileStreaming(response), response.arrayBuffer()]);
  return { name, bytes: new Uint8Array(buffer), module };
}

/** undefined if the engine can't, or if the bytes are no module: then they are looked at when all are there. */
async function compileStreaming(response: ResponseSource): Promise<WasmModule | undefined> {
  const { compileStreaming: compile } = wasmApi();
  const isWasm = /^application\/wasm\b/i.test(response.headers?.get("content-type") ?? "");
  if (compile === undefined || !isWasm || response.clone === undefined) return undefined;
  try {
    return await compile(response.clone());
  } catch {
    return undefined;
  }
}

function readProblem(error: unknown): string {
  const isObject = typeof error === "object" && error !== null;
  switch (isObject && "code" in error ? error.code : undefined) {
    case "ENOENT":
      return "there is no such file (was the plugin built?)";
    case "EISDIR":
      return "it is a folder";
    default:
      return reasonOf(error);
  }
}

export function isUrl(value: object): value is URL {
  return "href" in value && "protocol" in value;
}

function isArrayBuffer(value: object): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

function isResponse(value: object): value is ResponseSource {
  return "arrayBuffer" in value && "status" in value;
}
