import { existsSync } from "node:fs";
import { join, relative } from "node:path";

import { findProjects, folderWith } from "../config/find-projects";
import { CONFIG_FILE, readWplugConfig } from "../config/wplug-config";
import { isRegistrySource } from "../distribution/workspace-plugins";
import { UserError } from "../errors/user-error";
import { projectName } from "../workspace/project-name";

/** A plugin on disk. */
export interface BuiltPlugin {
  /** Its project, or the path of a wasm file relative to the workspace. */
  readonly name: string;
  /** Absolute path of its wasm file. */
  readonly wasm: string;
}

/**
 * The plugins that the tests of a project are about: of a plugin itself, of a host all plugins of its contracts, by name.
 * `nx test` builds them first. For tests alone, as it searches the workspace.
 *
 * @param folder of the test: `__dirname`
 * @throws Error if one of them is not built, or the folder is in no wplug project
 */
export function builtPlugins(folder: string): BuiltPlugin[] {
  const projectRoot = folderWith(CONFIG_FILE, folder);
  const config = readWplugConfig(projectRoot, ["plugin", "host"]);
  if (config.type === "plugin") return [builtPlugin(folder)];
  const workspaceRoot = folderWith("nx.json", projectRoot);
  const projects = findProjects(workspaceRoot);
  const plugins = projects
    .filter(({ config: it }) => it.type === "plugin" && config.contracts.includes(it.contract))
    .map((it) => pluginOf(it.folder));
  const contracts = projects.filter(({ name }) => config.contracts.includes(name));
  const vendored = [{ folder: projectRoot, config }, ...contracts].flatMap((it) =>
    // Those of registries are loaded from there: a test should not need a network.
    "plugins" in it.config
      ? it.config.plugins
          .filter((path) => !isRegistrySource(path))
          .map((path) => join(it.folder, path))
      : [],
  );
  return [
    ...plugins.sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...vendored.map((wasm) => existing(relative(workspaceRoot, wasm).replaceAll("\\", "/"), wasm)),
  ];
}

/**
 * The plugin that a test belongs to.
 *
 * @param folder of the test: `__dirname`
 * @throws Error if it is not built, or the folder is in no plugin
 */
export function builtPlugin(folder: string): BuiltPlugin {
  const projectRoot = folderWith(CONFIG_FILE, folder);
  readWplugConfig(projectRoot, ["plugin"]);
  return pluginOf(projectRoot);
}

function pluginOf(folder: string): BuiltPlugin {
  const name = projectName(folder) ?? "";
  return existing(name, join(folder, "dist", `${name}.wasm`));
}

function existing(name: string, wasm: string): BuiltPlugin {
  if (existsSync(wasm)) return { name, wasm };
  throw new UserError(
    `${wasm} does not exist: "nx build ${name}" makes it, and "nx test" runs that.`,
  );
}
