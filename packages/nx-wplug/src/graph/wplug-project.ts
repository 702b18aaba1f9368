import type { TargetConfiguration } from "@nx/devkit";

import type { PluginOptions } from "../config/plugin-options";
import type { WplugConfig } from "../config/wplug-config";

/** A project with a wplug.json. */
export interface WplugProject {
  readonly name: string;
  /** Relative to the workspace's root, with forward slashes. */
  readonly root: string;
  readonly config: WplugConfig;
}

/** What the targets of a project depend on. */
export interface TargetSetting {
  readonly project: WplugProject;
  /** All wplug projects of the workspace. */
  readonly projects: readonly WplugProject[];
  /** Absolute. */
  readonly workspaceRoot: string;
  /** Whether @nx/js/typescript is registered, which builds types by project references. */
  readonly typescriptPlugin: boolean;
  /** Names of the targets by which plugins of Nx for test runners have each spec run on its own. */
  readonly ciTestTargets: readonly string[];
  /** Those of nx.json. */
  readonly namedInputs: Readonly<Record<string, unknown>>;
  readonly options: PluginOptions;
}

export type Targets = Record<string, TargetConfiguration>;

export type Dependencies = NonNullable<TargetConfiguration["dependsOn"]>;
