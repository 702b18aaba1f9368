import { ApiVersionMismatchError, PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { functionsOf } from "../instance/host-library.js";
import { unknownImportProblem, unknownImports } from "../instance/imports.js";
import { PluginInstance } from "../instance/plugin-instance.js";
import { PluginModule, type PluginSource } from "../module/plugin-module.js";
import type { LoadOptions } from "./load-options.js";
import type { HandshakeService } from "./service-descriptor.js";

/**
 * Loads a plugin for a service: checks exports and imports, starts it, compares versions. The version comes before
 * the service's methods, as in go-plugin: a plugin of another version may well have others.
 *
 * @throws PluginLoadError that lists what is missing; ApiVersionMismatchError.
 */
export async function openPlugin(
  source: PluginSource,
  service: HandshakeService,
  options: LoadOptions = {},
): Promise<PluginInstance> {
  const module = await PluginModule.compile(source);
  refuse(module, service, [
    ...missingAbiExports(module, service).map(missingExportProblem),
    ...unknownImports(module, functionsOf(options)).map(unknownImportProblem),
  ]);
  const instance = await PluginInstance.create(module, options);
  try {
    const version = readVersion(instance, service);
    if (version !== BigInt(service.version)) throw versionMismatch(module, service, version);
    refuse(module, service, methodProblems(instance, service));
    return instance;
  } catch (error) {
    instance.dispose();
    throw error;
  }
}

function readVersion(instance: PluginInstance, service: HandshakeService): bigint {
  try {
    return instance.callVersion(service.apiVersionExport);
  } catch (error) {
    throw new PluginLoadError(
      `${reasonOf(error)} (${instance.module.name}, loaded as ${service.typeName})`,
      { cause: error },
    );
  }
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
export function methodProblems(instance: PluginInstance, service: HandshakeService): string[] {
  const missing = missingMethods(instance.module, service);
  const invalid = Object.values(service.methods)
    .map((method) => method.wasmName)
    .filter((name) => !missing.includes(name) && !instance.hasRpc(name));
  return [
    ...missing.map(missingExportProblem),
    ...invalid.map((name) => `invalid ${name} signature`),
  ];
}
