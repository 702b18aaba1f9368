import { join, posix } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { contractsOf, readWplugConfig } from "../../config/wplug-config";
import { isRegistrySource } from "../../distribution/workspace-plugins";
import { findContract, type TaskProject } from "../run-task";
import { findPlugins, wplugProjects } from "../wplug-projects";

/** A host, or in its place the contract's own SDK, and the plugins that it loads. */
export interface Pairs {
  readonly contract: TaskProject;
  /** undefined where the contract has no host. */
  readonly host: HandshakeHost | undefined;
  readonly plugins: readonly HandshakePlugin[];
}

export interface HandshakeHost extends TaskProject {
  /** The module with its host functions, relative to the project. */
  readonly hostFunctions: string;
  /** The module with what it gives to `loadAny`, relative to the project. */
  readonly pluginVersions: string;
}

export interface HandshakePlugin {
  /** Project, or the path of a wasm file relative to the workspace. */
  readonly name: string;
  /** Absolute path of the wasm file; of one that has to be fetched, the project's folder until then. */
  readonly wasm: string;
  /** Whether it is built elsewhere, so that nothing says which services of a contract it implements. */
  readonly isVendored: boolean;
  /** Where it has to be fetched from first, `oci://…`; else it is in its place. */
  readonly source?: string;
}

/**
 * The partners of a project in the workspace: of a plugin every host of its contract, of a host every plugin of its
 * contracts, of a contract every plugin and every host.
 */
export function findPairs(project: TaskProject, context: ExecutorContext): Pairs[] {
  const all = wplugProjects(context);
  const own = readWplugConfig(project.folder, ["contract", "plugin", "host"]);
  return contractsOf(project.name, own).flatMap((name): Pairs[] => {
    const contract = findContract(context, name, project);
    const { plugins: vendored } = readWplugConfig(contract.folder, ["contract"]);
    const plugins =
      own.type === "plugin"
        ? [builtPlugin(project)]
        : [
            ...findPlugins(name, context).map(({ project: it }) => builtPlugin(it)),
            ...vendored.map((path) => vendoredPlugin(contract, path)),
          ];
    const hosts = all.flatMap(({ project: it, config }) => {
      if (config.type !== "host" || !config.contracts.includes(name)) return [];
      if (own.type === "host" && it.name !== project.name) return [];
      const ofHost = own.type === "plugin" ? [] : config.plugins;
      const more = ofHost.map((path) => vendoredPlugin(it, path));
      const { hostFunctions, pluginVersions } = config;
      return [{ host: { ...it, hostFunctions, pluginVersions }, more }];
    });
    if (hosts.length === 0) return [{ contract, host: undefined, plugins }];
    return hosts.map(({ host, more }) => ({ contract, host, plugins: [...plugins, ...more] }));
  });
}

function builtPlugin({ name, folder }: TaskProject): HandshakePlugin {
  return { name, wasm: join(folder, "dist", `${name}.wasm`), isVendored: false };
}

function vendoredPlugin({ root, folder }: TaskProject, path: string): HandshakePlugin {
  if (isRegistrySource(path)) return { name: path, wasm: folder, isVendored: true, source: path };
  return { name: posix.join(root, path), wasm: join(folder, path), isVendored: true };
}
