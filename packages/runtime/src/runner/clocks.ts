/** Clocks of the calls that run, where there is a limit of time. */
export class TimeLimit {
  private readonly running = new Set<ReturnType<typeof setTimeout>>();

  /**
   * @param milliseconds undefined: no limit
   * @param onExceeded told what took too long
   */
  constructor(
    private readonly milliseconds: number | undefined,
    private readonly onExceeded: (action: string, milliseconds: number) => void,
  ) {}

  /** Starts the clock of a call. Returns what stops it. */
  start(action: string): () => void {
    const { milliseconds, running } = this;
    if (milliseconds === undefined) return () => {};
    const clock = setTimeout(() => this.onExceeded(action, milliseconds), milliseconds);
    running.add(clock);
    return () => {
      clearTimeout(clock);
      running.delete(clock);
    };
  }

  stopAll(): void {
    for (const clock of this.running) clearTimeout(clock);
    this.running.clear();
  }
}
