import { readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "./user-error";

/** The file that makes a project a wplug project. */
export const CONFIG_FILE = "wplug.json";

export interface ContractConfig {
  readonly type: "contract";
  /** Folder of the `.proto` files, relative to the project's. */
  readonly proto: string;
}

export interface PluginConfig {
  readonly type: "plugin";
  /** Name of the contract's project. */
  readonly contract: string;
  readonly language: "assemblyscript";
}

export interface HostConfig {
  readonly type: "host";
  /** Names of the contracts' projects. */
  readonly contracts: readonly string[];
}

/** Content of a wplug.json. */
export type WplugConfig = ContractConfig | PluginConfig | HostConfig;

const KEYS = {
  contract: ["type", "proto"],
  plugin: ["type", "contract", "language"],
  host: ["type", "contracts"],
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
      return { type, proto: optionalString(json, "proto", path) ?? "proto" };
    case "plugin": {
      const language = optionalString(json, "language", path) ?? "assemblyscript";
      if (language !== "assemblyscript") {
        throw new UserError(`${path}: "language" must be "assemblyscript", not "${language}"`);
      }
      return { type, contract: requiredString(json, "contract", path), language };
    }
    case "host": {
      const { contracts } = json;
      if (!Array.isArray(contracts) || !contracts.every((name) => typeof name === "string")) {
        throw new UserError(`${path}: "contracts" must be a list of names of contract projects`);
      }
      return { type, contracts };
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

function requiredString(json: Record<string, unknown>, key: string, path: string): string {
  const value = optionalString(json, key, path);
  if (value === undefined) throw new UserError(`${path}: "${key}" is missing`);
  return value;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
