/** Options of one call. */
export interface CallOptions {
  /**
   * Ends the call when it is aborted. A plugin that runs is ended with it if it is in a worker or waits for a host
   * function; nothing can interrupt one that computes in the host's thread.
   */
  readonly signal?: AbortSignal | undefined;
}
