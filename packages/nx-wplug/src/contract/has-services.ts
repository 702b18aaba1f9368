import type { ContractFile } from "./contract";

/** Whether a file has services, of either kind, beside messages. */
export function hasServices({ pluginServices, hostService }: ContractFile): boolean {
  return pluginServices.length > 0 || hostService !== undefined;
}
