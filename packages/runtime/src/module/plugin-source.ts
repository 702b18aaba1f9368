import { readFile } from "#platform";
import { PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import type { OciOptions } from "../options/oci-options.js";
import { concat } from "../messages/wire/concat.js";
import { isBytes } from "../messages/wire/js-value.js";
import { wasmApi, type WasmModule } from "./wasm-api.js";

/** A `Response` of `fetch`, as far as it is used. */
export interface ResponseSource {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly headers?: { get(name: string): string | null };
  /** Read in parts where there is one, which is how limits are kept. */
  readonly body?: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
  arrayBuffer(): Promise<ArrayBuffer>;
  clone?(): object;
}

/**
 * Where a plugin comes from: a path or URL as text (of a registry, too: `oci://ghcr.io/acme/greeter:1.2`), a URL, the bytes, a response of `fetch`, or a module that is
 * compiled already. A relative path is resolved against the current directory, in a browser against the page.
 */
export type ModuleSource = string | URL | Uint8Array | ArrayBuffer | ResponseSource | WasmModule;

export interface SourceBytes {
  /** What errors call the plugin: its path or URL. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the engine made of them while they arrived, if it did that. */
  readonly module?: WasmModule | undefined;
  /** Of one that came from a registry: the digest of its manifest, `sha256:…`. */
  readonly manifest?: string | undefined;
}

/** How long and how large what comes over the network may be. */
export interface DownloadLimits {
  /** Milliseconds in which nothing comes. */
  readonly idle: number;
  /** Bytes. */
  readonly size: number;
}

const DEFAULT_LIMITS: DownloadLimits = { idle: 30_000, size: 512 << 20 };

/** What errors call a plugin that came without a name. */
export const UNNAMED = "the plugin";

/**
 * The bytes behind a source that is not a module yet.
 *
 * @throws PluginLoadError if they can't be read.
 */
export async function readSource(
  source: Exclude<ModuleSource, WasmModule>,
  limits: DownloadLimits = DEFAULT_LIMITS,
  oci?: OciOptions,
): Promise<SourceBytes> {
  if (typeof source === "string") return readNamed(source, limits, oci);
  if (typeof source !== "object" || source === null) throw noSource();
  if (isUrl(source)) return readNamed(source, limits, oci);
  // A copy: what was looked at, hashed say, must be what is compiled, also the second time.
  if (isBytes(source)) return { name: UNNAMED, bytes: Uint8Array.prototype.slice.call(source) };
  if (isArrayBuffer(source)) return { name: UNNAMED, bytes: new Uint8Array(source.slice(0)) };
  if (isResponse(source)) return readResponse(source, limits);
  throw noSource();
}

function noSource(): PluginLoadError {
  return new PluginLoadError(
    "a plugin is loaded from a path, a URL, bytes, a Response or a WebAssembly.Module",
  );
}

async function readNamed(
  source: string | URL,
  limits: DownloadLimits,
  oci: OciOptions | undefined,
): Promise<SourceBytes> {
  const name = String(source);
  if (/^oci:/i.test(name)) {
    // Loaded where it is needed: most plugins are files.
    const { pullPlugin } = await import("#oci");
    return pullPlugin(name, oci);
  }
  // Closes the connection, whoever still reads from it.
  const abort = new AbortController();
  try {
    if (/^https?:/i.test(name)) {
      const response = await inTime(fetch(name, { signal: abort.signal }), name, limits);
      return await readResponse(response, limits);
    }
    const file = /^file:/i.test(name) ? new URL(name) : source;
    return { name, bytes: await readFile(file) };
  } catch (error) {
    abort.abort();
    if (error instanceof PluginLoadError) throw error;
    throw new PluginLoadError(`can't read ${name}: ${readProblem(error)}`, { cause: error });
  }
}

async function readResponse(
  response: ResponseSource,
  limits: DownloadLimits,
): Promise<SourceBytes> {
  const name = response.url === "" ? UNNAMED : response.url;
  if (!response.ok) {
    throw new PluginLoadError(`can't read ${name}: HTTP status ${response.status}`);
  }
  const [module, bytes] = await Promise.all([
    compileStreaming(response),
    readBody(name, response, limits),
  ]);
  return { name, bytes, module };
}

async function readBody(
  name: string,
  response: ResponseSource,
  limits: DownloadLimits,
): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(await response.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), name, limits);
      if (done || value === undefined) break;
      size += value.length;
      if (size > limits.size) {
        throw new PluginLoadError(`${name} has more than ${limits.size} bytes: no plugin has`);
      }
      chunks.push(value);
    }
  } catch (error) {
    // Also what the engine compiles while it arrives.
    reader.cancel().catch(() => {});
    throw error;
  }
  return concat(chunks);
}

/** @throws PluginLoadError if it takes longer than nothing may come */
async function inTime<T>(promise: Promise<T>, name: string, { idle }: DownloadLimits): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new PluginLoadError(`can't read ${name}: nothing came for ${idle} ms`)),
      idle,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
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
