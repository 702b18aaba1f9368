import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KeyObject } from "node:crypto";

import { reasonOf } from "../errors/reason-of.js";
import { isObject } from "./artifact.js";
import { readPublicKey } from "./bundle.js";
import type { Reference } from "./reference.js";
import { RegistryError } from "./registry-error.js";

/**
 * Which keys a policy accepts for a plugin; undefined if it asks for no signature.
 *
 * A policy is a JSON file: `{ "version": 1, "registries": { "ghcr.io/acme": { "keys": ["acme.pub"] } } }`. Of the names that
 * a reference begins with, the longest counts. Paths of keys are relative to the file.
 *
 * @throws RegistryError if the policy does not accept plugins from there, or is no policy
 */
export async function keysOfPolicy(
  path: string,
  { text, host, name }: Pick<Reference, "text" | "host" | "name">,
): Promise<readonly KeyObject[] | undefined> {
  const registries = await readPolicy(path);
  const source = `${host}/${name}`;
  const [rule] = Object.keys(registries)
    .filter((prefix) => source === prefix || source.startsWith(`${prefix}/`))
    .sort((a, b) => b.length - a.length);
  if (rule === undefined) {
    throw new RegistryError(
      `${text}: the policy ${path} accepts no plugins from ${source}; it accepts those from ${Object.keys(registries).join(", ") || "nowhere"}`,
    );
  }
  const { keys } = registries[rule] ?? {};
  if (keys === undefined) return undefined;
  return Promise.all(
    keys.map(async (key) => {
      const file = join(dirname(path), key);
      return readPublicKey(await readText(file), file);
    }),
  );
}

interface Rule {
  readonly keys?: readonly string[];
}

async function readPolicy(path: string): Promise<Readonly<Record<string, Rule>>> {
  const text = await readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RegistryError(`${path} is not JSON: ${reasonOf(error)}`, { cause: error });
  }
  const { version, registries, ...others } = isObject(json) ? json : {};
  if (version !== 1 || !isObject(registries) || Object.keys(others).length > 0) {
    throw new RegistryError(`${path} is no policy: it has "version": 1 and "registries" alone`);
  }
  for (const [prefix, rule] of Object.entries(registries)) checkRule(path, prefix, rule);
  return registries as Readonly<Record<string, Rule>>;
}

/** A rule that says something else than it seems to would let in what nobody wanted. */
function checkRule(path: string, prefix: string, rule: unknown): void {
  const { keys, ...others } = isObject(rule) ? rule : { rule };
  const isList =
    Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === "string");
  if (Object.keys(others).length === 0 && (keys === undefined || isList)) return;
  throw new RegistryError(
    `${path}: the rule of ${JSON.stringify(prefix)} has to be {}, or { "keys": [paths of public keys] }`,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new RegistryError(`can't read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
