import type { PluginModule } from "../module/plugin-module.js";
import type { PluginStats } from "./stats.js";

/** A plugin that was loaded, whatever its service: what all generated clients have. */
export interface LoadedPlugin {
  /** The compiled plugin. */
  readonly module: PluginModule;
  /** Whether it answers no more calls: it was disposed, or it failed and is not replaced. */
  readonly retired: boolean;
  /** What it did since it was loaded. */
  stats(): PluginStats;
  dispose(): Promise<void>;
}
