import { functionsOf } from "../descriptors/host-library.js";
import type { HandshakeService } from "../descriptors/service-descriptor.js";
import { ApiVersionMismatchError, PluginLoadError } from "../errors/plugin-errors.js";
import { unknownImportProblem, unknownImports } from "../instance/imports.js";
import type { StartReport } from "../instance/start-report.js";
import { PluginModule, type PluginSource } from "../module/plugin-module.js";
import type { InstanceEvent } from "../options/hooks.js";
import type { LoadOptions } from "../options/load-options.js";
import type { InstanceRunner, PluginRunner } from "../runner/plugin-runner.js";
import { PluginPool } from "../runner/pool.js";
import { Restarts } from "../runner/restarts.js";
import { needsMeter, startRunner } from "../runner/start-runner.js";
import { checkOptions } from "./check-options.js";
import { loadMeter } from "./load-meter.js";
import { tellInstance } from "./observed-call.js";

/**
 * Checks the options and compiles a plugin, of which nothing runs yet.
 *
 * @throws PluginLoadError
 */
export async function compilePlugin(
  source: PluginSource,
  options: LoadOptions,
): Promise<PluginModule> {
  checkOptions(options);
  return PluginModule.compile(source, options);
}

/**
 * Opens a plugin for a service: checks exports and imports, starts it, compares versions. The version comes before
 * the service's methods, as in go-plugin: a plugin of another version may well have others.
 *
 * @param signal ends the start of a plugin in a worker when it is aborted
 * @throws PluginLoadError that lists what is missing; ApiVersionMismatchError.
 */
export async function openPlugin(
  module: PluginModule,
  service: HandshakeService,
  options: LoadOptions,
  signal?: AbortSignal,
): Promise<PluginRunner> {
  refuse(module, service, [
    ...missingAbiExports(module, service).map(missingExportProblem),
    ...unknownImports(module, functionsOf(options)).map((name) =>
      unknownImportProblem(name, service.hostFunctions),
    ),
  ]);
  const { isolation, pool, limits, restart, hooks } = options;
  const limited = await module.rewrite({
    memory: limits?.memory,
    meter: needsMeter(options) ? await loadMeter() : undefined,
  });
  const start = async (until?: AbortSignal): Promise<InstanceRunner> => {
    const runner = await startRunner(limited, service, options, until);
    try {
      checkReport(module, service, runner.report);
      return runner;
    } catch (error) {
      await runner.dispose();
      throw error;
    }
  };
  const isSupervised = isolation === "worker" || pool !== undefined;
  if (!isSupervised) return start(signal);
  const supervision = {
    restarts: new Restarts(restart),
    tell: (event: InstanceEvent) => tellInstance(hooks, event),
  };
  return PluginPool.open(limited, start, pool, supervision, signal);
}

function checkReport(module: PluginModule, service: HandshakeService, report: StartReport): void {
  const { version } = report;
  if (version !== BigInt(service.version)) throw versionMismatch(module, service, version);
  refuse(module, service, methodProblems(module, service, report));
}

function refuse(
  module: PluginModule,
  service: HandshakeService,
  problems: readonly string[],
): void {
  if (problems.length === 0) return;
  throw new PluginLoadError(
    `${problems.join(", ")} (${module.name}, loaded as ${service.typeName})`,
  );
}

function versionMismatch(
  module: PluginModule,
  service: HandshakeService,
  version: bigint,
): ApiVersionMismatchError {
  return new ApiVersionMismatchError(
    `${mismatchProblem(service, version)} (${module.name}, loaded as ${service.typeName}): ` +
      "build the plugin and the host from the same version of the contract",
    BigInt(service.version),
    version,
  );
}

/** go-plugin's words. */
export function mismatchProblem(service: HandshakeService, version: bigint): string {
  return `API version mismatch, host: ${service.version}, plugin: ${version}`;
}

/** go-plugin's words. */
export function missingExportProblem(name: string): string {
  return `${name} is not exported`;
}

/** Exports that every plugin of the service has, whatever its version, in go-plugin's order. */
export function missingAbiExports(module: PluginModule, service: HandshakeService): string[] {
  const missing = [service.apiVersionExport, "malloc", "free"].filter(
    (name) => module.exports.get(name) !== "function",
  );
  if (module.exports.get("memory") !== "memory") missing.push("memory");
  return missing;
}

/** Methods of the service that the plugin doesn't export. */
export function missingMethods(module: PluginModule, service: HandshakeService): string[] {
  return Object.values(service.methods)
    .map((method) => method.wasmName)
    .filter((name) => module.exports.get(name) !== "function");
}

/** What is wrong with the exports for the methods. */
export function methodProblems(
  module: PluginModule,
  service: HandshakeService,
  { invalid }: StartReport,
): string[] {
  const missing = missingMethods(module, service);
  return [
    ...missing.map(missingExportProblem),
    ...invalid.filter((name) => !missing.includes(name)).map((name) => `invalid ${name} signature`),
  ];
}
