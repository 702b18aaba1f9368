import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";

import { isInstalled } from "../../config/installed-contracts";
import { UserError } from "../../errors/user-error";
import { withTemporaryFolder } from "../../system/with-temporary-folder";
import { importPathOf } from "../../workspace/import-path";
import { sourceConditions } from "../../workspace/source-conditions";
import { installedPackagesStayImports } from "../bundle/installed-packages-stay-imports";
import type { TaskProject } from "../run-task";
import type { HandshakeCall } from "./handshake-row";
import { importModule } from "./import-module";
import type { HandshakeHost } from "./pairs";

/** The parts of a service's description that reports show. The SDK's own runtime reads the rest. */
export interface HostService {
  readonly typeName: string;
  readonly version: number;
  readonly apiVersionExport: string;
}

interface WasmImport {
  readonly module: string;
  readonly name: string;
}

interface HandshakeReport {
  /** That which the plugin was checked against. */
  readonly hostVersion: number;
  readonly pluginVersion: number | undefined;
  readonly missingExports: readonly string[];
  readonly unknownImports: readonly string[];
  readonly calls: readonly HandshakeCall[];
  readonly problems: readonly string[];
}

/** What the host SDK of a contract, as one host resolves it, offers to the handshake. */
export interface HostSdk {
  /** Services of the contract, as the loaders in the SDK describe them. */
  readonly services: readonly HostService[];
  /** Host functions that the host really has; undefined where only the contract tells. */
  readonly hostFunctions: readonly WasmImport[] | undefined;
  /** SHA-256 of the SDK and the host's functions, in hexadecimal digits. */
  readonly digest: string;
  /** Versions of a service that the host serves, ascending: its own, unless it says otherwise. */
  versionsOf(service: HostService): readonly number[];
  /** The check of the very version of the runtime that the host uses. */
  check(wasm: string, service: HostService): Promise<HandshakeReport>;
  /** Names of the functions that a plugin exports; empty if it is no module. */
  exportsOf(wasm: string): Promise<readonly string[]>;
}

/** What a host gives to `loadAny`, by version: a loader, or an adapter of one. */
type PluginVersions = Readonly<Record<number, unknown>>;

interface Loaded {
  readonly sdk: Readonly<Record<string, unknown>>;
  /** Exports of the module with the host's functions. */
  readonly implementation?: Readonly<Record<string, unknown>>;
  /** Exports of the module with the versions that the host serves. */
  readonly versions?: Readonly<Record<string, unknown>>;
  readonly checkHandshake: (
    wasm: string,
    service: HostService,
    options: {
      hostFunctions: readonly WasmImport[] | undefined;
      versions: PluginVersions | undefined;
      calls: boolean;
    },
  ) => Promise<HandshakeReport>;
  readonly PluginModule: {
    compile(wasm: string): Promise<{ readonly exports: ReadonlyMap<string, string> }>;
  };
}

/**
 * Bundles and loads the host SDK of a contract as a host resolves it, with the host's own host functions.
 *
 * @param host undefined to take the SDK from the contract's folder
 * @param project whose task it is; it finds a contract that is an installed package
 * @throws UserError if the SDK has not been generated, or the host functions can't be loaded
 */
export async function loadHostSdk(
  workspaceRoot: string,
  contract: TaskProject,
  host: HandshakeHost | undefined,
  project: TaskProject,
): Promise<HostSdk> {
  const generated = join(contract.folder, "src/gen/host.ts");
  const installed = isInstalled(contract.folder);
  if (!installed && !existsSync(generated)) {
    throw new UserError(
      `${contract.root}/src/gen/host.ts does not exist: run "nx run ${contract.name}:generate".`,
    );
  }
  const from = host ?? (installed ? project : contract);
  const sdk =
    host === undefined && !installed
      ? generated
      : `${importPathOf(workspaceRoot, contract.root)}/host`;
  const exportsOf = (name: string, module: string | undefined): string[] => {
    const file = host && join(host.folder, module ?? "");
    const isThere = file !== undefined && existsSync(file);
    return isThere ? [`export * as ${name} from ${JSON.stringify(file)};`] : [];
  };
  const entry = [
    `export * as sdk from ${JSON.stringify(sdk)};`,
    'export { checkHandshake, PluginModule } from "@wplug/runtime";',
    ...exportsOf("implementation", host?.hostFunctions),
    ...exportsOf("versions", host?.pluginVersions),
  ].join("\n");
  const code = await bundle(workspaceRoot, from, entry);
  const loaded = await load(from, code);
  const hostFunctions = functionsOf(loaded);
  return {
    services: Object.values(loaded.sdk).flatMap(serviceOf),
    hostFunctions,
    digest: createHash("sha256").update(code).digest("hex"),
    versionsOf: (service) =>
      Object.keys(versionsFor(service, loaded) ?? { [service.version]: service }).map(Number),
    check(wasm, service) {
      const versions = versionsFor(service, loaded);
      return loaded.checkHandshake(wasm, service, { hostFunctions, versions, calls: true });
    },
    async exportsOf(wasm) {
      const module = await loaded.PluginModule.compile(wasm).catch(() => undefined);
      return module === undefined ? [] : [...module.exports.keys()];
    },
  };
}

async function bundle(
  workspaceRoot: string,
  { root, folder }: TaskProject,
  contents: string,
): Promise<string> {
  const result = await build({
    absWorkingDir: workspaceRoot,
    stdin: { contents, resolveDir: folder, loader: "ts" },
    bundle: true,
    platform: "node",
    conditions: ["module", ...sourceConditions(folder)],
    target: "node20",
    format: "esm",
    // Workspaces may have packages that were built for require.
    banner: {
      js: 'import { createRequire as wplugRequire } from "node:module"; const require = wplugRequire(import.meta.url);',
    },
    write: false,
    logLevel: "silent",
    plugins: [installedPackagesStayImports],
  }).catch((error: unknown) => {
    throw new UserError(`${root} can't be bundled for the handshake: ${messageOf(error)}`);
  });
  return result.outputFiles[0]?.text ?? "";
}

function load({ root, folder }: TaskProject, code: string): Promise<Loaded> {
  return withTemporaryFolder(folder, "handshake", async (temporary) => {
    try {
      const file = join(temporary, "sdk.mjs");
      await writeFile(file, code);
      return (await importModule(pathToFileURL(file).href)) as Loaded;
    } catch (error) {
      throw new UserError(`${root} can't be loaded for the handshake: ${messageOf(error)}`);
    }
  });
}

/** The description of a service that a generated loader (`GreeterPlugin`) carries. */
function serviceOf(exported: unknown): HostService[] {
  if (typeof exported !== "function" || !("service" in exported)) return [];
  return [exported.service as HostService];
}

/** Of what the host's module of versions exports, that for a service: its keys are versions, its values load it. */
function versionsFor(
  { typeName }: HostService,
  { versions = {} }: Loaded,
): PluginVersions | undefined {
  return Object.values(versions).find((exported): exported is PluginVersions => {
    const entries = Object.entries(Object(exported) as object);
    const services = entries.map(([, served]) => loadedService(served));
    if (!entries.every(([key], i) => /^\d+$/.test(key) && services[i] !== undefined)) return false;
    // Of another name, a service may be an old one that an adapter makes into this.
    const own = services.filter((_, i) => serviceOf(entries[i]?.[1]).length > 0);
    return (own.length > 0 ? own : services).some((it) => it?.typeName === typeName);
  });
}

/** The service of a loader, or of that in an adapter. */
function loadedService(served: unknown): HostService | undefined {
  const { loader = served } = Object(served) as { loader?: unknown };
  return serviceOf(loader)[0];
}

/**
 * The functions that the exports of a host's module provide: those that the SDK's `provide...` functions accept, and
 * libraries. A factory is called without arguments; one that needs them leaves it to the types of TypeScript.
 */
function functionsOf({ sdk, implementation }: Loaded): readonly WasmImport[] | undefined {
  if (implementation === undefined) return undefined;
  const providers = Object.entries(sdk).flatMap(([name, value]) =>
    name.startsWith("provide") && typeof value === "function" ? [value as Provider] : [],
  );
  const functions: WasmImport[] = [];
  for (const exported of Object.values(implementation)) {
    const candidate = instanceOf(exported);
    if (candidate === undefined) return undefined;
    if (isLibrary(candidate)) functions.push(...candidate.functions);
    for (const provide of providers) functions.push(...provided(provide, candidate));
  }
  return functions;
}

type Provider = (implementation: object) => Library;

interface Library {
  readonly functions: readonly WasmImport[];
}

/** Something with the host's methods; undefined if that can't be had without arguments. */
function instanceOf(exported: unknown): object | undefined {
  if (typeof exported !== "function") return Object(exported) as object;
  const prototype: unknown = exported.prototype;
  const isClass = /^class\b/.test(Function.prototype.toString.call(exported));
  if (isClass && typeof prototype === "object" && prototype !== null) return prototype;
  try {
    return Object((exported as () => unknown)()) as object;
  } catch {
    return undefined;
  }
}

function isLibrary(candidate: object): candidate is Library {
  return "functions" in candidate && Array.isArray(candidate.functions);
}

function provided(provide: Provider, candidate: object): readonly WasmImport[] {
  try {
    return provide(candidate).functions;
  } catch {
    return [];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
