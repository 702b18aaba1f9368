import type { PluginStart } from "../../language";
import type { EngineMemory, PluginLinkage } from "../link/link-plugin";
import type { SourceMap } from "./bundle-plugin";
import { EngineError, EngineInstance } from "./engine-instance";
import { compactSourceMap } from "./compact-source-map";
import { indexMappings } from "./index-mappings";
import { neededUnicode } from "./needed-unicode";
import { WebAssembly } from "../../../wasm/web-assembly";

type Linkage = Omit<PluginLinkage, "memory">;

export type Snapshot =
  | {
      readonly ok: true;
      /** Of an engine in which the plugin's top level has been run, or waits for the start. */
      readonly memory: EngineMemory;
      readonly linkage: Linkage;
      /** What the plugin wrote, for people. */
      readonly messages: readonly string[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

/** What stacks call the bundle; the runtime looks its places up in the source map. */
const BUNDLE = "plugin.js";

/** In place of the number of an rpc: the answer is what the plugin has registered, as JSON. */
const LINKAGE_RPC = 0xffff_ffff;

/** What `export-services.ts` of the runtime throws where it has been told to stop. */
const STOPPED = "the build has seen what it needs";

/**
 * Runs the bundle of a plugin, or has it run at load.
 *
 * @param main file of the author, for errors
 */
export async function snapshotPlugin(
  engine: Uint8Array,
  { text, sourceMap }: { readonly text: string; readonly sourceMap: SourceMap },
  { main, start }: { readonly main: string; readonly start: PluginStart },
): Promise<Snapshot> {
  const module = await WebAssembly.compile(engine);
  const written: string[] = [];
  try {
    // In another instance: what the compiler leaves behind is not in the plugin.
    const compiler = await EngineInstance.start(module, written);
    const compact = compactSourceMap(sourceMap);
    const index = indexMappings(compact.mappings);
    const map = `__wplug.sourceMap = ${JSON.stringify({ ...compact, index })};`;
    const mapCode = compiler.compile("source-map.js", map);
    const code = compiler.compile(BUNDLE, text);
    const instance = await EngineInstance.start(module, written);
    instance.load(mapCode);
    let linkage: Linkage;
    if (start === "build") {
      instance.load(code);
      linkage = linkageOf(instance);
    } else {
      instance.loadAtStart(code);
      const other = await EngineInstance.start(module, []);
      other.load(compiler.compile("stop.js", "__wplug.stopsBeforeAuthor = true;"));
      loadUntilStopped(other, code);
      linkage = linkageOf(other);
    }
    if (linkage.versions.length === 0) {
      return failure(written, `${main} registers no service: call register…(…) at its end`);
    }
    return {
      ok: true,
      memory: instance.takeMemory(neededUnicode(text)),
      linkage,
      messages: written,
    };
  } catch (error) {
    if (error instanceof EngineError) return failure(written, `${main}: ${error.message}`);
    throw error;
  }
}

function loadUntilStopped(instance: EngineInstance, code: Uint8Array): void {
  try {
    instance.load(code);
  } catch (error) {
    if (!(error instanceof EngineError) || error.message !== STOPPED) throw error;
  }
}

function linkageOf(instance: EngineInstance): Linkage {
  return JSON.parse(new TextDecoder().decode(instance.call(LINKAGE_RPC))) as Linkage;
}

function failure(written: readonly string[], text: string): Snapshot {
  return { ok: false, messages: [...written, `error: ${text}\n`] };
}
