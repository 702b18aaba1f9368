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
  /** Instances now. */
  readonly instances: number;
  /** Instances that were started in the place of failed ones, with `pool` or isolation "worker". */
  readonly restarts: number;
  /** Calls that wait for an instance now, with `pool` or isolation "worker". */
  readonly waiting: number;
  /**
   * Half of the calls took at most so many milliseconds, waiting included; 0 without calls. Calls of `sync` are not timed, and of
   * calls that take less than 20 µs, after the first thousand, only one in eight, by chance.
   */
  readonly p50: number;
  /** 99 of 100 calls took at most so many milliseconds. */
  readonly p99: number;
}

/** Each bucket is an eighth of a doubling wide: percentiles are off by 9 % at most. */
const BUCKETS_PER_DOUBLING = 8;
/** Milliseconds where the first bucket ends. */
const SMALLEST = 2 ** -10;
const BUCKETS = 40 * BUCKETS_PER_DOUBLING;

/** So many calls are all timed: of few, those that are left out would be missed. */
const ALL = 1000;
/** Calls that take fewer milliseconds are timed by chance: to read the clock twice is a quarter of the shortest ones. */
const SHORT = 0.02;
/** One in so many of those. */
const PART = 8;

/**
 * Durations, counted in buckets of growing width. Of short calls one stands for several. Which ones are timed is decided before
 * they begin and by chance, so that neither what they take nor a rhythm in which they come makes them more or less likely.
 */
export class Durations {
  private readonly counts = new Float64Array(BUCKETS);
  private total = 0;
  /** Calls that are not timed before the next one that is. */
  private left = 0;
  /** How many calls the next one that is timed stands for. */
  private weight = 1;

  /** Told before a call: how many calls it stands for; 0 if it is not to be timed. */
  next(): number {
    if (this.left > 0) {
      this.left--;
      return 0;
    }
    const { weight } = this;
    this.weight = 1;
    return weight;
  }

  /** @param weight what `next` answered; of 0 nothing is counted */
  add(milliseconds: number, weight: number): void {
    if (weight === 0) return;
    const bucket = Math.ceil(Math.log2(milliseconds / SMALLEST) * BUCKETS_PER_DOUBLING);
    const index = Math.min(BUCKETS - 1, Math.max(0, bucket));
    this.counts[index] = (this.counts[index] ?? 0) + weight;
    this.total += weight;
    if (milliseconds > SHORT || this.total < ALL) return;
    // As many in the mean as make it one of eight.
    this.left = Math.floor(Math.random() * (2 * PART - 1));
    this.weight = PART;
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
