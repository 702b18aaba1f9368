/** What a call of `sync` can be given. */
export interface SyncCallOptions {
  /**
   * For the host functions that the plugin calls meanwhile, which get it in their second parameter: who calls, a tenant, a
   * transaction. The plugin never sees it. A call that a host function makes of a plugin has the context that it is given, and no
   * other.
   */
  readonly context?: unknown;
}

/** Options of one call. */
export interface CallOptions extends SyncCallOptions {
  /**
   * Ends the call when it is aborted. A plugin that runs is ended with it if it is in a worker, waits for a host function, or is
   * metered (`limits.time` with `isolation: "inline"`, `limits.fuel`, `limits.slice`). While a plugin computes in the host's
   * thread only its own host functions can abort anything, unless `limits.slice` lets others run.
   */
  readonly signal?: AbortSignal | undefined;
}
