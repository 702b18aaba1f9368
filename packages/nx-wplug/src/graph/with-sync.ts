import { contractsOf } from "../config/wplug-config";
import { isCommitted } from "./related-projects";
import type { Targets, TargetSetting } from "./wplug-project";

/**
 * Lets Nx run `wplug:sync` ahead of the tasks where there is something that could be out of sync: SDKs in version control,
 * or the name of a contract that is none.
 */
export function withSync(targets: Targets, setting: TargetSetting): Targets {
  const { project, projects } = setting;
  const contracts = contractsOf(project.name, project.config);
  const needsSync = contracts.some(
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
