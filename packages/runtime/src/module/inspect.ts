import {
  PluginModule,
  type CompileOptions,
  type MemorySize,
  type PluginSource,
} from "./plugin-module.js";
import { producersOf, type Producer, type Toolchain } from "./producers.js";
import { sectionName, sectionsOf } from "./sections.js";
import { WASI_MODULE } from "./wasi-module.js";
import { recordedServices, recordOf, type RecordedService } from "./recorded-services.js";
import { wasmApi } from "./wasm-api.js";
import { readWplugSection } from "./wplug-section.js";

/** What a plugin tells of itself without being run. */
export interface PluginInspection {
  /** Its path or URL. */
  readonly name: string;
  readonly toolchain: Toolchain;
  /** The services whose version it exports. */
  readonly services: readonly InspectedService[];
  /** All that it exports, by name. */
  readonly exports: readonly string[];
  /** Host functions that it needs, as `module.name`: `env.http_get`. */
  readonly hostFunctions: readonly string[];
  /** WASI functions that it uses: `fd_write`. */
  readonly wasi: readonly string[];
  /** undefined if only the engine knows, as the source was compiled already. */
  readonly memory: MemorySize | undefined;
  /** Languages and tools that it names as its makers, in its section `producers`. */
  readonly producers: readonly Producer[];
  /** What it is made of, in the order of the file; undefined if only the engine knows, as the source was compiled already. */
  readonly parts: readonly ModulePart[] | undefined;
  /** What wplug wrote into it when it was built, as it is; undefined in plugins of others. */
  readonly section: unknown;
  /**
   * Its section `wplug.descriptors`: the contract as a `google.protobuf.FileDescriptorSet`, compressed by DEFLATE; undefined where
   * a plugin does not tell it. As anybody can write anything into a plugin, limit what you decompress it to.
   */
  readonly descriptors: Uint8Array | undefined;
}

/** A section of a module: https://webassembly.github.io/spec/core/binary/modules.html#sections */
export interface ModulePart {
  /** As the specification calls it, `code`, or what a custom section calls itself: `wplug`. */
  readonly name: string;
  /** Bytes in the file. */
  readonly size: number;
}

/** A service that a plugin implements, as its file tells. */
export interface InspectedService {
  /** As in the names of its exports: `greeter`. */
  readonly name: string;
  /** Fully qualified, and known only of plugins that wplug built: `greeter.v1.Greeter`. */
  readonly typeName: string | undefined;
  /** Likewise. The others tell it only when they run. */
  readonly version: number | undefined;
  /** The exports that begin with its name: `say_hello`. */
  readonly methods: readonly string[];
}

const VERSION_EXPORT = /^(.+)_api_version$/;

/**
 * Tells what a plugin is. Nothing of it runs.
 *
 * @throws PluginLoadError if it is no WebAssembly module
 */
export async function inspect(
  source: PluginSource,
  options?: CompileOptions,
): Promise<PluginInspection> {
  const plugin = await PluginModule.compile(source, options);
  const section = readWplugSection(plugin.module);
  const recorded = recordedServices(section);
  const functions = [...plugin.exports].filter(([, kind]) => kind === "function");
  const names = functions.map(([name]) => name);
  const services = names.flatMap((name) => VERSION_EXPORT.exec(name)?.[1] ?? []);
  return {
    name: plugin.name,
    toolchain: plugin.toolchain,
    services: services.map((name) => inspectService(name, services, names, recorded)),
    exports: [...plugin.exports.keys()],
    hostFunctions: unique(
      plugin.imports
        .filter((needed) => needed.module !== WASI_MODULE)
        .map((needed) => `${needed.module}.${needed.name}`),
    ),
    wasi: unique(
      plugin.imports.filter(({ module }) => module === WASI_MODULE).map(({ name }) => name),
    ),
    memory: plugin.memorySize(),
    producers: producersOf(plugin.module),
    parts: plugin.bytes && partsOf(plugin.bytes),
    section,
    descriptors: descriptorsOf(plugin),
  };
}

function partsOf(bytes: Uint8Array): ModulePart[] {
  return sectionsOf(bytes).map((section) => ({
    name: sectionName(bytes, section),
    size: section.end - section.start,
  }));
}

function descriptorsOf({ module }: PluginModule): Uint8Array | undefined {
  const [content] = wasmApi().Module.customSections(module, "wplug.descriptors");
  return content && new Uint8Array(content);
}

function inspectService(
  name: string,
  services: readonly string[],
  exports: readonly string[],
  recorded: readonly RecordedService[],
): InspectedService {
  // Names may begin with each other: greeter, greeter_admin.
  const longer = services.filter((other) => other.startsWith(`${name}_`));
  const methods = exports.filter(
    (it) =>
      it.startsWith(`${name}_`) &&
      !VERSION_EXPORT.test(it) &&
      !longer.some((other) => it.startsWith(`${other}_`)),
  );
  const record = recordOf(name, recorded);
  return {
    name,
    typeName: record?.typeName,
    version: record?.version,
    methods: methods.map((it) => it.slice(name.length + 1)),
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
