import { type NxJsonConfiguration, readNxJson, type Tree, updateNxJson } from "@nx/devkit";

import { isPlugin } from "../../workspace/is-plugin";
import { withExecutorDefaults } from "../../workspace/target-defaults";

/** Registers wplug in nx.json, and sees to it that its projects have their targets as wplug infers them. */
export function registerInNxJson(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  if (!plugins(nxJson).some(isWplug)) {
    // After a project was moved, "nx sync" mends what names it by its former folder.
    const globalGenerators = [...(nxJson.sync?.globalGenerators ?? []), "wplug:sync"];
    updateNxJson(tree, {
      ...nxJson,
      plugins: [...plugins(nxJson), "wplug"],
      sync: { ...nxJson.sync, globalGenerators: [...new Set(globalGenerators)] },
    });
  }
  mendNxJson(tree);
}

/** @returns what was put right, for people */
export function mendNxJson(tree: Tree): string[] {
  const nxJson = readNxJson(tree) ?? {};
  const details: string[] = [];
  const own = plugins(nxJson).find(isWplug);
  if (own !== undefined && plugins(nxJson).at(-1) !== own) {
    // Of two plugins that infer a target of one name, Nx takes the last.
    nxJson.plugins = [...plugins(nxJson).filter((plugin) => plugin !== own), own];
    details.push("nx.json: wplug is the last of the plugins, so that its targets are its own");
  }
  const targetDefaults = withExecutorDefaults(nxJson.targetDefaults);
  if (targetDefaults !== undefined) {
    nxJson.targetDefaults = targetDefaults;
    details.push("nx.json: targetDefaults has an entry for every executor of wplug");
  }
  if (details.length > 0) updateNxJson(tree, nxJson);
  return details;
}

type Plugins = NonNullable<NxJsonConfiguration["plugins"]>;

function plugins({ plugins = [] }: NxJsonConfiguration): Plugins {
  return plugins;
}

function isWplug(plugin: Plugins[number]): boolean {
  return isPlugin(plugin, "wplug");
}
