import {
  HostFunctionError,
  PluginError,
  PluginExitError,
  PluginLimitError,
  PluginLoadError,
  PluginRetiredError,
  PluginTrapError,
} from "./plugin-errors.js";
import { propertyOf } from "./property-of.js";
import { reasonOf } from "./reason-of.js";
import { WplugError } from "./wplug-error.js";

/** An error as it travels between threads: only plain errors keep their class on that way. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: number | undefined;
  readonly stderr: readonly string[] | undefined;
  readonly cause: ErrorRecord | undefined;
  /** Those of an `AggregateError`. */
  readonly errors: readonly ErrorRecord[] | undefined;
}

/** The most that travel with an error, itself included: causes of causes, and errors of an `AggregateError`. */
const MOST = 32;

/** The record of whatever was thrown. What an error refers to is left out where it comes for the second time. */
export function toErrorRecord(error: unknown): ErrorRecord {
  return recordOf(error, new Set([error]));
}

/** @param taken those that are in the record of the outermost error */
function recordOf(error: unknown, taken: Set<unknown>): ErrorRecord {
  const take = (other: unknown): ErrorRecord[] => {
    if (other === undefined || taken.has(other) || taken.size >= MOST) return [];
    return [recordOf(other, taken.add(other))];
  };
  const name = propertyOf(error, "name");
  const stack = propertyOf(error, "stack");
  const code = propertyOf(error, "code");
  return {
    name: typeof name === "string" ? name : "Error",
    message: reasonOf(error),
    stack: typeof stack === "string" ? stack : undefined,
    code: typeof code === "number" ? code : undefined,
    stderr: listOf(propertyOf(error, "stderr"))?.map(reasonOf),
    cause: take(propertyOf(error, "cause"))[0],
    errors: listOf(propertyOf(error, "errors"))?.flatMap(take),
  };
}

function listOf(value: unknown): unknown[] | undefined {
  try {
    return Array.isArray(value) ? value.slice(0, MOST) : undefined;
  } catch {
    // A proxy.
    return undefined;
  }
}

/** The error behind a record; of the classes of this package, or a plain `Error` with the name and stack that it had. */
export function fromErrorRecord(record: ErrorRecord): Error {
  const { name, message, stderr = [], code = 0 } = record;
  const options = record.cause === undefined ? {} : { cause: fromErrorRecord(record.cause) };
  switch (name) {
    case "PluginError":
      return new PluginError(message);
    case "PluginTrapError":
      return new PluginTrapError(message, { stderr, ...options });
    case "PluginExitError":
      return new PluginExitError(message, code, stderr);
    case "PluginLimitError":
      return new PluginLimitError(message, options);
    case "PluginLoadError":
      return new PluginLoadError(message, options);
    case "PluginRetiredError":
      return new PluginRetiredError(message, options);
    case "HostFunctionError":
      return new HostFunctionError(message, options);
    case "WplugError":
      return new WplugError(message, options);
    default: {
      const error =
        record.errors === undefined
          ? new Error(message, options)
          : new AggregateError(record.errors.map(fromErrorRecord), message, options);
      Object.defineProperty(error, "name", { value: name, configurable: true });
      if (record.stack !== undefined) error.stack = record.stack;
      return error;
    }
  }
}
