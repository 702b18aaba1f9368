import { existsSync } from "node:fs";
import { join } from "node:path";

import type { TargetConfiguration } from "@nx/devkit";

import { contractsOf } from "../config/wplug-config";
import type { Inputs } from "../languages/language";
import { testRunnerIn } from "../workspace/test-runner";
import { GENERATED, packages, sources } from "./inputs";
import type { Dependencies, Targets, TargetSetting } from "./wplug-project";

/** Runs the tests of a project, by jest or Vitest, whichever has its configuration there; no target if neither has. */
export function testTarget(
  dependsOn: Dependencies,
  outputsOfTasks: Inputs,
  setting: TargetSetting,
): Targets {
  const { name, root, config } = setting.project;
  const runner = testRunnerIn(join(setting.workspaceRoot, root));
  if (runner === undefined) return {};
  const test = {
    executor: "wplug:test",
    dependsOn,
    cache: true,
    inputs: [
      ...sources("default", contractsOf(name, config), setting),
      ...outputsOfTasks,
      ...packages([runner, "wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
    ],
    metadata: {
      ...metadata("Runs this project's tests."),
      help: { command: `npx ${runner} --help`, example: { args: ["--testNamePattern=greets"] } },
    },
  };
  // What others infer by these names knows nothing of what has to be generated and built before.
  const inCi = setting.ciTestTargets.map((target) => [target, test]);
  return { ...(Object.fromEntries(inCi) as Targets), test };
}

/**
 * Checks types, by project references where @nx/js/typescript does so with all projects: of theirs and ours Nx takes the last,
 * which is ours, as theirs knows nothing of generated code.
 */
export function typecheckTarget(dependsOn: Dependencies, setting: TargetSetting): Targets {
  const { project, workspaceRoot, typescriptPlugin } = setting;
  if (!existsSync(join(workspaceRoot, project.root, "tsconfig.json"))) return {};
  const common = {
    executor: "wplug:tsc",
    cache: true,
    inputs: [
      ...sources("default", contractsOf(project.name, project.config), setting),
      GENERATED,
      ...packages(["typescript"], setting),
    ],
    metadata: metadata("Checks the types of this project's TypeScript."),
  };
  // Plugins in TypeScript have other globals than their tests.
  const own = "src/tsconfig.json";
  const hasOwn =
    project.config.type === "plugin" && existsSync(join(workspaceRoot, project.root, own));
  const sourcesAlone = hasOwn ? { sources: own } : {};
  if (!typescriptPlugin) {
    return { typecheck: { ...common, options: { mode: "check", ...sourcesAlone }, dependsOn } };
  }
  return {
    typecheck: {
      ...common,
      options: { mode: "build", ...sourcesAlone },
      dependsOn: ["^typecheck", ...dependsOn],
      outputs: ["{projectRoot}/dist/out-tsc"],
      syncGenerators: ["@nx/js:typescript-sync"],
    },
  };
}

/** What Nx shows of a target. */
export function metadata(description: string): NonNullable<TargetConfiguration["metadata"]> {
  return { description, technologies: ["wplug"] };
}
