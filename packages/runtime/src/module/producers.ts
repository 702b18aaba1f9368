import { Reader, readString, readUint32 } from "../messages/wire/reader.js";
import { wasmApi, type WasmModule } from "./wasm-api.js";
import { readWplugSection } from "./wplug-section.js";

/**
 * What made a module. It decides who frees memory: Go's collector owns what a Go plugin returns, everything else
 * returns memory of `malloc`.
 */
export type Toolchain = "wplug" | "go" | "tinygo" | "other";

/**
 * Reads the custom sections that name the tools: `wplug` of plugins that wplug built, which names their language if that is
 * Go (TinyGo leaves out the other one with the debug information), and `producers`.
 */
export function toolchainOf(module: WasmModule): Toolchain {
  const { language } = (readWplugSection(module) ?? {}) as { language?: unknown };
  if (language === "go" || language === "tinygo") return language;
  const producers = producersOf(module);
  // Its own entry, or that of the LLVM that its releases come with. Builds with another LLVM have the first alone.
  const isTinyGo = ({ name, version }: Producer) => name === "TinyGo" || version.includes("tinygo");
  if (producers.some(isTinyGo)) return "tinygo";
  if (producers.some(({ field, name }) => field === "language" && name === "Go")) return "go";
  return wasmApi().Module.customSections(module, "wplug").length > 0 ? "wplug" : "other";
}

/** A language or tool of which a module says that it was made from or by it. */
export interface Producer {
  /** `language`, `processed-by` or `sdk`. */
  readonly field: string;
  readonly name: string;
  /** May be empty. */
  readonly version: string;
}

/** What the custom sections `producers` of a module say. */
export function producersOf(module: WasmModule): Producer[] {
  return wasmApi()
    .Module.customSections(module, "producers")
    .flatMap((section) => readProducers(new Uint8Array(section)));
}

/**
 * The entries of a `producers` section. wasm writes numbers and names as Protocol Buffers do. A section that is not
 * well-formed says nothing: it is a comment, after all.
 *
 * https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md
 */
function readProducers(section: Uint8Array): Producer[] {
  const reader = new Reader();
  reader.begin(section, 0, section.length);
  const producers: Producer[] = [];
  try {
    for (let fields = readUint32(reader); fields > 0; fields--) {
      const field = readString(reader);
      for (let values = readUint32(reader); values > 0; values--) {
        producers.push({ field, name: readString(reader), version: readString(reader) });
      }
    }
  } catch {
    return [];
  }
  return producers;
}
