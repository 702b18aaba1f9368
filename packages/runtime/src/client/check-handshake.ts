import { functionsOf } from "../descriptors/host-library.js";
import type { HandshakeService, MethodDescriptor } from "../descriptors/service-descriptor.js";
import { PluginError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { unknownImportProblem, unknownImports } from "../instance/imports.js";
import type { StartReport } from "../instance/start-report.js";
import type { MessageType } from "../messages/wire/message-type.js";
import { PluginModule, type PluginSource } from "../module/plugin-module.js";
import { APART } from "../runner/start-runner.js";
import { RawMessage } from "../worker/raw-message.js";
import {
  methodProblems,
  mismatchProblem,
  missingAbiExports,
  missingExportProblem,
  missingMethods,
  openPlugin,
} from "./handshake.js";
import {
  checkVersions,
  isAdapter,
  notServedProblem,
  type AnyPluginVersions,
} from "./plugin-versions.js";
import { refusingStandIns, standIns, START_TIME, startApart } from "./start-apart.js";

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
  /** The rpcs that were called, if that was asked for and nothing else is wrong. */
  readonly calls: readonly HandshakeCall[];
  /** Everything that is wrong, as sentences for people. Empty if plugin and service fit. */
  readonly problems: readonly string[];
}

/** A call with a request in which no field is set. */
export interface HandshakeCall {
  /** Name of the wasm export: `greeter_say_hello`. */
  readonly name: string;
  /** `"error"` is an error that the plugin answered with, which may be right; `"failed"` a plugin that broke. */
  readonly outcome: "answered" | "error" | "failed";
  /** The text of the error; empty if the call was answered. */
  readonly message: string;
}

/** What `checkHandshake` looks at beyond exports, imports and versions. */
export interface HandshakeOptions {
  /** Host functions that the host really has, by wasm import; those of the contract unless given. */
  readonly hostFunctions?: HandshakeService["hostFunctions"] | undefined;
  /**
   * The versions that the host serves, as it gives them to `loadAny`: a plugin has to fit the one that it is built from. That of
   * the service alone unless given.
   */
  readonly versions?: AnyPluginVersions | undefined;
  /**
   * Whether to call every rpc too, in a worker, with a request in which no field is set. Host functions answer such
   * calls with messages in which no field is set; those of the host are not called. False unless given.
   */
  readonly calls?: boolean | undefined;
  /** Longest duration of the start and of such a call in milliseconds; 10,000 unless given. */
  readonly time?: number | undefined;
}

/**
 * Tells how a plugin and a service fit together. The plugin is started, without output, environment and host
 * functions, and asked for its version. Never throws because of the plugin: what is wrong is in the report.
 */
export async function checkHandshake(
  source: PluginSource,
  service: HandshakeService,
  options: HandshakeOptions = {},
): Promise<HandshakeReport> {
  const { versions } = options;
  if (versions === undefined) return checkVersion(source, service, options);
  const report = await checkVersion(source, service, { ...options, calls: false });
  const { pluginVersion: version, problems } = report;
  try {
    checkVersions(service, versions);
  } catch (error) {
    return { ...report, problems: [reasonOf(error), ...problems] };
  }
  if (version === undefined) return report;
  const served = Object.hasOwn(versions, version) ? versions[version] : undefined;
  if (served === undefined) {
    const mismatch = mismatchProblem(service, BigInt(version));
    const others = problems.filter((it) => it !== mismatch);
    return { ...report, problems: [notServedProblem(versions, BigInt(version)), ...others] };
  }
  if (!isAdapter(served)) return checkVersion(source, served.service, options);
  const { service: old } = served.loader;
  // That the host has those of the contract, TypeScript tells where the adapter is made.
  const hostFunctions = [...old.hostFunctions, ...functionsOf(served.options ?? {})];
  return checkVersion(source, old, { ...options, hostFunctions });
}

/** How a plugin and one version of a service fit together. */
async function checkVersion(
  source: PluginSource,
  service: HandshakeService,
  options: HandshakeOptions,
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
      calls: [],
      problems: [reasonOf(error)],
    };
  }
  const { time = START_TIME } = options;
  const missingAbi = missingAbiExports(module, service);
  const unknown = unknownImports(module, options.hostFunctions ?? service.hostFunctions);
  const missing = missingMethods(module, service);
  const run =
    missingAbi.length === 0
      ? await runVersion(module, service, time)
      : { version: undefined, problems: missing.map(missingExportProblem) };
  const problems = [
    ...missingAbi.map(missingExportProblem),
    ...unknown.map((name) => unknownImportProblem(name, service.hostFunctions)),
    ...run.problems,
  ];
  const canCall = options.calls === true && problems.length === 0;
  const calls = canCall ? await callAll(module, service, time) : [];
  for (const { name, outcome, message } of calls) {
    if (outcome === "failed") problems.push(`${name} fails with an empty request: ${message}`);
  }
  return {
    ...head,
    pluginVersion: run.version === undefined ? undefined : Number(run.version),
    missingExports: [...missingAbi, ...missing],
    unknownImports: unknown,
    calls,
    problems,
  };
}

async function callAll(
  module: PluginModule,
  service: HandshakeService,
  time: number,
): Promise<HandshakeCall[]> {
  const functions = standIns(module, () => new RawMessage());
  const runner = await openPlugin(module, service, {
    isolation: APART,
    limits: { time },
    stdout: null,
    stderr: null,
    libraries: [{ functions }],
  });
  const calls: HandshakeCall[] = [];
  try {
    // One after the other: a plugin that fails is replaced for the next.
    for (const method of Object.values(service.methods)) {
      const name = method.wasmName;
      const output = outputOf(method);
      try {
        await runner.call({ name, wasmName: name, input: RawMessage, output }, new RawMessage());
        calls.push({ name, outcome: "answered", message: "" });
      } catch (error) {
        const outcome = error instanceof PluginError ? "error" : "failed";
        calls.push({ name, outcome, message: reasonOf(error) });
      }
    }
  } finally {
    await runner.dispose();
  }
  return calls;
}

/** The class of a method's answers, which handshakes can do without. */
function outputOf(
  method: Pick<MethodDescriptor, "wasmName"> & Partial<MethodDescriptor>,
): MessageType {
  return method.output ?? RawMessage;
}

interface Run {
  readonly version: bigint | undefined;
  readonly problems: readonly string[];
}

async function runVersion(
  module: PluginModule,
  service: HandshakeService,
  time: number,
): Promise<Run> {
  let report: StartReport;
  // An import that can't be stood in for, a memory or table, is reported as an unknown import.
  const host = refusingStandIns(module);
  if (unknownImports(module, host).length > 0) return { version: undefined, problems: [] };
  try {
    report = await startApart(module, service, { time });
  } catch (error) {
    return { version: undefined, problems: [reasonOf(error)] };
  }
  const { version } = report;
  const problems = methodProblems(module, service, report);
  if (version !== BigInt(service.version)) problems.unshift(mismatchProblem(service, version));
  return { version, problems };
}
