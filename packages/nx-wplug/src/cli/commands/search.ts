import type { ResolvedPlugin } from "@wplug/runtime/oci";

import { contractSources } from "../../config/contract-sources";
import { findProjects } from "../../config/find-projects";
import { withOci } from "../../distribution/load-oci";
import { isRegistrySource } from "../../distribution/workspace-plugins";
import type { Command } from "../command";

/** Versions of services by their names. */
type Versions = Readonly<Record<string, number>>;

export const search: Command = {
  summary: "Lists what the tags of a repository are, and which of them load here.",
  usage: "HOST/NAME",
  arguments: [1, 1],
  options: {
    contract: {
      type: "string",
      value: "PROJECT",
      description: "Lists plugins of this contract alone.",
    },
  },
  async run(args, { folder }) {
    const [repository = ""] = args.positionals;
    const text = isRegistrySource(repository) ? repository : `oci://${repository}`;
    const contract = args.text("contract");
    const found = await withOci((oci) => oci.searchPlugins(text));
    // Registries list them in any order. The highest number first.
    const all = [...found].sort((a, b) => b.tag.localeCompare(a.tag, "en", { numeric: true }));
    const rows = [];
    // buf takes a while.
    const known = new Map<string, Versions | undefined>();
    for (const { tag, plugin } of all) {
      if (plugin === undefined || (contract !== undefined && plugin.contract !== contract))
        continue;
      const { manifest, services } = plugin;
      const of = plugin.contract ?? "";
      if (!known.has(of)) known.set(of, await readVersions(of, folder));
      const loads = fits(plugin, known.get(of));
      rows.push({ tag, contract: plugin.contract, services, manifest, loads });
    }
    return {
      json: { repository: text, plugins: rows },
      lines:
        rows.length === 0
          ? [`${text} has no plugins${contract === undefined ? "" : ` of ${contract}`}`]
          : rows.map(({ tag, contract: of = "?", services, manifest, loads }) => {
              const versions = Object.entries(services).map((it) => it.join(" "));
              return [tag, of, versions.join(", ") || "?", manifest.slice(0, 19), verdict(loads)]
                .filter((it) => it !== "")
                .join("  ");
            }),
    };
  },
};

function verdict(loads: boolean | undefined): string {
  if (loads === undefined) return "";
  return loads ? "loads here" : "does not load here: another version of the contract";
}

/** undefined if the workspace has no such contract. */
function fits({ services }: ResolvedPlugin, versions: Versions | undefined): boolean | undefined {
  if (versions === undefined) return undefined;
  const known = Object.entries(services).filter(([name]) => name in versions);
  return known.length > 0 && known.every(([name, version]) => versions[name] === version);
}

/** undefined if the workspace has no such contract. */
async function readVersions(contract: string, root: string): Promise<Versions | undefined> {
  for (const { name, folder, config } of findProjects(root)) {
    if (config.type !== "contract" || name !== contract) continue;
    const { readContract } = await import("../../contract/read-contract.js");
    // With the protos of other contracts that it imports.
    const sources = contractSources(folder);
    const { files } = await readContract(sources.protoRoot, sources);
    const services = files.flatMap(({ pluginServices }) => pluginServices);
    return Object.fromEntries(services.map(({ typeName, version }) => [typeName, version]));
  }
  return undefined;
}
