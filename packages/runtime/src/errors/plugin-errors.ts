import { brand } from "./brand.js";
import { WplugError } from "./wplug-error.js";

/** The plugin answered a call with an error: its text is the message. The plugin stays usable. */
export class PluginError extends WplugError {
  static {
    brand(this, "PluginError");
  }
}

/** What a PluginTrapError carries beside its message. */
export interface PluginTrapDetails {
  /** The last lines that the plugin wrote to stderr, oldest first. */
  readonly stderr?: readonly string[];
  /** The error that the engine threw, with the wasm stack. */
  readonly cause?: unknown;
}

/** The plugin crashed: a trap, a panic, a stack overflow, an answer that is not valid. The instance is retired. */
export class PluginTrapError extends WplugError {
  static {
    brand(this, "PluginTrapError");
  }

  /** The last lines that the plugin wrote to stderr, oldest first. */
  readonly stderr: readonly string[];

  constructor(message: string, details: PluginTrapDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.stderr = details.stderr ?? [];
  }
}

/** The plugin ended itself (`proc_exit`) during a call. The instance is retired. */
export class PluginExitError extends WplugError {
  static {
    brand(this, "PluginExitError");
  }

  /** The exit code, 0 included: an exit inside a call is never an answer. */
  readonly code: number;
  /** The last lines that the plugin wrote to stderr, oldest first. */
  readonly stderr: readonly string[];

  constructor(message: string, code: number, stderr: readonly string[] = []) {
    super(message);
    this.code = code;
    this.stderr = stderr;
  }
}

/** The plugin can't be loaded: not a wasm module, a missing export, an import that nobody provides. */
export class PluginLoadError extends WplugError {
  static {
    brand(this, "PluginLoadError");
  }
}

/** The plugin was built for another version of the service. */
export class ApiVersionMismatchError extends PluginLoadError {
  static {
    brand(this, "ApiVersionMismatchError");
  }

  readonly hostVersion: bigint;
  readonly pluginVersion: bigint;

  constructor(message: string, hostVersion: bigint, pluginVersion: bigint) {
    super(message);
    this.hostVersion = hostVersion;
    this.pluginVersion = pluginVersion;
  }
}

/**
 * A limit of the load options was reached: the text names it and its value. If the plugin reached it, the instance is
 * retired; if a pool's queue is full, nothing else happened.
 */
export class PluginLimitError extends WplugError {
  static {
    brand(this, "PluginLimitError");
  }
}

/** The plugin ran longer than `limits.time` allows and was stopped. The instance is retired. */
export class PluginTimeoutError extends WplugError {
  static {
    brand(this, "PluginTimeoutError");
  }

  /** The limit in milliseconds. */
  readonly milliseconds: number;
  /** The last lines that the plugin wrote to stderr, oldest first. */
  readonly stderr: readonly string[];

  constructor(message: string, milliseconds: number, stderr: readonly string[] = []) {
    super(message);
    this.milliseconds = milliseconds;
    this.stderr = stderr;
  }
}

/** The call was aborted by its signal. A call that was running already retires the instance. */
export class PluginAbortedError extends WplugError {
  static {
    brand(this, "PluginAbortedError");
  }
}

/** The client was disposed, or an earlier failure retired the instance: load the plugin again. */
export class PluginRetiredError extends WplugError {
  static {
    brand(this, "PluginRetiredError");
  }
}

/** A host function failed during a call: the original error is the `cause`. The instance is retired. */
export class HostFunctionError extends WplugError {
  static {
    brand(this, "HostFunctionError");
  }
}
