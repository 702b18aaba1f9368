import { posix } from "node:path";

import { HOST_OUT } from "../codegen/generate-contract";
import type { ContractConfig } from "../config/wplug-config";
import { hasPluginSdk, languageNamed, languagesOfContracts } from "../languages/find-language";
import { handshakeTargets } from "./handshake-targets";
import { GENERATED, packages, sources } from "./inputs";
import { pluginsOf } from "./related-projects";
import { metadata, testTarget, typecheckTarget } from "./shared-targets";
import type { Targets, TargetSetting } from "./wplug-project";

export function contractTargets(config: ContractConfig, setting: TargetSetting): Targets {
  const { project } = setting;
  const plugins = pluginsOf([project.name], setting);
  const generated = config.commitGenerated ? [] : ["generate"];
  return {
    generate: {
      executor: "wplug:generate",
      cache: true,
      inputs: [
        `{projectRoot}/${posix.join(config.proto, "**/*.proto")}`,
        "{projectRoot}/wplug.json",
        // What plugins with an SDK of their own can't follow is part of the output.
        ...plugins
          .filter((plugin) => hasPluginSdk(languageNamed(plugin.config.language)))
          .map(({ root }) => `{workspaceRoot}/${root}/wplug.json`),
        ...packages(["wplug", "@bufbuild/buf"], setting),
      ],
      outputs: [HOST_OUT, ...languagesOfContracts().map(({ sdk }) => sdk.folder)].map(
        (folder) => `{projectRoot}/${folder}`,
      ),
      metadata: metadata("Generates the SDKs of this contract from its .proto files."),
    },
    "check-version": {
      executor: "wplug:check-version",
      // What git has as the base is no input that Nx could know.
      cache: false,
      metadata: metadata("Checks that a change that breaks plugins or hosts has a higher version."),
    },
    build: {
      executor: "wplug:tsc",
      options: { project: "tsconfig.lib.json" },
      dependsOn: generated,
      cache: true,
      inputs: [
        ...sources("production", [], setting),
        GENERATED,
        ...packages(["typescript"], setting),
      ],
      outputs: ["js", "js.map", "d.ts", "d.ts.map"].map(
        (type) => `{projectRoot}/dist/**/*.${type}`,
      ),
      metadata: metadata("Compiles the TypeScript SDK for those who publish it."),
    },
    ...testTarget(generated, [GENERATED], setting),
    ...typecheckTarget(generated, setting),
    ...handshakeTargets({ contracts: [project.name], plugins, generated }, setting),
  };
}
