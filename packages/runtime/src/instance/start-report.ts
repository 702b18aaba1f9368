import type { HandshakeService } from "../descriptors/service-descriptor.js";
import { PluginLoadError, PluginTimeoutError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import type { PluginInstance } from "./plugin-instance.js";

/** What a plugin tells of itself when it is started. */
export interface StartReport {
  readonly version: bigint;
  /** Names of rpc exports that don't take a request. */
  readonly invalid: readonly string[];
}

/** What is needed of a service to check a plugin. */
export type ReportedService = Pick<HandshakeService, "typeName" | "apiVersionExport"> & {
  readonly methods: Readonly<Record<string, { readonly wasmName: string }>>;
};

/**
 * Asks a plugin that was started for its version, and looks at its methods. One that fails is disposed.
 *
 * @throws PluginLoadError, PluginTimeoutError
 */
export function startReport(instance: PluginInstance, service: ReportedService): StartReport {
  try {
    const version = instance.callVersion(service.apiVersionExport);
    const names = Object.values(service.methods).map((method) => method.wasmName);
    return { version, invalid: names.filter((name) => !instance.hasRpc(name)) };
  } catch (error) {
    instance.dispose();
    if (error instanceof PluginTimeoutError) throw error;
    throw new PluginLoadError(
      `${reasonOf(error)} (${instance.module.name}, loaded as ${service.typeName})`,
      { cause: error },
    );
  }
}
