import { join, posix } from "node:path";

import { importedContracts } from "../config/imported-contracts";
import { installedContract } from "../config/installed-contracts";
import { contractsOf, type PluginConfig } from "../config/wplug-config";
import { isRegistrySource } from "../distribution/workspace-plugins";
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
export function vendoredPlugins(contracts: readonly string[], setting: TargetSetting): string[] {
  return naming(contracts, setting).flatMap(({ root, config }) =>
    "plugins" in config
      ? config.plugins.filter((it) => !isRegistrySource(it)).map((path) => posix.join(root, path))
      : [],
  );
}

/** The plugins of registries that the contracts and the project itself name. */
export function registryPlugins(contracts: readonly string[], setting: TargetSetting): string[] {
  return naming(contracts, setting).flatMap(({ config }) =>
    "plugins" in config ? config.plugins.filter(isRegistrySource) : [],
  );
}

function naming(
  contracts: readonly string[],
  { project, projects }: TargetSetting,
): readonly WplugProject[] {
  return projects.filter(({ name }) => name === project.name || contracts.includes(name));
}

/** The tasks that build plugins. */
export function buildsOf(plugins: readonly WplugProject[]): Dependencies {
  if (plugins.length === 0) return [];
  return [{ projects: plugins.map(({ name }) => name), target: "build" }];
}

/** Contracts with those that they import, and that these import. */
export function withImported(contracts: readonly string[], { projects }: TargetSetting): string[] {
  const importsOf = (contract: string) => importsIn(projects, contract);
  return [...new Set(contracts.flatMap((name) => [name, ...importedContracts(name, importsOf)]))];
}

/** What the wplug.json of a contract names. */
function importsIn(projects: readonly WplugProject[], contract: string): readonly string[] {
  const config = projects.find(({ name }) => name === contract)?.config;
  return config?.type === "contract" ? config.imports : [];
}

/** The protos of contracts, as inputs. */
export function protosOf(contracts: readonly string[], { projects }: TargetSetting): string[] {
  return projects.flatMap(({ name, root, config }) =>
    config.type === "contract" && contracts.includes(name)
      ? [`{workspaceRoot}/${posix.join(root, config.proto, "**/*.proto")}`]
      : [],
  );
}

/** The tasks that generate the SDKs of contracts: none for those that have them in version control. */
export function generatesOf(contracts: readonly string[], setting: TargetSetting): Dependencies {
  const all = withImported(contracts, setting);
  const generated = all.filter((name) => !isCommitted(name, setting));
  // Those of imported contracts are dependencies of these.
  if (generated.length === all.length) return ["^generate"];
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

/** Contracts of a project that are installed packages, from other repositories. */
export function foreignContracts({ project, projects, workspaceRoot }: TargetSetting): string[] {
  return contractsOf(project.name, project.config).filter(
    (contract) =>
      !projects.some(({ name }) => name === contract) &&
      installedContract(contract, join(workspaceRoot, project.root)) !== undefined,
  );
}
