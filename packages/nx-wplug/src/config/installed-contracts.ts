import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

import { packageFolder } from "../system/package-manager";
import { projectName } from "../workspace/project-name";
import type { FoundProject } from "./find-projects";
import { CONFIG_FILE, readWplugConfig } from "./wplug-config";

/**
 * The folder of a contract that is an installed package, from another repository; undefined if there is none.
 *
 * @param name of the package
 * @param from absolute folder whose `node_modules` folders, and those above, are searched
 */
export function installedContract(name: string, from: string): string | undefined {
  const folder = packageFolder(name, from);
  return folder !== undefined && isInstalled(folder) && existsSync(join(folder, CONFIG_FILE))
    ? folder
    : undefined;
}

/** Whether a folder, without links, is that of an installed package and not of a project. */
export function isInstalled(folder: string): boolean {
  return folder.split(sep).includes("node_modules");
}

/** A package and those that it depends on, as far as they are contracts, by the names that they had as projects. */
export function installedContracts(folder: string): FoundProject[] {
  const found = new Map<string, FoundProject>();
  const visit = (at: string): void => {
    const config = readWplugConfig(at, ["contract", "plugin", "host"]);
    found.set(at, { name: projectName(at) ?? at, folder: at, config });
    for (const name of dependenciesOf(at)) {
      const next = installedContract(name, at);
      if (next !== undefined && !found.has(next)) visit(next);
    }
  };
  visit(folder);
  return [...found.values()];
}

function dependenciesOf(folder: string): string[] {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: object };
  return Object.keys(dependencies);
}
