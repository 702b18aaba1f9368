import { CatPlugin } from "@wplug-examples/wasi-contract/host";
import { HostDirectory } from "@wplug/runtime/node";

/** Loads a plugin that may read one folder, which it sees as `/data`, and nothing else. */
export function openCat(plugin: string, folder: string): Promise<CatPlugin> {
  return CatPlugin.load(plugin, { files: { "/data": new HostDirectory(folder) } });
}
