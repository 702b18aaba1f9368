import type { RestartOptions } from "../options/restart-options.js";

/** The time and the chance that restarts depend on. */
export interface RestartClock {
  /** Milliseconds since some time. */
  now(): number;
  /** From 0 to 1, without 1. */
  random(): number;
  /** @returns what stops it */
  after(milliseconds: number, callback: () => void): () => void;
}

const hostClock: RestartClock = {
  now: () => performance.now(),
  random: () => Math.random(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** What is to be done after a failure. */
export type Verdict =
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "give up"; readonly failures: number }
  /** It failed with others that have been counted. */
  | { readonly kind: "counted" };

/** The second restart in a row comes after so many milliseconds at least. */
const SECOND = 100;

/** Decides when instances that failed are replaced: later each time while none answers, and at last never. */
export class Restarts {
  readonly clock: RestartClock;
  readonly within: number;
  private readonly first: number;
  private readonly most: number;
  private readonly times: number;
  /** Failures since the last answer, and those of them that are in the window. */
  private row = 0;
  private recent: number[] = [];
  private due = -Infinity;
  private epoch = 0;

  constructor(options: RestartOptions = {}, clock: RestartClock = hostClock) {
    const { first = 0, most = 30_000, times = 10, within = 60_000 } = options;
    this.first = first;
    this.most = most;
    this.times = times;
    this.within = within;
    this.clock = clock;
  }

  /** What an instance that starts now is to tell when it fails. */
  get era(): number {
    return this.epoch;
  }

  /** Milliseconds before the next start. */
  get wait(): number {
    // The first restart is at once: no clock is read for it.
    return this.due === -Infinity ? 0 : Math.max(0, this.due - this.clock.now());
  }

  succeeded(): void {
    if (this.row === 0) return;
    this.row = 0;
    this.recent = [];
    this.due = -Infinity;
  }

  /**
   * @param era of the instance: those that ran already when another failed may well have failed for the same reason, so that a full pool
   *   is not given up for one
   */
  failed(era: number): Verdict {
    if (era !== this.epoch) return { kind: "counted" };
    const now = this.clock.now();
    this.epoch++;
    this.row++;
    this.recent = this.recent.filter((time) => now - time < this.within);
    this.recent.push(now);
    if (this.recent.length > this.times) return { kind: "give up", failures: this.recent.length };
    const doubled =
      this.row === 1 ? this.first : Math.max(SECOND, 2 * this.first) * 2 ** (this.row - 2);
    const milliseconds = Math.min(this.most, doubled) * (0.5 + this.clock.random() / 2);
    this.due = milliseconds > 0 ? now + milliseconds : -Infinity;
    return { kind: "wait", milliseconds };
  }
}
