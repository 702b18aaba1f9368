import { PluginLoadError } from "../errors/plugin-errors.js";
import type { OciOptions } from "../options/oci-options.js";
import type { PulledPlugin } from "./pull-plugin.js";

/** @throws PluginLoadError always: registries send no CORS headers, so that browsers keep their answers from pages */
export function pullPlugin(_text: string, _options?: OciOptions): Promise<PulledPlugin> {
  throw new PluginLoadError(
    "oci://: registries answer no pages in browsers; let a server load the plugin, and give load a URL of it, or its bytes",
  );
}
