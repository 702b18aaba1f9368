import type { TargetConfiguration } from "@nx/devkit";

import { LOCKFILE } from "../distribution/workspace-plugins";
import { GENERATED, packages, WASM } from "./inputs";
import {
  buildsOf,
  hostsOf,
  isCommitted,
  registryPlugins,
  vendoredPlugins,
} from "./related-projects";
import { metadata } from "./shared-targets";
import type { Dependencies, Targets, TargetSetting, WplugProject } from "./wplug-project";

export interface Handshakes {
  /** The contracts whose plugins and hosts are brought together. */
  readonly contracts: readonly string[];
  /** The plugins of the workspace that are checked. */
  readonly plugins: readonly WplugProject[];
  /** What generates the SDKs of the contracts. */
  readonly generated: Dependencies;
}

const REPORTS = "dist/handshake-ci";

/**
 * `handshake` checks everything that a project has to do with. For CI, contracts and hosts have one target for each plugin too,
 * which needs that plugin alone and can run on a machine of its own, and `handshake-ci`, which joins their reports.
 */
export function handshakeTargets(handshakes: Handshakes, setting: TargetSetting): Targets {
  const { contracts, plugins } = handshakes;
  const vendored = vendoredPlugins(contracts, setting);
  const handshake = handshakeTarget(handshakes, vendored, setting);
  if (setting.project.config.type === "plugin") return { handshake };
  const targets: Targets = { handshake };
  const reports: string[] = [];
  const add = (plugin: string, target: TargetConfiguration) => {
    // A colon would end the name of a target.
    const name = plugin.replace("oci://", "").replaceAll(":", "-");
    const report = `${REPORTS}/${name.replaceAll("/", "-")}`;
    reports.push(`${report}.json`);
    targets[`handshake-ci--${name}`] = {
      ...target,
      options: { plugin, json: `${report}.json`, junit: `${report}.xml` },
      outputs: outputsOf(report),
      metadata: metadata(`Checks that ${name} fits the hosts of its contract.`),
    };
  };
  for (const plugin of plugins) {
    add(plugin.name, handshakeTarget({ ...handshakes, plugins: [plugin] }, [], setting));
  }
  for (const path of vendored) {
    add(path, handshakeTarget({ ...handshakes, plugins: [] }, [path], setting));
  }
  for (const source of registryPlugins(contracts, setting)) {
    add(source, handshakeTarget({ ...handshakes, plugins: [] }, [], setting));
  }
  targets["handshake-ci"] = {
    executor: "wplug:handshake",
    options: { reports },
    dependsOn: Object.keys(targets).filter((name) => name.startsWith("handshake-ci--")),
    cache: true,
    inputs: [
      "{projectRoot}/wplug.json",
      { dependentTasksOutputFiles: `**/${REPORTS}/*.json` },
      ...packages(["wplug"], setting),
    ],
    outputs: handshake.outputs ?? [],
    metadata: metadata("Checks each plugin in a task of its own, and joins the reports."),
  };
  return targets;
}

/** The page is there only if it is asked for. */
function outputsOf(report: string): string[] {
  return ["json", "xml", "html"].map((extension) => `{projectRoot}/${report}.${extension}`);
}

function handshakeTarget(
  { contracts, plugins, generated }: Handshakes,
  vendored: readonly string[],
  setting: TargetSetting,
): TargetConfiguration {
  const { project, projects } = setting;
  const isHost = project.config.type === "host";
  const hosts = isHost ? [project] : hostsOf(contracts, setting);
  // A host's functions may use the SDKs of its other contracts.
  const others = hosts
    .flatMap(({ config }) => (config.type === "host" ? config.contracts : []))
    .filter((name) => name !== project.name && !isCommitted(name, setting))
    .filter((contract) => projects.some(({ name }) => name === contract));
  const builds = project.config.type === "plugin" ? ["build"] : buildsOf(plugins);
  return {
    executor: "wplug:handshake",
    dependsOn: [
      // A plugin's own build comes first, for people who read it.
      ...(project.config.type === "plugin" ? [...builds, ...generated] : [...generated, ...builds]),
      ...(isHost || others.length === 0
        ? []
        : [{ projects: [...new Set(others)].sort(), target: "generate" }]),
    ],
    cache: true,
    inputs: [
      "{projectRoot}/wplug.json",
      GENERATED,
      WASM,
      ...vendored.map((path) => `{workspaceRoot}/${path}`),
      // It says which bytes those of registries have.
      ...(registryPlugins(contracts, setting).length > 0 ? [`{workspaceRoot}/${LOCKFILE}`] : []),
      ...hosts.flatMap(({ root }) => [
        `{workspaceRoot}/${root}/src/**/*.ts`,
        `!{workspaceRoot}/${root}/src/**/*.spec.ts`,
        `{workspaceRoot}/${root}/wplug.json`,
      ]),
      ...packages(["wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
    ],
    outputs: outputsOf("dist/handshake"),
    metadata: metadata("Checks that the plugins and hosts of a contract fit together."),
  };
}
