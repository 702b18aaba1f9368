/** What a plugin did since it was loaded. */
export interface PluginStats {
  readonly calls: number;
  /** Calls that failed, for whatever reason. */
  readonly errors: number;
  /** Host functions that the plugin called. */
  readonly hostCalls: number;
  /**
   * Size of the memories, and of the tables that can grow, of all instances now, in bytes. Without `limits.memory` these are the ones that the plugin exports:
   * the engine tells of no others.
   */
  readonly memoryBytes: number;
  /** Units of fuel that all instances used, the start included; 0 if nothing in `limits` needs them counted. */
  readonly fuel: number;
  /** Half of the calls took at most so many milliseconds, waiting included; 0 without calls. Calls of `sync` are not timed. */
  readonly p50: number;
  /** 99 of 100 calls took at most so many milliseconds. */
  readonly p99: number;
}

/** Each bucket is an eighth of a doubling wide: percentiles are off by 9 % at most. */
const BUCKETS_PER_DOUBLING = 8;
/** Milliseconds where the first bucket ends. */
const SMALLEST = 2 ** -10;
const BUCKETS = 40 * BUCKETS_PER_DOUBLING;

/** Durations, counted in buckets of growing width. */
export class Durations {
  private readonly counts = new Uint32Array(BUCKETS);
  private total = 0;

  add(milliseconds: number): void {
    const bucket = Math.ceil(Math.log2(milliseconds / SMALLEST) * BUCKETS_PER_DOUBLING);
    const index = Math.min(BUCKETS - 1, Math.max(0, bucket));
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total++;
  }

  /** The duration that `part` of all (0 to 1) did not exceed, in milliseconds. */
  percentile(part: number): number {
    if (this.total === 0) return 0;
    let left = Math.ceil(this.total * part);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.counts[bucket] ?? 0;
      if (left <= 0) return SMALLEST * 2 ** (bucket / BUCKETS_PER_DOUBLING);
    }
    return Infinity;
  }
}
