import { PluginLimitError } from "../errors/plugin-errors.js";

/** Depth of calls inside of calls unless the limits say otherwise. */
export const DEFAULT_DEPTH = 64;

export function tooDeep(name: string, limit: number): PluginLimitError {
  return new PluginLimitError(
    `${name}: plugin and host call each other more than ${limit} times deep (limits.depth)`,
  );
}
