import { existsSync } from "node:fs";
import { join } from "node:path";

import type { TargetConfiguration } from "@nx/devkit";

import { contractsOf } from "../config/wplug-config";
import { LOCKFILE } from "../distribution/workspace-plugins";
import type { Inputs } from "../languages/language";
import { GENERATED, packages, sources, WASM } from "./inputs";
import { hostsOf, isCommitted, registryPlugins, vendoredPlugins } from "./related-projects";
import type { Dependencies, Targets, TargetSetting } from "./wplug-project";

/** Runs jest, which finds its settings in `jest.config.cjs`. */
export function testTarget(
  dependsOn: Dependencies,
  outputsOfTasks: Inputs,
  setting: TargetSetting,
): Targets {
  const { name, config } = setting.project;
  return {
    test: {
      executor: "wplug:test",
      dependsOn,
      cache: true,
      inputs: [
        ...sources("default", contractsOf(name, config), setting),
        ...outputsOfTasks,
        ...packages(["jest", "wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
      ],
      metadata: metadata("Runs this project's tests."),
    },
  };
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
  if (!typescriptPlugin) {
    return { typecheck: { ...common, options: { mode: "check" }, dependsOn } };
  }
  return {
    typecheck: {
      ...common,
      options: { mode: "build" },
      dependsOn: ["^typecheck", ...dependsOn],
      outputs: ["{projectRoot}/dist/out-tsc"],
      syncGenerators: ["@nx/js:typescript-sync"],
    },
  };
}

/** @param contracts whose plugins and hosts are brought together */
export function handshakeTarget(
  dependsOn: Dependencies,
  contracts: readonly string[],
  setting: TargetSetting,
): Targets {
  const { project, projects } = setting;
  const isHost = project.config.type === "host";
  const hosts = isHost ? [project] : hostsOf(contracts, setting);
  // A host's functions may use the SDKs of its other contracts.
  const others = hosts
    .flatMap(({ config }) => (config.type === "host" ? config.contracts : []))
    .filter((name) => name !== project.name && !isCommitted(name, setting))
    .filter((contract) => projects.some(({ name }) => name === contract));
  return {
    handshake: {
      executor: "wplug:handshake",
      dependsOn: [
        ...dependsOn,
        ...(isHost || others.length === 0
          ? []
          : [{ projects: [...new Set(others)].sort(), target: "generate" }]),
      ],
      cache: true,
      inputs: [
        "{projectRoot}/wplug.json",
        GENERATED,
        WASM,
        ...vendoredPlugins(contracts, setting).map((path) => `{workspaceRoot}/${path}`),
        // It says which bytes those of registries have.
        ...(registryPlugins(contracts, setting).length > 0 ? [`{workspaceRoot}/${LOCKFILE}`] : []),
        ...hosts.flatMap(({ root }) => [
          `{workspaceRoot}/${root}/src/**/*.ts`,
          `!{workspaceRoot}/${root}/src/**/*.spec.ts`,
          `{workspaceRoot}/${root}/wplug.json`,
        ]),
        ...packages(["wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
      ],
      outputs: ["{projectRoot}/dist/handshake.json", "{projectRoot}/dist/handshake.xml"],
      metadata: metadata("Checks that the plugins and hosts of a contract fit together."),
    },
  };
}

/** What Nx shows of a target. */
export function metadata(description: string): NonNullable<TargetConfiguration["metadata"]> {
  return { description, technologies: ["wplug"] };
}
