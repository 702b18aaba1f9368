import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { NxJsonConfiguration } from "@nx/devkit";
import picomatch from "picomatch";

type TargetDefaults = NonNullable<NxJsonConfiguration["targetDefaults"]>;

/** All executors, as targets name them: `wplug:build`. */
export function executorNames(): string[] {
  const { executors } = JSON.parse(
    readFileSync(join(__dirname, "../../executors.json"), "utf8"),
  ) as { executors: object };
  return Object.keys(executors).map((name) => `wplug:${name}`);
}

/**
 * Makes sure that defaults for names, such as `build`, don't hold for targets of wplug: they would replace what those depend
 * on. Of all entries that fit a target Nx takes one alone, and the one for its executor first, even if it is empty.
 *
 * @returns undefined if nothing is missing
 */
export function withExecutorDefaults(defaults: TargetDefaults = {}): TargetDefaults | undefined {
  const missing = executorNames().filter((name) => !(name in defaults));
  if (missing.length === 0) return undefined;
  return { ...defaults, ...Object.fromEntries(missing.map((name) => [name, {}])) };
}

/** What makes a task right or wrong. */
const ESSENTIAL = ["dependsOn", "inputs", "outputs"];

/**
 * The entry of `targetDefaults` that replaces what a target of wplug depends on, because there is none for its executor.
 */
export function findReplacingDefault(
  defaults: TargetDefaults = {},
  target: string,
  executor: string,
): string | undefined {
  if (executor in defaults) return undefined;
  const key = target in defaults ? target : longestGlob(Object.keys(defaults), target);
  if (key === undefined) return undefined;
  // Nx 23 knows lists of entries for different projects.
  const entries = [defaults[key] ?? {}].flat();
  return entries.some((entry) => ESSENTIAL.some((property) => property in entry)) ? key : undefined;
}

function longestGlob(keys: readonly string[], target: string): string | undefined {
  return keys
    .filter((key) => key.includes("*") && picomatch.isMatch(target, key))
    .sort((a, b) => b.length - a.length)[0];
}
