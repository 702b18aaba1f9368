/** Clocks of calls whose time is limited. */
export class Clocks {
  private readonly running = new Set<ReturnType<typeof setTimeout>>();

  /**
   * Starts the clock of a call.
   *
   * @param milliseconds undefined: there is no limit
   * @returns what stops it
   */
  start(milliseconds: number | undefined, onExceeded: () => void): () => void {
    if (milliseconds === undefined) return () => {};
    const { running } = this;
    const clock = setTimeout(onExceeded, milliseconds);
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
