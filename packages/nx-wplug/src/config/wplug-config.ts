import { readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../errors/user-error";
import { languageNamed } from "../languages/find-language";
import type { Language, PluginStart } from "../languages/language";
import { checkWplugJson } from "./check-wplug-json";

/** The file that makes a project a wplug project. */
export const CONFIG_FILE = "wplug.json";

export interface ContractConfig {
  readonly type: "contract";
  /** Folder of the `.proto` files, relative to the project's. */
  readonly proto: string;
  /** Whether the generated SDKs are in version control, kept up to date by `nx sync`. */
  readonly commitGenerated: boolean;
  /**
   * Rules or categories of `buf breaking` that `check-version` applies. By default what changes the meaning of bytes or of
   * proto3 JSON, and what takes an rpc away. Names that only source code sees (messages, say) may change: whoever compiles
   * against them is told by the compiler.
   */
  readonly breaking: readonly string[];
  /** Names of the projects of other contracts whose protos this one imports. */
  readonly imports: readonly string[];
  /** Plugins that are built elsewhere, as wasm files relative to the project or `oci://…`: every host of the contract loads them. */
  readonly plugins: readonly string[];
}

export interface PluginConfig {
  readonly type: "plugin";
  /** Name of the contract's project. */
  readonly contract: string;
  /** Name of a language that there is. */
  readonly language: string;
  /** `build` unless it says so. Only languages that have the choice take it. */
  readonly start?: PluginStart;
  /** Registry with the folder in it that the plugin is pushed to: `ghcr.io/acme`. */
  readonly registry?: string;
  /** Whether the wasm tells its contract, with comments, to whoever looks into it. */
  readonly describe: boolean;
}

export interface HostConfig {
  readonly type: "host";
  /** Names of the contracts' projects. */
  readonly contracts: readonly string[];
  /** Plugins that are built elsewhere, as wasm files relative to the project or `oci://…`. */
  readonly plugins: readonly string[];
  /** Where it runs. */
  readonly platform: "node" | "browser";
  /** The module that exports the host's implementations of host functions, relative to the project. */
  readonly hostFunctions: string;
  /** The module that exports what the host gives to `loadAny`, relative to the project. */
  readonly pluginVersions: string;
}

/** Content of a wplug.json. */
export type WplugConfig = ContractConfig | PluginConfig | HostConfig;

/** What generators write into a wplug.json; the rest has defaults. */
export type NewWplugConfig =
  | (Pick<ContractConfig, "type" | "proto"> & { readonly commitGenerated?: boolean })
  | Omit<PluginConfig, "describe">
  | (Pick<HostConfig, "type" | "contracts"> & Partial<Pick<HostConfig, "platform">>);

/**
 * Names of the contracts that a project is about: of a contract itself, of the others those they name.
 *
 * @param name of the project
 */
export function contractsOf(name: string, config: NewWplugConfig): readonly string[] {
  switch (config.type) {
    case "contract":
      return [name];
    case "plugin":
      return [config.contract];
    case "host":
      return config.contracts;
  }
}

/** Names of the contracts whose code that of a project uses: those of `contractsOf`, and those that a contract imports. */
export function usedContractsOf(name: string, config: WplugConfig): readonly string[] {
  return config.type === "contract" ? [name, ...config.imports] : contractsOf(name, config);
}

/**
 * Reads the text of a wplug.json, with defaults filled in.
 *
 * @param path of the file, for errors
 * @throws UserError that names the file and the key
 */
export function parseWplugConfig(text: string, path: string): WplugConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const mistake = checkWplugJson(json);
  if (mistake !== undefined) throw new UserError(`${path}: ${mistake}`);
  const config = json as WplugConfig & { $schema?: string };
  delete config.$schema;
  if (config.type === "plugin") checkLanguage(config, path);
  return config;
}

function checkLanguage({ language, start }: PluginConfig, path: string): void {
  let found: Language;
  try {
    found = languageNamed(language);
  } catch (error) {
    throw new UserError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (start !== undefined && !found.runsAtBuild) {
    throw new UserError(
      `${path}: "start" is for plugins in TypeScript; the top level of one in ${found.title} always runs when it is loaded: remove "start"`,
    );
  }
}

/**
 * Reads the wplug.json of a project and checks that it is of the type that a task is for.
 *
 * @param projectRoot absolute
 * @throws UserError
 */
export function readWplugConfig<T extends WplugConfig["type"]>(
  projectRoot: string,
  types: readonly T[],
): Extract<WplugConfig, { type: T }> {
  const path = join(projectRoot, CONFIG_FILE);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new UserError(`There is no ${path}: only a wplug project has this target.`);
  }
  const config = parseWplugConfig(text, path);
  if (!isOfType(config, types)) {
    throw new UserError(`${path}: expected a ${types.join(" or ")}, this is a ${config.type}`);
  }
  return config;
}

function isOfType<T extends WplugConfig["type"]>(
  config: WplugConfig,
  types: readonly T[],
): config is Extract<WplugConfig, { type: T }> {
  return types.some((type) => type === config.type);
}
