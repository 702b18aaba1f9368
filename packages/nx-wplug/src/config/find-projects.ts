import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { UserError } from "../errors/user-error";
import { projectName } from "../workspace/project-name";
import { CONFIG_FILE, readWplugConfig, type WplugConfig } from "./wplug-config";

/** A project with a wplug.json, found on disk. */
export interface FoundProject {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly config: WplugConfig;
}

/** The projects in a folder, where Nx is not there to be asked. */
export function findProjects(folder: string): FoundProject[] {
  const found: FoundProject[] = [];
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === CONFIG_FILE)) {
    const name = projectName(folder);
    const config = readWplugConfig(folder, ["contract", "plugin", "host"]);
    if (name !== undefined) found.push({ name, folder, config });
  }
  for (const entry of entries) {
    if (!entry.isDirectory() || /^(\.|(node_modules|dist|tmp)$)/.test(entry.name)) continue;
    found.push(...findProjects(join(folder, entry.name)));
  }
  return found;
}

/**
 * The nearest folder with a file, `start` or above it.
 *
 * @throws UserError if there is none
 */
export function folderWith(file: string, start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (dirname(folder) === folder) {
      throw new UserError(`There is no ${file} in ${start} or a folder above it.`);
    }
  }
}
