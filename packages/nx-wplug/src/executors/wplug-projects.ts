import { existsSync } from "node:fs";
import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import {
  CONFIG_FILE,
  type PluginConfig,
  readWplugConfig,
  type WplugConfig,
} from "../config/wplug-config";
import { findProject, type TaskProject } from "./run-task";

/** A project with a wplug.json. */
export interface WplugTaskProject<Config extends WplugConfig = WplugConfig> {
  readonly project: TaskProject;
  readonly config: Config;
}

/** All wplug projects of the workspace, by name. */
export function wplugProjects(context: ExecutorContext): WplugTaskProject[] {
  return Object.keys(context.projectsConfigurations.projects)
    .sort()
    .map((name) => findProject(context, name))
    .filter(({ folder }) => existsSync(join(folder, CONFIG_FILE)))
    .map((project) => ({
      project,
      config: readWplugConfig(project.folder, ["contract", "plugin", "host"]),
    }));
}

/** The plugins of a contract, by name. */
export function findPlugins(
  contract: string,
  context: ExecutorContext,
): WplugTaskProject<PluginConfig>[] {
  return wplugProjects(context).flatMap(({ project, config }) =>
    config.type === "plugin" && config.contract === contract ? [{ project, config }] : [],
  );
}
