import { posix } from "node:path";

import type { PluginConfig } from "../config/wplug-config";
import type { Dependencies, TargetSetting, WplugProject } from "./wplug-project";

/** The plugins of contracts, by name. */
export function pluginsOf(
  contracts: readonly string[],
  { projects }: TargetSetting,
): (WplugProject & { readonly config: PluginConfig })[] {
  return projects
    .filter(isPlugin)
    .filter(({ config }) => contracts.includes(config.contract))
    .sort(byName);
}

/** The hosts of contracts, by name. */
export function hostsOf(contracts: readonly string[], { projects }: TargetSetting): WplugProject[] {
  return projects
    .filter(
      ({ config }) =>
        config.type === "host" && config.contracts.some((name) => contracts.includes(name)),
    )
    .sort(byName);
}

/** The wasm files, relative to the workspace's root, that the contracts and the project itself name. */
export function vendoredPlugins(
  contracts: readonly string[],
  { project, projects }: TargetSetting,
): string[] {
  const naming = projects.filter(({ name }) => name === project.name || contracts.includes(name));
  return naming.flatMap(({ root, config }) =>
    "plugins" in config ? config.plugins.map((path) => posix.join(root, path)) : [],
  );
}

/** The tasks that build plugins. */
export function buildsOf(plugins: readonly WplugProject[]): Dependencies {
  if (plugins.length === 0) return [];
  return [{ projects: plugins.map(({ name }) => name), target: "build" }];
}

/** The tasks that generate the SDKs of contracts: none for those that have them in version control. */
export function generatesOf(contracts: readonly string[], setting: TargetSetting): Dependencies {
  const generated = contracts.filter((name) => !isCommitted(name, setting));
  if (generated.length === contracts.length) return ["^generate"];
  return generated.length === 0 ? [] : [{ projects: generated, target: "generate" }];
}

/** Whether a contract has its SDKs in version control. */
export function isCommitted(contract: string, { projects }: TargetSetting): boolean {
  return projects.some(
    ({ name, config }) => name === contract && config.type === "contract" && config.commitGenerated,
  );
}

function isPlugin(project: WplugProject): project is WplugProject & { config: PluginConfig } {
  return project.config.type === "plugin";
}

function byName(a: WplugProject, b: WplugProject): number {
  return a.name < b.name ? -1 : 1;
}
