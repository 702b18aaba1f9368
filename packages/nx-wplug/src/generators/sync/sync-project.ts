import type { WplugConfig } from "../../config/wplug-config";

/** A project with a wplug.json. */
export interface SyncProject {
  readonly name: string;
  /** Relative to the workspace's root. */
  readonly root: string;
  readonly config: WplugConfig;
}
