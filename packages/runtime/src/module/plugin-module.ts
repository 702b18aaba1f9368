import { checkEngine } from "#platform";
import { PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { limitMemory, PAGE } from "./limit-memory.js";
import type { OciOptions } from "../options/oci-options.js";
import { readSource, UNNAMED, type ModuleSource } from "./plugin-source.js";
import { MEMORY_SECTION, readLimits, sectionReader, sectionsOf } from "./sections.js";
import { readUint32 } from "../messages/wire/reader.js";
import { checkSha256 } from "./sha256.js";
import { toolchainOf, type Toolchain } from "./producers.js";
import { wasmApi, type WasmModule } from "./wasm-api.js";

/** An import that a module needs. */
export interface PluginImport {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
}

/** Where a plugin comes from; also a module that is compiled already. */
export type PluginSource = ModuleSource | PluginModule;

/** Bytes. */
export interface MemorySize {
  readonly initial: number;
  /** undefined: 4 GiB, as much as there can be. */
  readonly maximum: number | undefined;
}

/** How the bytes of a plugin are changed before it runs. */
export interface Rewriting {
  /** Size to which its memory may grow, in bytes; undefined: as much as it says. */
  readonly memory: number | undefined;
  /** Makes it one that can be stopped in the thread that runs it; undefined: that is not needed. */
  readonly meter: Meter | undefined;
}

/** What makes modules ask the host whether they may go on. */
export interface Meter {
  meter(name: string, bytes: Uint8Array): Uint8Array;
  /** Where instructions of a metered module are in the module that it was made of. */
  offsets(name: string, bytes: Uint8Array): { original(offset: number): number };
}

/** What a module was made of. */
interface Origin {
  readonly module: PluginModule;
  readonly bytes: Uint8Array;
  readonly rewriting: Rewriting;
}

/** Options of `PluginModule.compile`. */
export interface CompileOptions {
  /** SHA-256 of the bytes in hexadecimal digits. Other bytes are refused. */
  readonly sha256?: string | undefined;
  /** How it is loaded if the source is in a registry: `oci://ghcr.io/acme/greeter:1.2`. */
  readonly oci?: OciOptions | undefined;
}

/** A compiled plugin: nothing of it runs. Any number of instances can be made of it. */
export class PluginModule {
  /** What errors call the plugin: its path or URL. */
  readonly name: string;
  readonly module: WasmModule;
  readonly toolchain: Toolchain;
  readonly imports: readonly PluginImport[];
  /** Kinds of the exports by name. */
  readonly exports: ReadonlyMap<string, string>;
  /** What it was compiled from, not to be changed; undefined if the source was compiled already. */
  readonly bytes: Uint8Array | undefined;
  /** Whether it asks the host for fuel. */
  readonly isMetered: boolean;
  private readonly origin: Origin | undefined;
  private readonly rewritten = new Map<string, Promise<PluginModule>>();

  private constructor(
    name: string,
    module: WasmModule,
    bytes?: Uint8Array,
    isMetered = false,
    origin?: Origin,
  ) {
    const { Module } = wasmApi();
    this.name = name;
    this.module = module;
    this.bytes = bytes;
    this.isMetered = isMetered;
    this.toolchain = toolchainOf(module);
    this.imports = Module.imports(module);
    this.origin = origin;
    // Those that the host has put in are not the plugin's.
    this.exports =
      origin?.module.exports ??
      new Map(Module.exports(module).map(({ name, kind }) => [name, kind]));
  }

  /**
   * Compiles a plugin.
   *
   * @throws PluginLoadError if the source can't be read, is no WebAssembly module, or not the one that `sha256` names.
   */
  static async compile(
    source: PluginSource,
    { sha256, oci }: CompileOptions = {},
  ): Promise<PluginModule> {
    checkEngine();
    if (source instanceof PluginModule) {
      if (sha256 !== undefined) await source.checkHash(sha256);
      return source;
    }
    if (isModule(source)) {
      if (sha256 !== undefined) throw hashless(UNNAMED);
      return new PluginModule(UNNAMED, source);
    }
    const { name, bytes, module, manifest } = await readSource(source, undefined, oci);
    if (sha256 !== undefined) await checkSha256(name, bytes, sha256, manifest);
    checkHeader(name, bytes);
    return new PluginModule(name, module ?? (await compileBytes(name, bytes)), bytes);
  }

  /** A module that was compiled in another thread. */
  static received(name: string, module: WasmModule, isMetered: boolean): PluginModule {
    return new PluginModule(name, module, undefined, isMetered);
  }

  /**
   * The same plugin with its bytes changed; this one if nothing is to be changed.
   *
   * @throws PluginLoadError if that can't be done, or the source was compiled already
   */
  async rewrite({ memory, meter }: Rewriting): Promise<PluginModule> {
    if (this.origin !== undefined) return this.origin.module.rewrite({ memory, meter });
    if (memory === undefined && meter === undefined) return this;
    const key = `${memory} ${meter !== undefined}`;
    let rewritten = this.rewritten.get(key);
    rewritten ??= this.compileRewritten({ memory, meter });
    this.rewritten.set(key, rewritten);
    return rewritten;
  }

  /**
   * Where something in a rewritten module is in the bytes that it was loaded from; undefined if it is not rewritten, or was
   * compiled in another thread.
   */
  originalOffsets(): ((offset: number) => number) | undefined {
    const { name, origin } = this;
    if (origin === undefined) return undefined;
    const { bytes, rewriting } = origin;
    const { memory, meter } = rewriting;
    const limited = memory === undefined ? bytes : limitMemory(name, bytes, memory);
    // What limits the memory lies before the code.
    const longer = limited.length - bytes.length;
    if (meter === undefined) return (offset) => offset - longer;
    const offsets = meter.offsets(name, limited);
    return (offset) => offsets.original(offset) - longer;
  }

  /** undefined if only the engine knows, as the source was compiled already, or if there is none. */
  memorySize(): MemorySize | undefined {
    const { bytes } = this;
    const section = bytes && sectionsOf(bytes).find(({ id }) => id === MEMORY_SECTION);
    if (bytes === undefined || section === undefined) return undefined;
    const reader = sectionReader(bytes, section);
    if (readUint32(reader) === 0) return undefined;
    const { minimum, maximum } = readLimits(reader);
    return {
      initial: Number(minimum) * PAGE,
      maximum: maximum === undefined ? undefined : Number(maximum) * PAGE,
    };
  }

  private async compileRewritten({ memory, meter }: Rewriting): Promise<PluginModule> {
    const { name, bytes } = this;
    if (bytes === undefined) {
      const what =
        memory === undefined
          ? "limits.time and limits.fuel in the host's thread need"
          : "limits.memory needs";
      throw new PluginLoadError(
        `${what} the bytes of ${name}: load it from a path, a URL or bytes, not from a WebAssembly.Module`,
      );
    }
    let patched = memory === undefined ? bytes : limitMemory(name, bytes, memory);
    if (meter !== undefined) patched = meter.meter(name, patched);
    const origin = { module: this, bytes, rewriting: { memory, meter } };
    const module = await compileBytes(name, patched);
    return new PluginModule(name, module, patched, meter !== undefined, origin);
  }

  private async checkHash(sha256: string): Promise<void> {
    if (this.origin !== undefined) return this.origin.module.checkHash(sha256);
    if (this.bytes === undefined) throw hashless(this.name);
    await checkSha256(this.name, this.bytes, sha256);
  }
}

async function compileBytes(name: string, bytes: Uint8Array): Promise<WasmModule> {
  try {
    return await wasmApi().compile(bytes);
  } catch (error) {
    throw new PluginLoadError(`${name} is not a valid WebAssembly module: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function hashless(name: string): PluginLoadError {
  return new PluginLoadError(
    `sha256 needs the bytes of ${name}: load it from a path, a URL or bytes, not from a WebAssembly.Module`,
  );
}

function isModule(source: ModuleSource): source is WasmModule {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

/** The engine would say `expected magic word 00 61 73 6d`. */
function checkHeader(name: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw new PluginLoadError(`${name} is empty, not a WebAssembly module`);
  const header = String.fromCharCode(...bytes.subarray(0, 8));
  if (!"\0asm".startsWith(header.slice(0, 4))) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
    throw new PluginLoadError(
      `${name} is not a WebAssembly module: it begins with the bytes ${start.join(" ")}, not 00 61 73 6d`,
    );
  }
  if (bytes.length < 8) throw new PluginLoadError(`${name} is a cut-off WebAssembly module`);
  if (header.endsWith("\x0d\0\x01\0")) {
    throw new PluginLoadError(
      `${name} is a WebAssembly component; a plugin is a core module, as wplug and go-plugin build it`,
    );
  }
}
