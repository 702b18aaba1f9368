import type { PluginConfig } from "../config/wplug-config";
import { languageNamed } from "../languages/find-language";
import type { Language } from "../languages/language";
import { handshakeTargets } from "./handshake-targets";
import { GENERATED, packages, WASM } from "./inputs";
import { generatesOf, protosOf, withImported } from "./related-projects";
import { metadata, testTarget, typecheckTarget } from "./shared-targets";
import type { Targets, TargetSetting } from "./wplug-project";

export function pluginTargets(config: PluginConfig, setting: TargetSetting): Targets {
  const generated = generatesOf([config.contract], setting);
  return {
    ...sdkAndBuildTargets(languageNamed(config.language), config, setting),
    ...testTarget(["build", ...generated], [GENERATED, WASM], setting),
    ...typecheckTarget(generated, setting),
    ...handshakeTargets({ contracts: [config.contract], plugins: [], generated }, setting),
    playground: {
      executor: "wplug:playground",
      options: { buildTarget: setting.options.buildTargetName },
      dependsOn: ["build"],
      continuous: true,
      metadata: metadata(
        "Serves a page where this plugin can be called, and builds it when sources change.",
      ),
    },
    ...pushTargets(config),
  };
}

/** Never cached: what is in a registry is not for Nx to know. */
function pushTargets({ registry }: PluginConfig): Targets {
  if (registry === undefined) return {};
  const push = {
    executor: "wplug:push",
    dependsOn: ["build", "handshake"],
    cache: false,
    metadata: metadata(`Puts this plugin into the registry ${registry}.`),
  };
  return {
    push,
    // What nx release publish runs.
    "nx-release-publish": { ...push, metadata: metadata("Publishes this plugin, as push does.") },
  };
}

function sdkAndBuildTargets(
  { sdk, title, buildInputs }: Language,
  config: PluginConfig,
  setting: TargetSetting,
): Targets {
  const { project, projects } = setting;
  const contracts = withImported([config.contract], setting);
  const protos = protosOf(contracts, setting);
  const contractRoots = projects
    .filter(({ name }) => contracts.includes(name))
    .map(({ root }) => root);
  const { inputs, packages: used } = buildInputs({ contractRoots, protos });
  const build = {
    executor: "wplug:build",
    dependsOn: sdk.place === "plugin" ? ["generate"] : generatesOf([config.contract], setting),
    cache: true,
    inputs: [
      ...inputs,
      // Their comments are in the wasm.
      ...(config.describe ? protos.filter((it) => !inputs.includes(it)) : []),
      ...packages(used, setting),
    ],
    // The option names another file; without it, Nx leaves that output out.
    outputs: [`{projectRoot}/dist/${project.name}.wasm`, "{projectRoot}/{options.outputFile}"],
    metadata: metadata("Compiles this plugin to WebAssembly."),
  };
  if (sdk.place === "contract") return { build };
  return {
    generate: {
      executor: "wplug:generate",
      cache: true,
      inputs: [
        ...protos,
        "{projectRoot}/wplug.json",
        ...sdk.inputs,
        ...packages(["wplug", "@bufbuild/buf"], setting),
      ],
      outputs: [`{projectRoot}/${sdk.folder}`],
      metadata: metadata(`Generates the ${title} SDK of this plugin's contract.`),
    },
    build,
  };
}
