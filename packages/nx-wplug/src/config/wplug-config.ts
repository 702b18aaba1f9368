import { readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../errors/user-error";
import { DEFAULT_LANGUAGE } from "../languages";
import { languageNames } from "../languages/find-language";

/** The file that makes a project a wplug project. */
export const CONFIG_FILE = "wplug.json";

export interface ContractConfig {
  readonly type: "contract";
  /** Folder of the `.proto` files, relative to the project's. */
  readonly proto: string;
  /** Whether the generated SDKs are in version control, kept up to date by `nx sync`. */
  readonly commitGenerated: boolean;
  /** Rules or categories of `buf breaking` that `check-version` applies. */
  readonly breaking: readonly string[];
  /** Plugins that are built elsewhere, as wasm files relative to the project: every host of the contract loads them. */
  readonly plugins: readonly string[];
}

export interface PluginConfig {
  readonly type: "plugin";
  /** Name of the contract's project. */
  readonly contract: string;
  /** Name of a language that there is. */
  readonly language: string;
}

export interface HostConfig {
  readonly type: "host";
  /** Names of the contracts' projects. */
  readonly contracts: readonly string[];
  /** Plugins that are built elsewhere, as wasm files relative to the project. */
  readonly plugins: readonly string[];
  /** The module that exports the host's implementations of host functions, relative to the project. */
  readonly hostFunctions: string;
}

/**
 * What breaks plugins or hosts: what changes the meaning of bytes or of proto3 JSON, and what takes an rpc away. Names
 * that only source code sees (messages, say) may change: whoever compiles against them is told by the compiler.
 */
export const DEFAULT_BREAKING: readonly string[] = ["WIRE_JSON", "RPC_NO_DELETE"];

/** Content of a wplug.json. */
export type WplugConfig = ContractConfig | PluginConfig | HostConfig;

/** What generators write into a wplug.json; the rest has defaults. */
export type NewWplugConfig =
  | (Pick<ContractConfig, "type" | "proto"> & { readonly commitGenerated?: boolean })
  | PluginConfig
  | Pick<HostConfig, "type" | "contracts">;

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

const KEYS = {
  contract: ["type", "proto", "commitGenerated", "breaking", "plugins"],
  plugin: ["type", "contract", "language"],
  host: ["type", "contracts", "plugins", "hostFunctions"],
} as const;

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
  if (!isObject(json)) throw new UserError(`${path}: expected a JSON object`);
  const { type } = json;
  if (type !== "contract" && type !== "plugin" && type !== "host") {
    throw new UserError(`${path}: "type" must be "contract", "plugin" or "host"`);
  }
  const known: readonly string[] = KEYS[type];
  const unknown = Object.keys(json).find((key) => key !== "$schema" && !known.includes(key));
  if (unknown !== undefined) {
    throw new UserError(`${path}: "${unknown}" is not known; a ${type} has ${list(known)}`);
  }
  switch (type) {
    case "contract":
      return {
        type,
        proto: optionalString(json, "proto", path) ?? "proto",
        commitGenerated: optionalBoolean(json, "commitGenerated", path) ?? false,
        breaking: optionalStrings(json, "breaking", path) ?? DEFAULT_BREAKING,
        plugins: optionalStrings(json, "plugins", path) ?? [],
      };
    case "plugin": {
      const language = optionalString(json, "language", path) ?? DEFAULT_LANGUAGE.name;
      const languages = languageNames();
      if (!languages.includes(language)) {
        throw new UserError(
          `${path}: "language" must be one of ${list(languages)}, not "${language}"`,
        );
      }
      return { type, contract: requiredString(json, "contract", path), language };
    }
    case "host": {
      const contracts = optionalStrings(json, "contracts", path);
      if (contracts === undefined) throw new UserError(`${path}: "contracts" is missing`);
      return {
        type,
        contracts,
        plugins: optionalStrings(json, "plugins", path) ?? [],
        hostFunctions: optionalString(json, "hostFunctions", path) ?? "src/host-functions.ts",
      };
    }
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function optionalString(
  json: Record<string, unknown>,
  key: string,
  path: string,
): string | undefined {
  const value = json[key];
  if (value !== undefined && typeof value !== "string") {
    throw new UserError(`${path}: "${key}" must be a string`);
  }
  return value;
}

function optionalBoolean(
  json: Record<string, unknown>,
  key: string,
  path: string,
): boolean | undefined {
  const value = json[key];
  if (value !== undefined && typeof value !== "boolean") {
    throw new UserError(`${path}: "${key}" must be true or false`);
  }
  return value;
}

function optionalStrings(
  json: Record<string, unknown>,
  key: string,
  path: string,
): readonly string[] | undefined {
  const value = json[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new UserError(`${path}: "${key}" must be a list of strings`);
  }
  return value;
}

function requiredString(json: Record<string, unknown>, key: string, path: string): string {
  const value = optionalString(json, key, path);
  if (value === undefined) throw new UserError(`${path}: "${key}" is missing`);
  return value;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
