import { engine } from "../platform/engine.js";

/** Ends the plugin: its host gets a PluginExitError, and can't call it any more. */
export function exit(code: number): never {
  if (engine === undefined) throw new Error(`exit(${code}) was called outside of a plugin`);
  return engine.exit(code);
}
