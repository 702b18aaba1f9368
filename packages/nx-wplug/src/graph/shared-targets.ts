import { existsSync } from "node:fs";
import { join } from "node:path";

import type { TargetConfiguration } from "@nx/devkit";

import type { Inputs } from "../languages/language";
import { GENERATED, packages, WASM } from "./inputs";
import { hostsOf, isCommitted, vendoredPlugins } from "./related-projects";
import type { Dependencies, Targets, TargetSetting } from "./wplug-project";

/** Runs jest, which finds its settings in `jest.config.cjs`. */
export function testTarget(
  dependsOn: Dependencies,
  outputsOfTasks: Inputs,
  setting: TargetSetting,
): Targets {
  return {
    test: {
      command: "jest",
      options: { cwd: "{projectRoot}" },
      dependsOn,
      cache: true,
      inputs: [
        "default",
        "^default",
        ...outputsOfTasks,
        ...packages(["jest", "wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
      ],
      metadata: metadata("Runs this project's tests."),
    },
  };
}

/** Makes sure that a type check sees the generated code, whoever infers it. */
export function typecheckTarget(dependsOn: Dependencies, setting: TargetSetting): Targets {
  const { project, workspaceRoot, typescriptPlugin } = setting;
  if (!existsSync(join(workspaceRoot, project.root, "tsconfig.json"))) return {};
  if (typescriptPlugin) return { typecheck: { dependsOn: ["^typecheck", ...dependsOn] } };
  return {
    typecheck: {
      command: "tsc --noEmit -p tsconfig.json",
      options: { cwd: "{projectRoot}" },
      dependsOn,
      cache: true,
      inputs: ["default", "^default", GENERATED, ...packages(["typescript"], setting)],
      metadata: metadata("Checks the types of this project's TypeScript."),
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
