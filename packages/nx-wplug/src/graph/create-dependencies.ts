import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Types alone: see create-nodes.ts.
import type { CreateDependencies, DependencyType, RawProjectGraphDependency } from "@nx/devkit";

import { CONFIG_FILE, parseWplugConfig, usedContractsOf } from "../config/wplug-config";

const STATIC = "static" as DependencyType.static;

/**
 * Adds the edges plugin -> contract, host -> contract and contract -> contract that the wplug.json files name. A contract that does not exist
 * gets no edge; the tasks that need it say so. Nx validates what it gets.
 */
export const createDependencies: CreateDependencies = (_options, context) => {
  const dependencies: RawProjectGraphDependency[] = [];
  for (const [source, { root }] of Object.entries(context.projects)) {
    const sourceFile = `${root}/${CONFIG_FILE}`;
    const path = join(context.workspaceRoot, sourceFile);
    if (!existsSync(path)) continue;
    const config = parseWplugConfig(readFileSync(path, "utf8"), sourceFile);
    for (const target of usedContractsOf(source, config)) {
      if (target === source || context.projects[target] === undefined) continue;
      dependencies.push({ source, target, sourceFile, type: STATIC });
    }
  }
  return dependencies;
};
