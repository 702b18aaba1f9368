import { PluginLoadError } from "../errors/plugin-errors.js";
import type { LoadOptions } from "../options/load-options.js";
import { isMountPath } from "../wasi/paths.js";

/** What a number of the options may be. */
interface Range {
  readonly unit: string;
  readonly from: number;
  readonly to: number;
}

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Longest time of a timer. Longer ones would go off at once. */
const MAX_TIMER = 2 ** 31 - 1;
/** All that pointers of 32 bits can point to. */
const MAX_MEMORY = 2 ** 32;

const limitRanges: Readonly<Record<string, Range>> = {
  time: { unit: "milliseconds", from: 1, to: MAX_TIMER },
  slice: { unit: "milliseconds", from: 1, to: MAX_TIMER },
  fuel: { unit: "units", from: 1, to: MAX_SAFE },
  memory: { unit: "bytes", from: 0, to: MAX_MEMORY },
  message: { unit: "bytes", from: 0, to: MAX_SAFE },
  decoded: { unit: "bytes", from: 0, to: MAX_SAFE },
  output: { unit: "bytes", from: 0, to: MAX_SAFE },
  depth: { unit: "calls", from: 0, to: MAX_SAFE },
};

const poolRanges: Readonly<Record<string, Range>> = {
  size: { unit: "instances", from: 1, to: MAX_SAFE },
  queue: { unit: "calls", from: 0, to: MAX_SAFE },
  maxCalls: { unit: "calls", from: 1, to: MAX_SAFE },
  maxMemory: { unit: "bytes", from: 0, to: MAX_SAFE },
};

const restartRanges: Readonly<Record<string, Range>> = {
  first: { unit: "milliseconds", from: 0, to: MAX_TIMER },
  most: { unit: "milliseconds", from: 0, to: MAX_TIMER },
  times: { unit: "restarts", from: 0, to: Infinity },
  within: { unit: "milliseconds", from: 1, to: MAX_SAFE },
};

/**
 * Looks at the options before anything is done with them: a limit that is no number would be none.
 *
 * @throws PluginLoadError that names the option
 */
export function checkOptions({
  limits,
  pool,
  restart,
  files,
  env,
  args,
  isolation,
}: LoadOptions): void {
  checkIsolation(isolation);
  checkNumbers("limits", limits, limitRanges);
  checkNumbers("pool", pool, poolRanges);
  checkNumbers("restart", restart, restartRanges);
  for (const path of Object.keys(files ?? {})) checkMount(path);
  for (const [name, value] of Object.entries(env ?? {})) checkVariable(name, value);
  (args ?? []).forEach((value: unknown, index) => checkText(`args[${index}]`, value));
}

function checkIsolation(isolation: unknown): void {
  if (isolation === undefined || isolation === "inline" || isolation === "worker") return;
  const found = typeof isolation === "string" ? JSON.stringify(isolation) : shown(isolation);
  throw new PluginLoadError(`isolation must be "inline" or "worker", not ${found}`);
}

function checkNumbers(
  option: string,
  values: object | undefined,
  ranges: Readonly<Record<string, Range>>,
): void {
  if (values === undefined) return;
  if (typeof values !== "object" || values === null) {
    throw new PluginLoadError(`${option} must be an object, not ${shown(values)}`);
  }
  for (const [name, value] of Object.entries(values) as [string, unknown][]) {
    const range = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
    if (value === undefined || range === undefined) continue;
    const { unit, from, to } = range;
    if (typeof value === "number" && value >= from && value <= to) continue;
    throw new PluginLoadError(
      `${option}.${name} must be a number of ${unit} from ${from} to ${to}, not ${shown(value)}`,
    );
  }
}

function checkMount(path: string): void {
  if (isMountPath(path)) return;
  throw new PluginLoadError(
    `files: ${JSON.stringify(path)} is not a path where a plugin can see files: it must begin with "/", like "/data"`,
  );
}

function checkVariable(name: string, value: unknown): void {
  if (name === "" || /[=\0]/.test(name)) {
    throw new PluginLoadError(`env: ${JSON.stringify(name)} is no name of a variable`);
  }
  checkText(`env.${name}`, value);
}

function checkText(option: string, value: unknown): void {
  if (typeof value !== "string") {
    throw new PluginLoadError(`${option} must be a string, not ${shown(value)}`);
  }
  if (value.includes("\0")) {
    throw new PluginLoadError(
      `${option} must not contain U+0000, where it would end for the plugin`,
    );
  }
}

function shown(value: unknown): string {
  return typeof value === "number" || typeof value === "bigint" || value === null
    ? String(value)
    : `a ${typeof value}`;
}
