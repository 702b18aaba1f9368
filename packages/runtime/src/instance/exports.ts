import { PluginLoadError } from "../errors/plugin-errors.js";
import { EXPORTS } from "../metering/added.js";
import { TABLE_ENTRY } from "../module/limit-memory.js";
import type { WasmMemory } from "../module/wasm-api.js";

/** Exports of the ABI that every plugin has. */
export interface AbiExports {
  readonly memory: WasmMemory;
  malloc(size: number): number;
  free(pointer: number): void;
}

type Exports = Readonly<Record<string, unknown>>;

/** wasm functions tell their number of parameters; the types are for the engine to check. */
function isFunction(value: unknown, parameters: number): value is (...args: number[]) => unknown {
  return typeof value === "function" && value.length === parameters;
}

/**
 * An exported function.
 *
 * @throws PluginLoadError, in go-plugin's words, if it is missing or takes other parameters.
 */
export function functionExport(
  exports: Exports,
  name: string,
  parameters: number,
): (...args: number[]) => unknown {
  const value = exports[name];
  if (typeof value !== "function") throw new PluginLoadError(`${name} is not exported`);
  if (!isFunction(value, parameters)) throw new PluginLoadError(`invalid ${name} signature`);
  return value;
}

/** The exports that pass memory to and fro. */
export function abiExports(exports: Exports): AbiExports {
  const malloc = functionExport(exports, "malloc", 1);
  const free = functionExport(exports, "free", 1);
  return {
    memory: memoryExport(exports),
    malloc: (size) => {
      const pointer = malloc(size);
      return typeof pointer === "number" ? pointer >>> 0 : 0;
    },
    free: (pointer) => void free(pointer),
  };
}

export function memoryExport(exports: Exports): WasmMemory {
  const memory = exports["memory"];
  if (typeof memory === "object" && memory !== null && "buffer" in memory) {
    return memory as WasmMemory;
  }
  throw new PluginLoadError("memory is not exported");
}

/** A table of wasm, as far as it is used. */
interface WasmTable {
  readonly length: number;
}

type Growing = WasmMemory | WasmTable;

/** Memories and tables that the plugin exports, each once. Under a limit of memory these are all that count. */
export function growingExports(exports: Exports): Growing[] {
  const growing = Object.entries(exports).flatMap(([name, value]) =>
    isGrowing(value) && name !== EXPORTS.check ? [value] : [],
  );
  return [...new Set(growing)];
}

/** In bytes. */
export function sizeOf(growing: Growing): number {
  return "buffer" in growing ? growing.buffer.byteLength : growing.length * TABLE_ENTRY;
}

function isGrowing(value: unknown): value is Growing {
  return typeof value === "object" && value !== null && "grow" in value;
}
