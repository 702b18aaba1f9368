/** What a plugin may use. There are no limits unless they are given. */
export interface Limits {
  /**
   * Longest duration of a call in milliseconds, host functions included, and of the start of the plugin. A call that
   * takes longer is ended with a PluginTimeoutError. Needs a worker.
   */
  readonly time?: number | undefined;
  /** Size to which the plugin's memory can grow, in bytes. Growing further fails inside the plugin. */
  readonly memory?: number | undefined;
  /** Longest answer of the plugin, and longest request that it may send to a host function, in bytes. */
  readonly message?: number | undefined;
  /** Most bytes on stdout and stderr together in one call. */
  readonly output?: number | undefined;
  /** Deepest nesting of calls, where host functions call the plugin again; 64 unless given. */
  readonly depth?: number | undefined;
}
