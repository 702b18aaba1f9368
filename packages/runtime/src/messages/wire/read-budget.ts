/** Words of 8 bytes that reading makes before it looks whether it may go on: half a MiB. */
export const PORTION = 2 ** 16;

/** Decides whether the reading of a message may go on, which can make many times as much as the message has bytes. */
export interface ReadBudget {
  /** Words of 8 bytes that may be made before it is asked. */
  readonly portion: number;
  /**
   * @param room below 0: so many words too many would be made
   * @returns words that may be made before it is asked again
   * @throws what ends the reading
   */
  more(room: number): number;
}
