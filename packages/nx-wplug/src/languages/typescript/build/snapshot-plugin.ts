import type { PluginLinkage } from "../link/link-plugin";
import type { SourceMap } from "./bundle-plugin";
import { EngineError, EngineInstance } from "./engine-instance";
import { indexMappings } from "./index-mappings";
import { WebAssembly } from "../../../wasm/web-assembly";

export type Snapshot =
  | {
      readonly ok: true;
      /** Of an engine in which the plugin's top level has been run. */
      readonly memory: Uint8Array;
      readonly linkage: Omit<PluginLinkage, "memory">;
      /** What the plugin wrote, for people. */
      readonly messages: readonly string[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

/** What stacks call the bundle; the runtime looks its places up in the source map. */
const BUNDLE = "plugin.js";

/** In place of the number of an rpc: the answer is what the plugin has registered, as JSON. */
const LINKAGE_RPC = 0xffff_ffff;

/**
 * Runs the bundle of a plugin.
 *
 * @param main file of the author, for errors
 */
export async function snapshotPlugin(
  engine: Uint8Array,
  { text, sourceMap }: { readonly text: string; readonly sourceMap: SourceMap },
  main: string,
): Promise<Snapshot> {
  const module = await WebAssembly.compile(engine);
  const written: string[] = [];
  try {
    // In another instance: what the compiler leaves behind is not in the plugin.
    const compiler = await EngineInstance.start(module, written);
    const index = indexMappings(sourceMap.mappings);
    const map = `__wplug.sourceMap = ${JSON.stringify({ ...sourceMap, index })};`;
    const codes = [compiler.compile("source-map.js", map), compiler.compile(BUNDLE, text)];
    const instance = await EngineInstance.start(module, written);
    for (const code of codes) instance.load(code);
    const answer = new TextDecoder().decode(instance.call(LINKAGE_RPC));
    const linkage = JSON.parse(answer) as Omit<PluginLinkage, "memory">;
    if (linkage.versions.length === 0) {
      return failure(written, `${main} registers no service: call register…(…) at its end`);
    }
    return { ok: true, memory: instance.takeMemory(), linkage, messages: written };
  } catch (error) {
    if (error instanceof EngineError) return failure(written, `${main}: ${error.message}`);
    throw error;
  }
}

function failure(written: readonly string[], text: string): Snapshot {
  return { ok: false, messages: [...written, `error: ${text}\n`] };
}
