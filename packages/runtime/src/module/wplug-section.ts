import { wasmApi, type WasmModule } from "./wasm-api.js";

/**
 * What wplug wrote into a plugin when it was built, as JSON; undefined in plugins of others. The section is a comment: of what
 * is not well-formed it says nothing, and nothing in it is to be relied on.
 */
export function readWplugSection(module: WasmModule): unknown {
  const [section] = wasmApi().Module.customSections(module, "wplug");
  if (section === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(section));
  } catch {
    return undefined;
  }
}
