/** Tells the time, in nanoseconds. */
export interface Clock {
  /** Since 1970. */
  realtime(): bigint;
  /** Since some moment; never less than before. */
  monotonic(): bigint;
}
