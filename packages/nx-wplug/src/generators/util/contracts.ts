import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join, posix, relative } from "node:path";

import { getProjects, type ProjectConfiguration, type Tree } from "@nx/devkit";

import { contractSources } from "../../config/contract-sources";
import { installedContract } from "../../config/installed-contracts";
import { CONFIG_FILE, parseWplugConfig, type WplugConfig } from "../../config/wplug-config";
import type { Contract, Method } from "../../contract/contract";
import { type Protos, readProtos } from "../../contract/read-contract";
import { UserError } from "../../errors/user-error";
import type {
  ContractReference,
  FileOutline,
  MethodOutline,
  ServiceOutline,
} from "../../languages/new-plugin";
import { toPosix } from "../../system/shown-path";
import { importPathOf } from "../../workspace/import-path";

/** The service of the proto that a new contract begins with. */
export const GREETER: ServiceOutline = {
  name: "Greeter",
  methods: [{ name: "sayHello", input: "GreetRequest", output: "GreetReply" }],
  host: undefined,
  isGreeter: true,
};

/** What the file of a new contract says of it. */
export function greeterFile(protoPackage: string): FileOutline {
  const type = (name: string) => ({ file: "greeter.proto", typeName: `${protoPackage}.${name}` });
  const sayHello = {
    protoName: "SayHello",
    input: type("GreetRequest"),
    output: type("GreetReply"),
  };
  return {
    path: "greeter.proto",
    package: protoPackage,
    pluginServices: [{ typeName: `${protoPackage}.Greeter`, methods: [sayHello] }],
  };
}

/** The Protocol Buffers package of a new contract. */
export function newProtoPackage(baseName: string): string {
  return `${baseName.replaceAll("-", "_")}.v1`;
}

/**
 * Finds a contract of the workspace, or an installed package. `greeter` finds `greeter-contract` too.
 *
 * @throws UserError that lists the contracts there are
 */
export function findContract(tree: Tree, name: string): ContractReference {
  const contracts = contractsIn(tree);
  const found =
    contracts.find(([it]) => it === name) ?? contracts.find(([it]) => it === `${name}-contract`);
  const installed = found === undefined ? findInstalled(tree, name) : undefined;
  if (installed !== undefined) return installed;
  if (found === undefined) {
    const known = contracts.map(([it]) => it).sort();
    throw new UserError(
      `There is no contract ${name} in this workspace. ` +
        (known.length === 0
          ? `"nx g wplug:contract ${name.replace(/-contract$/, "")}" makes one.`
          : `There ${known.length === 1 ? "is" : "are"}: ${known.join(", ")}.`),
    );
  }
  const [foundName, { root }] = found;
  return { name: foundName, root, importPath: importPathOf(tree.root, root) };
}

/** A contract of another repository, by the name of its package. */
function findInstalled(tree: Tree, name: string): ContractReference | undefined {
  const folder = existsSync(tree.root) ? installedContract(name, tree.root) : undefined;
  if (folder === undefined) return undefined;
  const manifest = readFileSync(join(folder, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const root = toPosix(relative(realpathSync(tree.root), folder));
  return { name, root, importPath: name, installed: version };
}

/** Whether a contract has this very name. */
export function isContract(tree: Tree, name: string): boolean {
  return contractsIn(tree).some(([it]) => it === name);
}

function contractsIn(tree: Tree): [name: string, project: ProjectConfiguration][] {
  return [...getProjects(tree)].filter(([, { root }]) => configOf(tree, root)?.type === "contract");
}

/** Folder of the `.proto` files of a contract, relative to the workspace's root. */
export function protoRootOf(tree: Tree, { root }: ContractReference): string {
  const config = configOf(tree, root);
  return posix.join(root, config?.type === "contract" ? config.proto : "");
}

/**
 * The plugin services of a contract on disk.
 *
 * @throws ContractError if its protos have mistakes; UserError if there is no plugin service
 */
export async function readServices(
  tree: Tree,
  contract: ContractReference,
): Promise<ServiceOutline[]> {
  return servicesOf(contract, await readContractOf(tree, contract));
}

/** The model of a contract on disk. */
export async function readContractOf(tree: Tree, contract: ContractReference): Promise<Contract> {
  return (await readProtosOf(tree, contract)).contract;
}

/** The model of a contract on disk, and of what it imports. */
export function readProtosOf(tree: Tree, contract: ContractReference): Promise<Protos> {
  const sources = contractSources(join(tree.root, contract.root));
  return readProtos(sources.protoRoot, sources);
}

/** @throws UserError if there is no plugin service */
export function servicesOf(contract: ContractReference, { files }: Contract): ServiceOutline[] {
  const services = files.flatMap(({ pluginServices, hostService }) =>
    pluginServices.map((service) => ({ ...service, host: hostService })),
  );
  if (services.length === 0) {
    throw new UserError(
      `${contract.name} has no service for plugins: write "// go:plugin type=plugin version=1" above one.`,
    );
  }
  return services.map(({ name, methods, host }) => ({
    name,
    methods: methods.map(outlineOf),
    host: host && { name: host.name, methods: host.methods.map(outlineOf) },
    isGreeter: files.some(
      ({ messages }) =>
        name === GREETER.name &&
        methods.length === 1 &&
        methods[0]?.name === "sayHello" &&
        hasString(messages, methods[0].input.name, "name") &&
        hasString(messages, methods[0].output.name, "message"),
    ),
  }));
}

function outlineOf({ name, input, output }: Method): MethodOutline {
  return { name, input: input.name, output: output.name };
}

type Messages = Contract["files"][number]["messages"];

function hasString(messages: Messages, message: string, field: string): boolean {
  return messages.some(
    ({ name, fields }) =>
      name === message &&
      fields.some(
        (it) =>
          it.name === field &&
          it.cardinality === "singular" &&
          it.value.kind === "scalar" &&
          it.value.scalar === "string",
      ),
  );
}

/** What the wplug.json of a project says; undefined if there is none. */
export function configOf(tree: Tree, root: string): WplugConfig | undefined {
  const path = `${root}/${CONFIG_FILE}`;
  if (!tree.exists(path)) return undefined;
  return parseWplugConfig(tree.read(path, "utf-8") ?? "", path);
}
