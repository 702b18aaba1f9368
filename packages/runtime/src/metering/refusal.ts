/** Why a module can't be metered, and the byte of it where that was seen. Callers get a PluginLoadError instead. */
export class Refusal extends Error {
  constructor(
    /** What the plugin has: the sentence goes on after `the plugin`. */
    readonly problem: string,
    readonly offset: number,
  ) {
    super(problem);
  }
}
