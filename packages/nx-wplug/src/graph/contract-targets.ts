import { existsSync } from "node:fs";
import { join, posix } from "node:path";

import { HOST_OUT } from "../codegen/host-out";
import type { ContractConfig } from "../config/wplug-config";
import { hasPluginSdk, languageNamed, languagesOfContracts } from "../languages/find-language";
import { ROOT_TSCONFIGS } from "../workspace/root-tsconfig";
import { handshakeTargets } from "./handshake-targets";
import { GENERATED, packages, sources } from "./inputs";
import { buildsOf, generatesOf, pluginsOf, protosOf, withImported } from "./related-projects";
import { metadata, testTarget, typecheckTarget } from "./shared-targets";
import type { Targets, TargetSetting, WplugProject } from "./wplug-project";

export function contractTargets(config: ContractConfig, setting: TargetSetting): Targets {
  const { project } = setting;
  const plugins = pluginsOf([project.name], setting);
  const imported = withImported([project.name], setting).slice(1);
  const importedGenerated = imported.length === 0 ? [] : generatesOf(config.imports, setting);
  const generated = config.commitGenerated ? importedGenerated : ["generate"];
  return {
    generate: {
      executor: "wplug:generate",
      // Mistakes in what it imports are reported there, once.
      ...(importedGenerated.length > 0 && { dependsOn: importedGenerated }),
      cache: true,
      inputs: [
        `{projectRoot}/${posix.join(config.proto, "**/*.proto")}`,
        "{projectRoot}/wplug.json",
        ...importInputs(imported, setting),
        // What plugins with an SDK of their own can't follow is part of the output.
        ...plugins
          .filter((plugin) => hasPluginSdk(languageNamed(plugin.config.language)))
          .map(({ root }) => `{workspaceRoot}/${root}/wplug.json`),
        ...packages(["wplug", "@bufbuild/buf"], setting),
      ],
      outputs: [...new Set([HOST_OUT, ...languagesOfContracts().map(({ sdk }) => sdk.folder)])].map(
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
      dependsOn: [...generated, ...buildsOf(importedProjects(config.imports, setting))],
      cache: true,
      inputs: [
        ...sources("production", config.imports, setting),
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

/** What the generated code has from imported contracts: their messages, and what they are imported by. */
function importInputs(imported: readonly string[], setting: TargetSetting): string[] {
  if (imported.length === 0) return [];
  const base = ROOT_TSCONFIGS.find((file) => existsSync(join(setting.workspaceRoot, file)));
  return [
    ...protosOf(imported, setting),
    ...importedProjects(imported, setting).flatMap(({ root }) =>
      ["wplug.json", "package.json"].map((file) => `{workspaceRoot}/${root}/${file}`),
    ),
    ...(base === undefined ? [] : [`{workspaceRoot}/${base}`]),
  ];
}

function importedProjects(
  imported: readonly string[],
  { projects }: TargetSetting,
): WplugProject[] {
  return projects.filter(({ name }) => imported.includes(name));
}
