import { checkEngine } from "#platform";
import { PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { readSource, UNNAMED, type ModuleSource } from "./plugin-source.js";
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

/** A compiled plugin: nothing of it runs. Any number of instances can be made of it. */
export class PluginModule {
  /** What errors call the plugin: its path or URL. */
  readonly name: string;
  readonly module: WasmModule;
  readonly toolchain: Toolchain;
  readonly imports: readonly PluginImport[];
  /** Kinds of the exports by name. */
  readonly exports: ReadonlyMap<string, string>;

  private constructor(name: string, module: WasmModule) {
    const { Module } = wasmApi();
    this.name = name;
    this.module = module;
    this.toolchain = toolchainOf(module);
    this.imports = Module.imports(module);
    this.exports = new Map(Module.exports(module).map(({ name, kind }) => [name, kind]));
  }

  /**
   * Compiles a plugin.
   *
   * @throws PluginLoadError if the source can't be read or is no WebAssembly module.
   */
  static async compile(source: PluginSource): Promise<PluginModule> {
    checkEngine();
    if (source instanceof PluginModule) return source;
    if (isModule(source)) return new PluginModule(UNNAMED, source);
    const { name, bytes } = await readSource(source);
    checkHeader(name, bytes);
    try {
      return new PluginModule(name, await wasmApi().compile(bytes));
    } catch (error) {
      throw new PluginLoadError(`${name} is not a valid WebAssembly module: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }
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
