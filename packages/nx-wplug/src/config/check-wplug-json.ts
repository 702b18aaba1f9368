import { readFileSync } from "node:fs";
import { join } from "node:path";

import { validate } from "./gen/validate-wplug-json";

/** What ajv says of a mistake: https://ajv.js.org/api.html#error-objects */
interface SchemaError {
  /** A JSON pointer to the value: `/contracts/0`. */
  readonly instancePath: string;
  /** A JSON pointer to the rule: `#/oneOf/1/required`. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Schema {
  readonly oneOf: readonly { readonly properties: Readonly<Record<string, Property>> }[];
}

interface Property {
  readonly type?: string;
  readonly const?: string;
}

/**
 * Checks the content of a wplug.json by the published schema, and fills in its defaults.
 *
 * @returns the first mistake, for people: the key, and what is allowed; undefined if there is none
 */
export function checkWplugJson(json: unknown): string | undefined {
  const check = validate as {
    (json: unknown): boolean;
    errors?: readonly SchemaError[] | null;
  };
  if (check(json)) return undefined;
  const errors = check.errors ?? [];
  // Whoever misspells a key is told so, not that another one is missing.
  const error = errors.find(({ keyword }) => keyword === "additionalProperties") ?? errors[0];
  return error === undefined ? "is not as the schema says" : messageOf(error);
}

function messageOf({ instancePath, schemaPath, keyword, params }: SchemaError): string {
  const { oneOf } = readSchema();
  if (keyword === "discriminator" || (keyword === "required" && schemaPath === "#/required")) {
    const types = oneOf.map(({ properties }) => `"${properties["type"]?.const}"`);
    return `"type" must be ${types.slice(0, -1).join(", ")} or ${types.at(-1)}`;
  }
  if (instancePath === "" && keyword === "type") return "expected a JSON object";
  const properties = oneOf[Number(/^#\/oneOf\/(\d+)/.exec(schemaPath)?.[1])]?.properties ?? {};
  switch (keyword) {
    case "additionalProperties": {
      const keys = Object.keys(properties).filter((key) => key !== "$schema");
      return `"${String(params["additionalProperty"])}" is not known; a ${properties["type"]?.const} has ${list(keys)}`;
    }
    case "required":
      return `"${String(params["missingProperty"])}" is missing`;
    default: {
      const key = instancePath.split("/")[1] ?? "";
      const kinds: Readonly<Record<string, string>> = {
        string: "a string",
        boolean: "true or false",
        array: "a list of strings",
      };
      return `"${key}" must be ${kinds[properties[key]?.type ?? ""] ?? "as the schema says"}`;
    }
  }
}

/** Read for errors alone. */
function readSchema(): Schema {
  return JSON.parse(readFileSync(join(__dirname, "../../schema.json"), "utf8")) as Schema;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
