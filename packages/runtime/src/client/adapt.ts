import type { LoadOptions } from "../options/load-options.js";
import type { LoadedPlugin } from "./loaded-plugin.js";
import { openAny } from "./open-any.js";
import type { PluginAdapter, PluginLoader } from "./plugin-versions.js";

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
  return { loader, options, openAny, upgrade: (plugin) => upgrade(plugin as Old) };
}
