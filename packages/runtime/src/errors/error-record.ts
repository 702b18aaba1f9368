import {
  HostFunctionError,
  PluginError,
  PluginExitError,
  PluginLimitError,
  PluginLoadError,
  PluginRetiredError,
  PluginTrapError,
} from "./plugin-errors.js";
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
}

export function toErrorRecord(error: unknown): ErrorRecord {
  const { name, stack, code, stderr, cause } = error as Partial<PluginExitError>;
  return {
    name: typeof name === "string" ? name : "Error",
    message: reasonOf(error),
    stack: typeof stack === "string" ? stack : undefined,
    code: typeof code === "number" ? code : undefined,
    stderr,
    cause: cause === undefined ? undefined : toErrorRecord(cause),
  };
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
      const error = new Error(message, options);
      Object.defineProperty(error, "name", { value: name, configurable: true });
      if (record.stack !== undefined) error.stack = record.stack;
      return error;
    }
  }
}
