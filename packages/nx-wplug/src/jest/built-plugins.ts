import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { CONFIG_FILE, readWplugConfig, type WplugConfig } from "../config/wplug-config";
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
  const projects = wplugProjects(workspaceRoot);
  const plugins = projects
    .filter(({ config: it }) => it.type === "plugin" && config.contracts.includes(it.contract))
    .map((it) => pluginOf(it.folder));
  const contracts = projects.filter(({ name }) => config.contracts.includes(name));
  const vendored = [{ folder: projectRoot, config }, ...contracts].flatMap((it) =>
    "plugins" in it.config ? it.config.plugins.map((path) => join(it.folder, path)) : [],
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

function folderWith(file: string, start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (dirname(folder) === folder) {
      throw new UserError(`There is no ${file} in ${start} or a folder above it.`);
    }
  }
}

interface FoundProject {
  readonly name: string;
  readonly folder: string;
  readonly config: WplugConfig;
}

function wplugProjects(folder: string): FoundProject[] {
  const found: FoundProject[] = [];
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === CONFIG_FILE)) {
    const name = projectName(folder);
    const config = readWplugConfig(folder, ["contract", "plugin", "host"]);
    if (name !== undefined) found.push({ name, folder, config });
  }
  for (const entry of entries) {
    if (!entry.isDirectory() || /^(\.|(node_modules|dist|tmp)$)/.test(entry.name)) continue;
    found.push(...wplugProjects(join(folder, entry.name)));
  }
  return found;
}
