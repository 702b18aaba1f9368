import { PluginLoadError } from "../errors/plugin-errors.js";
import { functionExport, memoryExport } from "../instance/exports.js";
import { checkImports } from "../instance/imports.js";
import { trapError } from "../instance/trap.js";
import { PluginModule, type PluginSource } from "../module/plugin-module.js";
import { WASI_MODULE } from "../module/wasi-module.js";
import { wasmApi } from "../module/wasm-api.js";
import type { Limits } from "../options/limits.js";
import type { LoadOptions } from "../options/load-options.js";
import { ExitSignal } from "../wasi/exit-signal.js";
import { wasiImports } from "../wasi/preview1.js";
import { Sandbox, type SandboxOptions } from "../wasi/sandbox.js";
import { checkOptions } from "./check-options.js";

/** How a program is run. It gets nothing that is not named here: no files, no environment, no network. */
export interface RunOptions extends SandboxOptions, Pick<LoadOptions, "sha256"> {
  /** `memory` as for plugins, and `output`: most bytes on stdout and stderr together. */
  readonly limits?: Pick<Limits, "memory" | "output"> | undefined;
}

/**
 * Runs a program of WASI preview 1, a "command" with `_start`, in the sandbox of plugins: what compilers make of a `main`
 * in C, Rust, Go.
 *
 * It runs in the thread that calls, which is free again when the program has ended: nothing interrupts it.
 *
 * @returns the exit code: what `main` returned or the program ended itself with; 0 if neither
 * @throws PluginLoadError if the source is no such program; PluginTrapError if it traps, `abort()` included;
 * PluginLimitError if it goes beyond a limit; HostFunctionError if the host's own output fails
 */
export async function runProgram(source: PluginSource, options: RunOptions = {}): Promise<number> {
  const { limits = {} } = options;
  checkOptions(options);
  checkLimits(limits);
  const compiled = await PluginModule.compile(source, { sha256: options.sha256 });
  checkProgram(compiled);
  const module = await compiled.rewrite({ memory: limits.memory, meter: undefined });

  const sandbox = new Sandbox(options);
  const { memory } = sandbox;
  // wasm can catch what an import throws: the first failure counts all the same.
  let failure: { readonly error: unknown } | undefined;
  const imported = module.imports.map(({ name }) => name);
  const wasi = wasiImports(sandbox.context(), imported, (error) => {
    failure ??= { error };
  });

  let exports: Readonly<Record<string, unknown>> = {};
  try {
    ({ exports } = await wasmApi().instantiate(module.module, { [WASI_MODULE]: wasi }));
    memory.attach(memoryExport(exports));
    functionExport(exports, "_start", 0)();
  } catch (error) {
    failure ??= { error };
  }
  try {
    if (failure === undefined) return 0;
    if (failure.error instanceof ExitSignal) return failure.error.code;
    throw trapError(failure.error, {
      action: module.name,
      exports,
      memory,
      memoryLimit: limits.memory,
      stderr: sandbox.stderrLines(),
    });
  } finally {
    sandbox.close();
  }
}

/** @throws PluginLoadError for one that would not hold */
function checkLimits(limits: Limits): void {
  const given = Object.entries(limits).find(([name, value]) => {
    return value !== undefined && name !== "memory" && name !== "output";
  });
  if (given === undefined) return;
  throw new PluginLoadError(
    `limits.${given[0]} is for plugins: runProgram holds limits.memory and limits.output, and nothing interrupts it`,
  );
}

/** @throws PluginLoadError */
function checkProgram(module: PluginModule): void {
  checkImports(module, []);
  if (module.exports.get("_start") !== "function") {
    throw new PluginLoadError(
      `${module.name} is no program: it does not export _start, as a command of WASI does`,
    );
  }
}
