import type { PluginService } from "../../../contract/contract";

/** Name of the function that the plugin author calls: `registerGreeter`. */
export function registerName(service: PluginService): string {
  return `register${service.name}`;
}
