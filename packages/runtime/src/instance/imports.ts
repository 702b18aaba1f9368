import type { HostFunction } from "../descriptors/host-function.js";
import type { HostFunctionName } from "../descriptors/service-descriptor.js";
import { PluginLoadError } from "../errors/plugin-errors.js";
import type { PluginModule } from "../module/plugin-module.js";
import { WASI_MODULE } from "../module/wasi-module.js";
import type { WasmImports } from "../module/wasm-api.js";
import { wasiImports } from "../wasi/preview1.js";
import type { WasiContext } from "../wasi/wasi-context.js";
import { type HostCaller, hostImport } from "./host-import.js";

interface Provided {
  readonly module: string;
  readonly name: string;
}

/** The imports that neither WASI nor a host function provides, as `module.name`. */
export function unknownImports(module: PluginModule, provided: readonly Provided[]): string[] {
  const unknown = module.imports.filter((needed) => {
    if (needed.kind !== "function") return true;
    if (needed.module === WASI_MODULE) return false;
    return !provided.some((f) => f.module === needed.module && f.name === needed.name);
  });
  return [...new Set(unknown.map(({ module, name }) => `${module}.${name}`))];
}

/**
 * The text of the error for an unknown import.
 *
 * @param known host functions of the contract
 */
export function unknownImportProblem(name: string, known: readonly HostFunctionName[]): string {
  return `plugin imports ${importWithRpc(name, known)}, which the host does not provide`;
}

/** A wasm import, and what it is called in the contract: `env.http_get (browser.v1.Web.HttpGet)`. */
export function importWithRpc(wanted: string, known: readonly HostFunctionName[]): string {
  const rpc = known.find(({ module, name }) => `${module}.${name}` === wanted)?.rpc;
  return rpc === undefined ? wanted : `${wanted} (${rpc})`;
}

/** @throws PluginLoadError that names the imports which neither WASI nor a host function provides */
export function checkImports(module: PluginModule, provided: readonly Provided[]): void {
  const unknown = unknownImports(module, provided);
  if (unknown.length === 0) return;
  const problems = unknown.map((name) => unknownImportProblem(name, []));
  throw new PluginLoadError(`${problems.join(", ")} (${module.name})`);
}

/** What an instance is given: WASI and the host functions that it asks for. */
export function createImports(
  module: PluginModule,
  wasi: WasiContext,
  host: readonly HostFunction[],
  caller: HostCaller,
): WasmImports {
  const imports: WasmImports = {};
  const wasiNames = module.imports.filter((i) => i.module === WASI_MODULE).map((i) => i.name);
  if (wasiNames.length > 0)
    imports[WASI_MODULE] = wasiImports(wasi, wasiNames, (error) => caller.failed(error));
  for (const hostFunction of host) {
    const functions = (imports[hostFunction.module] ??= {});
    functions[hostFunction.name] = hostImport(hostFunction, caller);
  }
  return imports;
}
