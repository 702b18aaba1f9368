import { posix } from "node:path";

import type { HostConfig } from "../config/wplug-config";
import { handshakeTargets } from "./handshake-targets";
import { GENERATED, packages, sources, WASM } from "./inputs";
import {
  buildsOf,
  generatesOf,
  pluginsOf,
  registryPlugins,
  vendoredPlugins,
} from "./related-projects";
import { metadata, testTarget, typecheckTarget } from "./shared-targets";
import type { Dependencies, Targets, TargetSetting } from "./wplug-project";

export function hostTargets(config: HostConfig, setting: TargetSetting): Targets {
  const { project } = setting;
  const plugins = pluginsOf(config.contracts, setting);
  const generated = generatesOf(config.contracts, setting);
  const wasm = [
    ...plugins.map(({ name, root }) => posix.join(root, "dist", `${name}.wasm`)),
    ...vendoredPlugins(config.contracts, setting),
  ].map((path) => posix.relative(project.root, path));
  return {
    ...(config.platform === "browser"
      ? pageTargets(config, [...generated, ...buildsOf(plugins)], setting)
      : programTargets(config, generated, wasm, setting)),
    ...testTarget([...generated, ...buildsOf(plugins)], [GENERATED, WASM], setting),
    ...typecheckTarget(generated, setting),
    ...handshakeTargets({ contracts: config.contracts, plugins, generated }, setting),
  };
}

/** @param wasm of all plugins, relative to the project */
function programTargets(
  config: HostConfig,
  generated: Dependencies,
  wasm: readonly string[],
  setting: TargetSetting,
): Targets {
  return {
    build: {
      executor: "wplug:bundle",
      dependsOn: generated,
      cache: true,
      inputs: [
        ...sources("production", config.contracts, setting),
        GENERATED,
        ...packages(["wplug"], setting),
      ],
      outputs: ["{projectRoot}/dist/main.mjs", "{projectRoot}/dist/main.mjs.map"],
      metadata: metadata("Bundles this host for Node."),
    },
    serve: {
      executor: "wplug:serve",
      options: {
        plugins: [...wasm, ...registryPlugins(config.contracts, setting)],
        buildTarget: setting.options.buildTargetName,
      },
      dependsOn: ["build", ...buildsOf(pluginsOf(config.contracts, setting))],
      metadata: metadata(
        "Runs this host with every plugin of its contracts, and builds them when sources change.",
      ),
    },
  };
}

/** Of a page, which has the plugins in it. */
function pageTargets(config: HostConfig, built: Dependencies, setting: TargetSetting): Targets {
  return {
    build: {
      executor: "wplug:vite",
      options: { command: "build" },
      dependsOn: built,
      cache: true,
      inputs: [
        ...sources("production", config.contracts, setting),
        GENERATED,
        WASM,
        ...vendoredPlugins(config.contracts, setting).map((path) => `{workspaceRoot}/${path}`),
        ...packages(["vite", "wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
      ],
      outputs: ["{projectRoot}/dist/web"],
      metadata: metadata("Bundles this page with the plugins of its contracts."),
    },
    serve: {
      executor: "wplug:vite",
      options: { command: "dev" },
      dependsOn: built,
      continuous: true,
      metadata: metadata("Serves the sources of this page, and reloads it when they change."),
    },
    preview: {
      executor: "wplug:vite",
      options: { command: "preview" },
      dependsOn: ["build"],
      continuous: true,
      metadata: metadata("Serves this page as it was built."),
    },
  };
}
