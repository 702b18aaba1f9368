import { PluginLoadError } from "../errors/plugin-errors.js";
import { checkImports } from "../instance/imports.js";
import { runInstance, type ProgramOptions } from "../instance/program.js";
import { PluginModule, type PluginSource } from "../module/plugin-module.js";
import type { LoadOptions } from "../options/load-options.js";
import { checkSignal } from "../runner/check-signal.js";
import { runInWorker } from "../runner/run-in-worker.js";
import { APART, checkThreads } from "../runner/start-runner.js";
import { checkOptions } from "./check-options.js";
import { loadMeter } from "./load-meter.js";

/** How a program is run. It gets nothing that is not named here: no files, no environment, no network. */
export interface RunOptions extends ProgramOptions, Pick<LoadOptions, "sha256" | "oci"> {
  /**
   * As for plugins: `time` in milliseconds, of the whole run; `fuel`, about one instruction of wasm each; `memory` and `output` in
   * bytes.
   */
  readonly limits?: ProgramOptions["limits"];
  /**
   * Ends the program when it is aborted. With `isolation: "inline"` that can only be done by what the program calls: an output, a
   * file system, a clock of the options.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Where the program runs. `"worker"`: in a thread of its own, which can be killed. `"inline"`: in the host's thread, which
   * does nothing else until the program has ended; with `limits.time`, `limits.fuel` or a `signal`, it is rewritten so that it
   * asks the host whether it may go on, which needs its bytes. Unless given, `limits.time` and a `signal` ask for a worker.
   */
  readonly isolation?: LoadOptions["isolation"];
}

/** Those that programs can be held to. */
const LIMITS: readonly string[] = ["time", "fuel", "memory", "output"];

/**
 * Runs a program of WASI preview 1, a "command" with `_start`, in the sandbox of plugins: what compilers make of a `main`
 * in C, Rust, Go.
 *
 * @returns the exit code: what `main` returned or the program ended itself with; 0 if neither
 * @throws PluginLoadError if the source is no such program; PluginTrapError if it traps, `abort()` included;
 * PluginTimeoutError, PluginLimitError if it goes beyond a limit; PluginAbortedError; HostFunctionError if an output, a file
 * system or a clock of the options fails
 */
export async function runProgram(source: PluginSource, options: RunOptions = {}): Promise<number> {
  const { limits = {}, signal } = options;
  checkOptions(options);
  checkLimits(limits);
  if (signal !== undefined && typeof signal.addEventListener !== "function") {
    throw new PluginLoadError("signal must be an AbortSignal");
  }
  const compiled = await PluginModule.compile(source, { sha256: options.sha256, oci: options.oci });
  checkProgram(compiled);
  checkSignal(compiled.name, { signal });
  const isStopped = (limits.time ?? signal) !== undefined;
  if (isStopped && options.isolation === "worker") {
    checkThreads(limits.time === undefined ? "signal" : "limits.time");
  }
  const isolation = options.isolation ?? (isStopped ? APART : "inline");
  const meter =
    limits.fuel !== undefined || (isStopped && isolation === "inline")
      ? await loadMeter()
      : undefined;
  const module = await compiled.rewrite({ memory: limits.memory, meter });
  return isolation === "worker" ? runInWorker(module, options) : runInstance(module, options);
}

/** @throws PluginLoadError for one that would not hold */
function checkLimits(limits: object): void {
  const given = Object.entries(limits).find(
    ([name, value]) => value !== undefined && !LIMITS.includes(name),
  );
  if (given === undefined) return;
  throw new PluginLoadError(
    `limits.${given[0]} is not for programs: runProgram holds limits.${LIMITS.join(", limits.")}`,
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
