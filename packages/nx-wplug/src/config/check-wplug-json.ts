import { readFileSync } from "node:fs";
import { join } from "node:path";

import { findMistake, type SchemaError } from "./find-mistake";
import { validate } from "./gen/validate-wplug-json";

interface Schema {
  readonly oneOf: readonly { readonly properties: Readonly<Record<string, Property>> }[];
}

interface Property {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
}

/**
 * Checks the content of a wplug.json by the published schema, and fills in its defaults.
 *
 * @returns the first mistake, for people: the key, and what is allowed; undefined if there is none
 */
export function checkWplugJson(json: unknown): string | undefined {
  const mistake = findMistake(validate, json);
  return mistake && messageOf(mistake);
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
      const allowed = properties[key]?.enum;
      if (allowed !== undefined) {
        return `"${key}" must be ${allowed.map((it) => `"${it}"`).join(" or ")}`;
      }
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
