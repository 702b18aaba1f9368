import type { HostFunction } from "../descriptors/host-function.js";
import type { HandshakeService } from "../descriptors/service-descriptor.js";
import type { StartReport } from "../instance/start-report.js";
import type { PluginModule } from "../module/plugin-module.js";
import { WASI_MODULE } from "../module/wasi-module.js";
import type { Limits } from "../options/limits.js";
import type { LoadOptions } from "../options/load-options.js";
import { APART, needsMeter, startRunner } from "../runner/start-runner.js";
import { RawMessage } from "../worker/raw-message.js";
import { loadMeter } from "./load-meter.js";

/** Milliseconds in which a plugin that is only looked at has to start, unless it is given others. */
export const START_TIME = 10_000;

/** Stand-ins for the host functions that a plugin imports. */
export function standIns(module: PluginModule, call: () => RawMessage): HostFunction[] {
  return module.imports
    .filter((needed) => needed.kind === "function" && needed.module !== WASI_MODULE)
    .map((needed) => ({
      module: needed.module,
      name: needed.name,
      input: RawMessage,
      output: RawMessage,
      call,
    }));
}

/** Those with which a plugin is started: it can't do anything by them. */
export function refusingStandIns(module: PluginModule): HostFunction[] {
  return standIns(module, () => {
    throw new Error("a plugin must not call the host while it is started");
  });
}

/** Starts a plugin where it can be stopped, as a start need not end, without output, environment and host functions, and ends it. */
export async function startApart(
  module: PluginModule,
  service: HandshakeService,
  limits: Limits,
): Promise<StartReport> {
  const options: LoadOptions = { isolation: APART, limits };
  const meter = needsMeter(options) ? await loadMeter() : undefined;
  const stoppable =
    meter === undefined ? module : await module.rewrite({ memory: limits.memory, meter });
  const runner = await startRunner(stoppable, service, {
    isolation: APART,
    limits,
    stdout: null,
    stderr: null,
    libraries: [{ functions: refusingStandIns(module) }],
  });
  try {
    return runner.report;
  } finally {
    await runner.dispose();
  }
}
