import type { HandshakeService } from "../client/service-descriptor.js";
import { PluginLoadError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import type { StartReport } from "../runner/plugin-runner.js";
import type { PluginInstance } from "./plugin-instance.js";

/** What is needed of a service to check a plugin. */
export type ReportedService = Pick<HandshakeService, "typeName" | "apiVersionExport"> & {
  readonly methods: Readonly<Record<string, { readonly wasmName: string }>>;
};

/**
 * Asks a plugin that was started for its version, and looks at its methods. One that fails is disposed.
 *
 * @throws PluginLoadError
 */
export function startReport(instance: PluginInstance, service: ReportedService): StartReport {
  try {
    const version = instance.callVersion(service.apiVersionExport);
    const names = Object.values(service.methods).map((method) => method.wasmName);
    return { version, invalid: names.filter((name) => !instance.hasRpc(name)) };
  } catch (error) {
    instance.dispose();
    throw new PluginLoadError(
      `${reasonOf(error)} (${instance.module.name}, loaded as ${service.typeName})`,
      { cause: error },
    );
  }
}
