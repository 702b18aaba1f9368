import { UserError } from "../errors/user-error";
import { validate } from "./gen/validate-options";

/** Options of wplug in nx.json, by `options.schema.json`. */
export interface PluginOptions {
  readonly generateTargetName: string;
  readonly buildTargetName: string;
  readonly testTargetName: string;
  readonly typecheckTargetName: string;
  readonly handshakeTargetName: string;
  readonly checkVersionTargetName: string;
  readonly serveTargetName: string;
}

/** What ajv says of a mistake: https://ajv.js.org/api.html#error-objects */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Checks the options that nx.json has for wplug, and fills in the defaults.
 *
 * @throws UserError that names the option and what is allowed
 */
export function parsePluginOptions(options: unknown): PluginOptions {
  const check = validate as {
    (options: unknown): boolean;
    errors?: readonly SchemaError[] | null;
  };
  // A copy, as defaults are written into it.
  const filled: unknown = isObject(options) ? { ...options } : (options ?? {});
  if (!check(filled)) {
    const errors = check.errors ?? [];
    const error = errors.find(({ keyword }) => keyword === "additionalProperties") ?? errors[0];
    throw new UserError(`nx.json: ${messageOf(error)}`);
  }
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

function messageOf(error: SchemaError | undefined): string {
  if (error === undefined || error.instancePath === "") {
    if (error?.keyword !== "additionalProperties") return "the options of wplug must be an object";
    const known = Object.keys(parsePluginOptions({}));
    return `"${String(error.params["additionalProperty"])}" is no option of wplug; there are ${known.join(", ")}`;
  }
  return `"${error.instancePath.slice(1)}" of wplug must be the name of a target, without spaces, ":", "^" and "*"`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
