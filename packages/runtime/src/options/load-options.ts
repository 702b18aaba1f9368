import type { HostLibrary } from "../descriptors/host-library.js";
import type { FileSystem } from "../files/file-system.js";
import type { Clock } from "./clock.js";
import type { PluginHooks } from "./hooks.js";
import type { Limits } from "./limits.js";
import type { OciOptions } from "./oci-options.js";
import type { OutputOption } from "./output-option.js";
import type { PoolOptions } from "./pool-options.js";
import type { ReloadListener } from "./reload-listener.js";
import type { RestartOptions } from "./restart-options.js";

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
   * Files of the plugin by the path where it sees them: `{ "/data": new HostDirectory("./data") }`. None unless given.
   * Everything below that path is the plugin's to read, and to write if the file system is writable.
   */
  readonly files?: Readonly<Record<string, FileSystem>> | undefined;
  /** What tells the plugin the time; the clocks of the host unless given. */
  readonly clock?: Clock | undefined;
  /** Fills bytes with the plugin's random numbers; the host's secure ones unless given. */
  readonly random?: ((bytes: Uint8Array) => void) | undefined;
  /**
   * Functions of the host that the plugin may call, beyond those of the contract's own host service, which go into the
   * option `host` of the generated `load`.
   */
  readonly libraries?: readonly HostLibrary[] | undefined;
  /** SHA-256 that the plugin's bytes must have, in hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** How a plugin is loaded whose source is in a registry: `oci://ghcr.io/acme/greeter:1.2`. In Node. */
  readonly oci?: OciOptions | undefined;
  readonly limits?: Limits | undefined;
  /**
   * Where the plugin runs. `"inline"`: in the host's thread, which is fastest, but while a plugin computes the host does
   * nothing else; `limits.time` or `limits.fuel` say for how long. `"worker"`: in a thread of its own, which can be killed; a
   * plugin that failed is replaced. Unless given, a worker is used only if something else asks for it: `limits.time` without
   * `limits.slice`, or an async host function on an engine that can't suspend wasm. Bun ends no thread while
   * wasm runs in it: there, `limits.time` runs the plugin inline, and is refused with `"worker"`.
   */
  readonly isolation?: "inline" | "worker" | undefined;
  /** Several instances of the plugin, which share nothing, for calls at the same time. One unless given. */
  readonly pool?: PoolOptions | undefined;
  /** When instances that failed are replaced, with `pool` or isolation "worker". */
  readonly restart?: RestartOptions | undefined;
  /**
   * Loads the plugin again whenever its file changes, for development: calls that are made from then on go to the new
   * version, calls under way end in the former one. The function is told of each change: `undefined`, or why the new
   * version is not used. Needs Node, and a path as the source.
   */
  readonly watch?: ReloadListener | undefined;
  /** Told about calls, for tracing. */
  readonly hooks?: PluginHooks | undefined;
}
