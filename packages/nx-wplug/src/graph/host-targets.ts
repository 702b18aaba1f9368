import { posix } from "node:path";

import type { HostConfig } from "../config/wplug-config";
import { handshakeTargets } from "./handshake-targets";
import { GENERATED, packages, sources, WASM } from "./inputs";
import { buildsOf, generatesOf, pluginsOf, vendoredPlugins } from "./related-projects";
import { metadata, testTarget, typecheckTarget } from "./shared-targets";
import type { Targets, TargetSetting } from "./wplug-project";

export function hostTargets(config: HostConfig, setting: TargetSetting): Targets {
  const { project } = setting;
  const plugins = pluginsOf(config.contracts, setting);
  const generated = generatesOf(config.contracts, setting);
  const wasm = [
    ...plugins.map(({ name, root }) => posix.join(root, "dist", `${name}.wasm`)),
    ...vendoredPlugins(config.contracts, setting),
  ].map((path) => posix.relative(project.root, path));
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
      options: { plugins: wasm, buildTarget: setting.options.buildTargetName },
      dependsOn: ["build", ...buildsOf(plugins)],
      metadata: metadata(
        "Runs this host with every plugin of its contracts, and builds them when sources change.",
      ),
    },
    ...testTarget([...generated, ...buildsOf(plugins)], [GENERATED, WASM], setting),
    ...typecheckTarget(generated, setting),
    ...handshakeTargets({ contracts: config.contracts, plugins, generated }, setting),
  };
}
