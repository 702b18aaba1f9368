import { lastingThreads } from "#platform";
import { functionsOf } from "../descriptors/host-library.js";
import type { HandshakeService } from "../descriptors/service-descriptor.js";
import { PluginLoadError } from "../errors/plugin-errors.js";
import { canSuspend } from "../instance/suspending.js";
import type { PluginModule } from "../module/plugin-module.js";
import { WASI_MODULE } from "../module/wasi-module.js";
import type { LoadOptions } from "../options/load-options.js";
import { InlineRunner } from "./inline-runner.js";
import type { InstanceRunner } from "./plugin-runner.js";
import { SuspendingRunner } from "./suspending-runner.js";
import { WorkerRunner } from "./worker-runner.js";

/**
 * Starts a plugin where the options and the engine let it run.
 *
 * @param signal ends the start of a plugin in a worker when it is aborted
 * @throws PluginLoadError if they can't both be had, or the plugin does not start
 */
export function startRunner(
  module: PluginModule,
  service: HandshakeService,
  options: LoadOptions,
  signal?: AbortSignal,
): Promise<InstanceRunner> {
  if (options.limits?.slice !== undefined) checkSlice(options);
  if (options.isolation === "worker" && options.limits?.time !== undefined)
    checkThreads("limits.time");
  const needed = needsWorker(module, options);
  if (options.isolation === "inline" && needed !== undefined) throw new PluginLoadError(needed);
  if (wantsWorker(options) || needed !== undefined) {
    return WorkerRunner.start(module, service, options, signal);
  }
  const mayWait =
    options.limits?.slice !== undefined ||
    module.imports.some((wanted) => wanted.module !== WASI_MODULE);
  return mayWait && canSuspend()
    ? SuspendingRunner.start(module, service, options)
    : InlineRunner.start(module, service, options);
}

/** @throws PluginLoadError if there can't be slices */
function checkSlice({ isolation }: LoadOptions): void {
  if (isolation === "worker") {
    throw new PluginLoadError(
      'limits.slice is for plugins in the host\'s thread: with isolation "worker" the event loop runs all the time',
    );
  }
  if (canSuspend()) return;
  throw new PluginLoadError(
    "limits.slice needs an engine that can suspend wasm (Node 24 can): this one can't",
  );
}

/**
 * @param option that takes a thread that can be ended
 * @throws PluginLoadError where threads can't be
 */
export function checkThreads(option: string): void {
  if (lastingThreads === undefined) return;
  throw new PluginLoadError(
    `${option} can't be held in a worker on ${lastingThreads}, which does not end a thread while wasm runs in it: ` +
      'use isolation "inline", where the plugin ends itself',
  );
}

/** Where code that is to be stopped runs unless the options say: apart, if that can be stopped. */
export const APART = lastingThreads === undefined ? "worker" : "inline";

/** Whether the plugin is to be stopped by the thread that runs it, which takes a module that is metered. */
export function needsMeter({ isolation = APART, limits }: LoadOptions): boolean {
  const { time, fuel, slice } = limits ?? {};
  return (fuel ?? slice) !== undefined || (time !== undefined && isolation === "inline");
}

function wantsWorker({ isolation, limits }: LoadOptions): boolean {
  return (
    isolation === "worker" ||
    (isolation === undefined &&
      APART === "worker" &&
      limits?.time !== undefined &&
      limits.slice === undefined)
  );
}

/** Why the plugin can't run in this thread; undefined if it can. */
function needsWorker(module: PluginModule, options: LoadOptions): string | undefined {
  if (canSuspend()) return undefined;
  const asynchronous = functionsOf(options).find(
    ({ isAsync, module: from, name }) =>
      isAsync === true &&
      module.imports.some((wanted) => wanted.module === from && wanted.name === name),
  );
  if (asynchronous === undefined) return undefined;
  return (
    `host function ${asynchronous.module}.${asynchronous.name} is async, which needs isolation "worker" here:` +
    " this JavaScript engine can't suspend wasm (Node 24 can)"
  );
}
