import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";

import type { Inputs } from "../languages/language";
import { packageFolder } from "../system/package-manager";
import { foreignContracts, withImported } from "./related-projects";
import type { TargetSetting } from "./wplug-project";

/** TypeScript that other tasks have generated. */
export const GENERATED = { dependentTasksOutputFiles: "**/*.ts", transitive: true };

/** Plugins that other tasks have built. */
export const WASM = { dependentTasksOutputFiles: "**/*.wasm", transitive: true };

/**
 * The files of a project and of what it depends on. What a workspace calls `default` or `production` counts, but can't leave out
 * the folders of a project, of its contracts and of what those import.
 */
export function sources(
  kind: "default" | "production",
  contracts: readonly string[],
  setting: TargetSetting,
): Inputs {
  const { project, projects, namedInputs } = setting;
  const used = withImported(contracts, setting);
  const named = kind in namedInputs ? kind : "default";
  const upstream = "production" in namedInputs ? "production" : "default";
  return [
    named,
    `^${upstream}`,
    // Nx leaves out what any of the named inputs leaves out: specs, in "production".
    "{projectRoot}/**/*",
    ...projects
      .filter(({ name }) => used.includes(name) && name !== project.name)
      .flatMap(({ root }) => [
        `{workspaceRoot}/${root}/src/**/*.ts`,
        `!{workspaceRoot}/${root}/src/**/*.spec.ts`,
      ]),
  ];
}

/**
 * These packages, and contracts from other repositories, as inputs: the versions of those that are installed, and the files of those that are projects of the
 * workspace itself, which Nx does not accept as external dependencies.
 */
export function packages(names: readonly string[], setting: TargetSetting): Inputs {
  const { workspaceRoot } = setting;
  const externalDependencies: string[] = [];
  const files: string[] = [];
  for (const name of [...names, ...foreignContracts(setting)]) {
    const path = packageFolder(name, workspaceRoot);
    if (path === undefined) continue;
    if (path.split(sep).includes("node_modules")) externalDependencies.push(name);
    else {
      const root = relative(realpathSync(workspaceRoot), path).replaceAll(sep, "/");
      files.push(`{workspaceRoot}/${root}/**/*`);
    }
  }
  return [{ externalDependencies }, ...files];
}
