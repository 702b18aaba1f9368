import type { NxJsonConfiguration } from "@nx/devkit";

type Plugin = NonNullable<NxJsonConfiguration["plugins"]>[number];

/** Whether an entry of `plugins` in nx.json, which is a name or an object with one, is the plugin of that name. */
export function isPlugin(entry: Plugin, name: string): boolean {
  return (typeof entry === "string" ? entry : entry.plugin) === name;
}
