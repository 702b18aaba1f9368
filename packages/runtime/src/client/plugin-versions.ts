import type { ServiceDescriptor } from "../descriptors/service-descriptor.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { PluginSource } from "../module/plugin-module.js";
import type { CallOptions } from "../options/call-options.js";
import type { LoadOptions } from "../options/load-options.js";
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
}

/** What `GreeterPlugin.loadAny` serves, by the version of the contract. */
export type PluginVersions<Service, Client extends LoadedPlugin> = Readonly<
  Record<number, PluginLoader<Client> | PluginAdapter<Implementation<Service>>>
>;

/**
 * Lets a host serve plugins of an old version of its contract: `GreeterPlugin.loadAny(file, { 2: GreeterPlugin, 1: adapt(GreeterV1,
 * upgrade) })`. TypeScript tells which methods `upgrade` lacks.
 *
 * @param loader that of the old version's SDK
 * @param upgrade makes a plugin of the old version into an implementation of the new one
 * @param options for the old version alone, `host` above all: its host functions
 */
export function adapt<Old extends LoadedPlugin, Service extends object>(
  loader: PluginLoader<Old>,
  upgrade: (plugin: Old) => Service,
  options?: LoadOptions & { readonly host?: object | undefined },
): PluginAdapter<Service> {
  return { loader, options, upgrade: (plugin) => upgrade(plugin as Old) };
}
