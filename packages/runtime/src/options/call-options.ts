/** Options of one call. */
export interface CallOptions {
  /**
   * Ends the call when it is aborted. A plugin that runs is ended with it if it is in a worker, waits for a host function, or is
   * metered (`limits.time` with `isolation: "inline"`, `limits.fuel`, `limits.slice`). While a plugin computes in the host's
   * thread only its own host functions can abort anything, unless `limits.slice` lets others run.
   */
  readonly signal?: AbortSignal | undefined;
}
