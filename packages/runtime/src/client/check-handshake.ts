import { reasonOf } from "../errors/reason-of.js";
import type { HostFunction } from "../instance/host-function.js";
import { unknownImportProblem, unknownImports } from "../instance/imports.js";
import { PluginInstance } from "../instance/plugin-instance.js";
import { startReport } from "../instance/start-report.js";
import { PluginModule, type PluginSource } from "../module/plugin-module.js";
import type { StartReport } from "../runner/plugin-runner.js";
import { WASI_MODULE } from "../wasi/preview1.js";
import { RawMessage } from "../worker/raw-message.js";
import {
  methodProblems,
  mismatchProblem,
  missingAbiExports,
  missingExportProblem,
  missingMethods,
} from "./handshake.js";
import type { HandshakeService } from "./service-descriptor.js";

/** How a plugin and a service fit together, for tools. */
export interface HandshakeReport {
  /** Fully qualified name of the service. */
  readonly service: string;
  readonly hostVersion: number;
  /** undefined if the plugin can't tell. */
  readonly pluginVersion: number | undefined;
  /** Names of wasm exports that the plugin lacks. */
  readonly missingExports: readonly string[];
  /** Imports that no host of the contract provides, as `module.name`. */
  readonly unknownImports: readonly string[];
  /** Everything that is wrong, as sentences for people. Empty if plugin and service fit. */
  readonly problems: readonly string[];
}

/**
 * Tells how a plugin and a service fit together. The plugin is started, without output, environment and host
 * functions, and asked for its version. Never throws because of the plugin: what is wrong is in the report.
 */
export async function checkHandshake(
  source: PluginSource,
  service: HandshakeService,
): Promise<HandshakeReport> {
  const head = { service: service.typeName, hostVersion: service.version };
  let module: PluginModule;
  try {
    module = await PluginModule.compile(source);
  } catch (error) {
    return {
      ...head,
      pluginVersion: undefined,
      missingExports: [],
      unknownImports: [],
      problems: [reasonOf(error)],
    };
  }
  const missingAbi = missingAbiExports(module, service);
  const unknown = unknownImports(module, service.hostFunctions);
  const missing = missingMethods(module, service);
  const run =
    missingAbi.length === 0
      ? await runVersion(module, service)
      : { version: undefined, problems: missing.map(missingExportProblem) };
  return {
    ...head,
    pluginVersion: run.version === undefined ? undefined : Number(run.version),
    missingExports: [...missingAbi, ...missing],
    unknownImports: unknown,
    problems: [
      ...missingAbi.map(missingExportProblem),
      ...unknown.map(unknownImportProblem),
      ...run.problems,
    ],
  };
}

interface Run {
  readonly version: bigint | undefined;
  readonly problems: readonly string[];
}

async function runVersion(module: PluginModule, service: HandshakeService): Promise<Run> {
  let report: StartReport;
  const host = module.imports
    .filter(({ module, kind }) => kind === "function" && module !== WASI_MODULE)
    .map(absentFunction);
  // An import that can't be stood in for, a memory or table, is reported as an unknown import.
  if (unknownImports(module, host).length > 0) return { version: undefined, problems: [] };
  try {
    const instance = await PluginInstance.create(module, {
      stdout: null,
      stderr: null,
      libraries: [{ functions: host }],
    });
    report = startReport(instance, service);
    instance.dispose();
  } catch (error) {
    return { version: undefined, problems: [reasonOf(error)] };
  }
  const { version } = report;
  const problems = methodProblems(module, service, report);
  if (version !== BigInt(service.version)) problems.unshift(mismatchProblem(service, version));
  return { version, problems };
}

/** Stands in for a host function while a plugin is started, which must not need one. */
function absentFunction({ module, name }: { module: string; name: string }): HostFunction {
  return {
    module,
    name,
    input: RawMessage,
    output: RawMessage,
    call: () => {
      throw new Error("a plugin must not call the host while it is started");
    },
  };
}
