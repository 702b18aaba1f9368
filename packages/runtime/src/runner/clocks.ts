interface Clock {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly deadline: number;
  readonly onExceeded: () => void;
}

/** Clocks of calls whose time is limited. */
export class Clocks {
  private readonly running = new Set<Clock>();

  /**
   * Starts the clock of a call.
   *
   * @param milliseconds undefined: there is no limit
   * @returns what stops it
   */
  start(milliseconds: number | undefined, onExceeded: () => void): () => void {
    if (milliseconds === undefined) return () => {};
    const { running } = this;
    const clock: Clock = {
      timer: setTimeout(onExceeded, milliseconds),
      deadline: performance.now() + milliseconds,
      onExceeded,
    };
    running.add(clock);
    return () => {
      clearTimeout(clock.timer);
      running.delete(clock);
    };
  }

  /** Lets those go off whose time is over: timers can't while this thread is busy. */
  look(): void {
    if (this.running.size === 0) return;
    const now = performance.now();
    for (const { deadline, onExceeded } of this.running) if (deadline <= now) onExceeded();
  }

  stopAll(): void {
    for (const { timer } of this.running) clearTimeout(timer);
    this.running.clear();
  }
}
