import type { ServiceDescriptor } from "../descriptors/service-descriptor.js";
import { WplugError } from "../errors/wplug-error.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { PluginSource } from "../module/plugin-module.js";
import type { CallOptions } from "../options/call-options.js";
import type { LoadOptions } from "../options/load-options.js";
import type { PluginRunner } from "../runner/plugin-runner.js";
import type { LoadedPlugin } from "./loaded-plugin.js";

/** A generated loader of one version of a contract: `GreeterPlugin`. */
export interface PluginLoader<Client extends LoadedPlugin> {
  readonly service: ServiceDescriptor;
  load(source: PluginSource, options?: LoadOptions): Promise<Client>;
}

/** The methods of a service, as they are implemented: an answer may be any part of its fields. */
export type Implementation<Service> = {
  readonly [K in keyof Service]: Service[K] extends (
    request: infer Request,
    options?: CallOptions,
  ) => Promise<infer Answer>
    ? (request: Request, options: CallOptions) => MessageInit<Answer> | Promise<MessageInit<Answer>>
    : never;
};

/** Plugins of an old version of a contract, and what makes them into ones of the new version: of `adapt`. */
export interface PluginAdapter<Service> {
  readonly loader: PluginLoader<LoadedPlugin>;
  readonly options: LoadOptions | undefined;
  upgrade(plugin: LoadedPlugin): Service;
  /** What loads plugins by their version: hosts without an adapter don't have it. */
  readonly openAny: OpenAny;
}

/** What a host serves, of any service. */
export type AnyPluginVersions = Readonly<
  Record<number, PluginLoader<LoadedPlugin> | PluginAdapter<object>>
>;

/**
 * Loads a plugin with what the host has for its version.
 *
 * @returns a client of the service, or else what runs a plugin of an old version as one of it
 */
export type OpenAny = (
  source: PluginSource,
  service: ServiceDescriptor,
  versions: AnyPluginVersions,
  options: LoadOptions,
) => Promise<LoadedPlugin | PluginRunner>;

/** What `GreeterPlugin.loadAny` serves, by the version of the contract. */
export type PluginVersions<Service, Client extends LoadedPlugin> = Readonly<
  Record<number, PluginLoader<Client> | PluginAdapter<Implementation<Service>>>
>;

export function isAdapter(
  served: PluginLoader<LoadedPlugin> | PluginAdapter<object>,
): served is PluginAdapter<object> {
  return "upgrade" in served;
}

/** @throws WplugError if a version is not the one that it is listed as */
export function checkVersions(
  service: Pick<ServiceDescriptor, "typeName">,
  versions: AnyPluginVersions,
): void {
  for (const [key, served] of Object.entries(versions)) {
    const { typeName, version } = (isAdapter(served) ? served.loader : served).service;
    if (String(version) !== key) {
      throw new WplugError(
        `loadAny: version ${key} of ${service.typeName} is given a loader for version ${version} of ${typeName}`,
      );
    }
  }
}

/** go-plugin's words, with all versions. */
export function notServedProblem(versions: AnyPluginVersions, version: bigint): string {
  const served = Object.keys(versions).join(", ");
  return `API version mismatch, host: ${served || "none"}, plugin: ${version}`;
}
