import type {
  Contract,
  ContractFile,
  Message,
  Method,
  PluginService,
} from "../../contract/contract";
import type { Protos } from "../../contract/read-contract";
import type { Diagnostic } from "../../errors/contract-error";

/** What became of a plugin service since the base. */
export interface ServiceChange {
  /** Fully qualified: `greeter.v1.Greeter`. */
  readonly typeName: string;
  readonly name: string;
  /** Path of the file, as protobuf knows it. */
  readonly file: string;
  /** undefined if the service is new. */
  readonly baseVersion: number | undefined;
  readonly version: number;
  /** Breaking changes in the files that the service uses. */
  readonly breaking: readonly Diagnostic[];
  /** Wasm names of rpcs that plugins built from the base don't export. */
  readonly newMethods: readonly string[];
}

/**
 * Compares the plugin services of a contract with what they were.
 *
 * @param breaking with paths as protobuf knows them
 */
export function compareContracts(
  base: Contract,
  { contract, imported }: Pick<Protos, "contract" | "imported">,
  breaking: readonly Diagnostic[],
): ServiceChange[] {
  const before = new Map(
    base.files.flatMap(({ pluginServices }) => pluginServices.map((it) => [it.typeName, it])),
  );
  return contract.files.flatMap((file) =>
    file.pluginServices.map((service) => {
      const { typeName, name, version, methods } = service;
      const old = before.get(typeName);
      const files = filesOf(service, file, [...contract.files, ...imported]);
      return {
        typeName,
        name,
        file: file.path,
        baseVersion: old?.version,
        version,
        breaking: old === undefined ? [] : breaking.filter(({ path }) => files.has(path)),
        newMethods: old === undefined ? [] : addedMethods(old, methods),
      };
    }),
  );
}

function addedMethods(old: PluginService, methods: readonly Method[]): string[] {
  const known = new Set(old.methods.map(({ wasmName }) => wasmName));
  return methods.map(({ wasmName }) => wasmName).filter((name) => !known.has(name));
}

/** Files that a service, or a host service that its plugins may call, is declared in or takes messages from. */
function filesOf(
  service: PluginService,
  file: ContractFile,
  all: readonly ContractFile[],
): Set<string> {
  const messages = new Map<string, Message>();
  for (const it of all) for (const message of it.messages) messages.set(message.typeName, message);
  const files = new Set([file.path]);
  const seen = new Set<string>();
  const visit = (typeName: string, declaredIn: string): void => {
    files.add(declaredIn);
    if (seen.has(typeName)) return;
    seen.add(typeName);
    for (const { value } of messages.get(typeName)?.fields ?? []) {
      if (value.kind !== "scalar") visit(value.type.typeName, value.type.file);
    }
  };
  const visitMethods = (methods: readonly Method[]): void => {
    for (const { input, output } of methods) {
      visit(input.typeName, input.file);
      visit(output.typeName, output.file);
    }
  };
  visitMethods(service.methods);
  for (const it of all) {
    if (it.hostService === undefined) continue;
    files.add(it.path);
    visitMethods(it.hostService.methods);
  }
  return files;
}

/** What a host of a service that has a higher version must supply to serve plugins of the version at the base, as lines for people. */
export function adapterHint({ name, version, baseVersion, newMethods }: ServiceChange): string[] {
  if (baseVersion === undefined || version <= baseVersion) return [];
  const lacking =
    newMethods.length === 0
      ? "has to supply no new rpc"
      : `has to supply what those plugins lack: ${newMethods.join(", ")}`;
  return [
    `  A host can go on serving plugins of version ${baseVersion} by ${name}Plugin.loadAny. Its adapter ${lacking}.`,
  ];
}

/** What is wrong with the version of a service, as lines for people; empty if it is right. */
export function versionProblem(change: ServiceChange, base: string): string[] {
  const { name, version, baseVersion, breaking, newMethods, file } = change;
  if (baseVersion === undefined || version > baseVersion) return [];
  if (version < baseVersion) {
    return [
      `${name} is version ${version}, but was version ${baseVersion} at ${base}: a version must never become lower, as old plugins would pass for new ones.`,
    ];
  }
  if (breaking.length === 0 && newMethods.length === 0) return [];
  const lines = [];
  if (breaking.length > 0) {
    lines.push(
      `${name} is still version ${version}, but does not fit plugins and hosts built from ${base}:`,
      ...breaking.map(
        ({ path, line, column, message }) => `  ${path}:${line}:${column}: ${message}`,
      ),
    );
  }
  if (newMethods.length > 0) {
    lines.push(
      `${name} is still version ${version}, but has new rpcs. Plugins built from ${base} lack them, so that loading one fails:`,
      ...newMethods.map((method) => `  ${method} is not exported`),
    );
  }
  lines.push(`Set version=${baseVersion + 1} above service ${name} in ${file}.`);
  return lines;
}
