import { UserError } from "../errors/user-error";
import { findMistake, type SchemaError } from "./find-mistake";
import { validate } from "./gen/validate-options";

/** Options of wplug in nx.json, by `options.schema.json`. */
export interface PluginOptions {
  readonly generateTargetName: string;
  readonly buildTargetName: string;
  readonly testTargetName: string;
  readonly typecheckTargetName: string;
  readonly handshakeTargetName: string;
  readonly checkVersionTargetName: string;
  readonly playgroundTargetName: string;
  readonly pushTargetName: string;
  readonly serveTargetName: string;
  readonly previewTargetName: string;
}

/**
 * Checks the options that nx.json has for wplug, and fills in the defaults.
 *
 * @throws UserError that names the option and what is allowed
 */
export function parsePluginOptions(options: unknown): PluginOptions {
  // A copy, as defaults are written into it.
  const filled: unknown = isObject(options) ? { ...options } : (options ?? {});
  const mistake = findMistake(validate, filled);
  if (mistake !== undefined) throw new UserError(`nx.json: ${messageOf(mistake)}`);
  const parsed = filled as PluginOptions;
  const names = Object.entries(parsed) as [string, string][];
  for (const [option, name] of names) {
    const other = names.find(([it, its]) => it !== option && its === name);
    if (other === undefined) continue;
    throw new UserError(
      `nx.json: "${option}" and "${other[0]}" of wplug are both "${name}": each target needs a name of its own`,
    );
  }
  return parsed;
}

function messageOf(error: SchemaError): string {
  if (error.instancePath === "") {
    if (error.keyword !== "additionalProperties") return "the options of wplug must be an object";
    const known = Object.keys(parsePluginOptions({}));
    return `"${String(error.params["additionalProperty"])}" is no option of wplug; there are ${known.join(", ")}`;
  }
  return `"${error.instancePath.slice(1)}" of wplug must be the name of a target, without spaces, ":", "^" and "*"`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
