import type { HostLibrary } from "../instance/host-library.js";
import type { OutputOption } from "../wasi/output.js";

/** How a plugin is run. It gets nothing that is not named here: no files, no environment, no network. */
export interface LoadOptions {
  /** Where the plugin's output goes; the host's own streams unless given. */
  readonly stdout?: OutputOption | undefined;
  readonly stderr?: OutputOption | undefined;
  /** Environment variables of the plugin; none unless given. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Command-line arguments of the plugin, the program's name first; none unless given. */
  readonly args?: readonly string[] | undefined;
  /**
   * Functions of the host that the plugin may call, beyond those of the contract's own host service, which go into the
   * option `host` of the generated `load`.
   */
  readonly libraries?: readonly HostLibrary[] | undefined;
  readonly limits?: Limits | undefined;
}

export interface Limits {
  /** Longest answer of the plugin in bytes. A longer one is a PluginLimitError. */
  readonly message?: number | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Keeps the call from starting once aborted. A call that runs can't be interrupted. */
  readonly signal?: AbortSignal | undefined;
}
