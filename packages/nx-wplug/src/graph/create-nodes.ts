import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

// Types alone: without its daemon Nx starts a process with this module for every command, and to load the devkit takes
// half of its time.
import type {
  CreateNodesContextV2,
  CreateNodesResult,
  CreateNodesV2,
  ProjectConfiguration,
} from "@nx/devkit";

import { parsePluginOptions, type PluginOptions } from "../config/plugin-options";
import { CONFIG_FILE, parseWplugConfig, type WplugConfig } from "../config/wplug-config";
import { checkWorkspace } from "../system/check-workspace";
import { isPlugin } from "../workspace/is-plugin";
import { projectName } from "../workspace/project-name";
import { contractTargets } from "./contract-targets";
import { hostTargets } from "./host-targets";
import { pluginTargets } from "./plugin-targets";
import { groupsOf, withHelp } from "./with-help";
import { withNames } from "./with-names";
import { withSync } from "./with-sync";
import type { TargetSetting, WplugProject } from "./wplug-project";

/** Infers the targets of every project that has a wplug.json. */
export const createNodesV2: CreateNodesV2 = [
  `**/${CONFIG_FILE}`,
  async (files, rawOptions, context) => {
    checkWorkspace(context.workspaceRoot);
    const options = parsePluginOptions(rawOptions);
    // A host's tasks build the plugins of its contracts, so each project's targets depend on all projects.
    const projects = new Map<string, WplugProject>();
    for (const file of files) addProject(projects, file, context);
    const results: [file: string, result: CreateNodesResult][] = [];
    const errors: [file: string, error: Error][] = [];
    for (const file of files) {
      try {
        results.push([file, createNode(file, [...projects.values()], options, context)]);
      } catch (error) {
        errors.push([file, error instanceof Error ? error : new Error(String(error))]);
      }
    }
    if (errors.length === 0) return results;
    const { AggregateCreateNodesError } = await import("@nx/devkit");
    throw new AggregateCreateNodesError(errors, results);
  },
];

/** The name that Nx 23 prefers for the same. */
export const createNodes = createNodesV2;

function createNode(
  file: string,
  projects: readonly WplugProject[],
  options: PluginOptions,
  { workspaceRoot, nxJsonConfiguration }: CreateNodesContextV2,
): CreateNodesResult {
  const root = toRoot(file);
  // Reads it again for the error, which Nx shows with the name of this file.
  const config = readConfig(workspaceRoot, file);
  const project = projects.find((it) => it.root === root);
  if (project === undefined) return {};
  const typescriptPlugin = (nxJsonConfiguration.plugins ?? []).some((plugin) =>
    isPlugin(plugin, "@nx/js/typescript"),
  );
  const { namedInputs = {} } = nxJsonConfiguration;
  const setting = {
    project,
    projects,
    workspaceRoot,
    typescriptPlugin,
    ciTestTargets: ciTestTargets(nxJsonConfiguration),
    namedInputs,
    options,
  };
  const targets = withNames(withSync(targetsOf(config, setting), setting), options);
  return {
    projects: {
      [root]: {
        projectType: config.type === "host" ? "application" : "library",
        targets: withHelp(targets, setting),
        metadata: {
          technologies: config.type === "plugin" ? ["wplug", config.language] : ["wplug"],
          targetGroups: groupsOf(targets),
        },
      },
    },
  };
}

function ciTestTargets({ plugins = [] }: CreateNodesContextV2["nxJsonConfiguration"]): string[] {
  const names = plugins.flatMap((plugin) => {
    const { ciTargetName } = (typeof plugin === "string" ? {} : (plugin.options ?? {})) as {
      ciTargetName?: string;
    };
    const isRunner = ["@nx/jest/plugin", "@nx/vitest", "@nx/vite/plugin"].some((name) =>
      isPlugin(plugin, name),
    );
    return isRunner && ciTargetName !== undefined ? [ciTargetName] : [];
  });
  return [...new Set(names)];
}

function targetsOf(
  config: WplugConfig,
  setting: TargetSetting,
): NonNullable<ProjectConfiguration["targets"]> {
  switch (config.type) {
    case "contract":
      return contractTargets(config, setting);
    case "plugin":
      return pluginTargets(config, setting);
    case "host":
      return hostTargets(config, setting);
  }
}

// A file with a mistake is left out here: it fails when its own targets are made.
function addProject(
  projects: Map<string, WplugProject>,
  file: string,
  { workspaceRoot }: CreateNodesContextV2,
): void {
  const root = toRoot(file);
  const name = projectName(join(workspaceRoot, root));
  if (name === undefined) return;
  try {
    projects.set(root, { name, root, config: readConfig(workspaceRoot, file) });
  } catch {
    return;
  }
}

function readConfig(workspaceRoot: string, file: string): WplugConfig {
  return parseWplugConfig(readFileSync(join(workspaceRoot, file), "utf8"), file);
}

function toRoot(file: string): string {
  return dirname(file).replaceAll("\\", "/");
}
