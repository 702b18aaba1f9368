import { existsSync } from "node:fs";
import { join } from "node:path";

import { installedContract, installedContracts } from "../config/installed-contracts";
import { CONFIG_FILE, contractsOf, readWplugConfig } from "../config/wplug-config";
import { readManifestName } from "../workspace/project-name";

/**
 * Packages that jest has to transform: contracts from other repositories, whose SDK is made of ES modules, which jest can't
 * load as they are.
 *
 * @param folder absolute folder of the project that is tested
 */
export function transformedPackages(folder: string): string[] {
  if (!existsSync(join(folder, CONFIG_FILE))) return [];
  const config = readWplugConfig(folder, ["contract", "plugin", "host"]);
  if (config.type === "contract") return [];
  return contractsOf("", config).flatMap((name) => {
    const installed = installedContract(name, folder);
    if (installed === undefined) return [];
    return installedContracts(installed).flatMap((it) => readManifestName(it.folder) ?? []);
  });
}
