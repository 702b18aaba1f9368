import { contractsOf } from "../config/wplug-config";
import { foreignContracts, isCommitted, withImported } from "./related-projects";
import type { Targets, TargetSetting } from "./wplug-project";

/**
 * Lets Nx run `wplug:sync` ahead of the tasks where there is something that could be out of sync: SDKs in version control,
 * the name of a contract that is none, or what the code of a contract needs to import that of another one.
 */
export function withSync(targets: Targets, setting: TargetSetting): Targets {
  const { project, projects } = setting;
  const own = contractsOf(project.name, project.config);
  const foreign = foreignContracts(setting);
  const contracts = withImported(own, setting).filter((name) => !foreign.includes(name));
  const needsSync =
    contracts.length > own.length ||
    contracts.some(
      (contract) =>
        isCommitted(contract, setting) ||
        !projects.some(({ name, config }) => name === contract && config.type === "contract"),
    );
  if (!needsSync) return targets;
  const unsynced = ["generate", "check-version"];
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      unsynced.includes(name)
        ? target
        : { ...target, syncGenerators: [...(target.syncGenerators ?? []), "wplug:sync"] },
    ]),
  );
}
