import type { PluginModule } from "../module/plugin-module.js";
import { WASI_MODULE } from "../module/wasi-module.js";
import { wasmApi } from "../module/wasm-api.js";
import { WplugError } from "../errors/wplug-error.js";
import type { Limits } from "../options/limits.js";
import { ExitSignal } from "../wasi/exit-signal.js";
import { wasiImports } from "../wasi/preview1.js";
import { Sandbox, type SandboxOptions } from "../wasi/sandbox.js";
import { CallLimits } from "./call-limits.js";
import { functionExport, memoryExport } from "./exports.js";
import { correctStack } from "./original-stack.js";
import { trapError } from "./trap.js";

/** What a program runs with, wherever it runs. */
export interface ProgramOptions extends SandboxOptions {
  readonly limits?: Pick<Limits, "time" | "fuel" | "memory" | "output"> | undefined;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program in this thread, which is free again when the program has ended.
 *
 * @param module one that is metered is held to its time, its fuel and the signal
 * @returns the exit code
 * @throws PluginTrapError, PluginLimitError, PluginTimeoutError, PluginAbortedError, HostFunctionError; PluginLoadError if its
 * memory is not exported
 */
export async function runInstance(module: PluginModule, options: ProgramOptions): Promise<number> {
  const sandbox = new Sandbox(options);
  const { memory } = sandbox;
  const stderrLines = (): readonly string[] => sandbox.stderrLines();
  const limits = module.isMetered
    ? new CallLimits(options.limits ?? {}, { stderrLines, canSuspend: () => false })
    : undefined;
  // wasm can catch what an import throws: the first failure counts all the same.
  let failure: { readonly error: unknown } | undefined;
  const imported = module.imports.map(({ name }) => name);
  const wasi = wasiImports(sandbox.context(limits), imported, (error) => {
    failure ??= { error };
  });

  let exports: Readonly<Record<string, unknown>> = {};
  try {
    ({ exports } = await wasmApi().instantiate(module.module, { [WASI_MODULE]: wasi }));
    memory.attach(memoryExport(exports));
    const metered = limits?.connect(exports);
    limits?.enter(module.name, options.signal);
    metered?.start?.();
    functionExport(exports, "_start", 0)();
  } catch (error) {
    failure ??= { error };
  }
  if (limits?.over !== undefined) failure = { error: limits.over };
  try {
    if (failure === undefined) return 0;
    const { error } = failure;
    if (error instanceof ExitSignal) return error.code;
    if (!(error instanceof WplugError)) {
      limits?.allowLastWords();
      correctStack(error, module);
    }
    throw trapError(error, {
      action: module.name,
      exports,
      memory,
      memoryLimit: options.limits?.memory,
      stderr: stderrLines(),
      reports: sandbox.reportLines(),
    });
  } finally {
    limits?.close();
    sandbox.close();
  }
}
