/** Finds places of the original module: engines name those of the rewritten one. */
export class OffsetMap {
  /** @param points where something was copied to: offsets in the original and in the new module, in turn, ascending */
  constructor(private readonly points: readonly number[]) {}

  /** The offset in the original module; of what was put in, that of the instruction after it. */
  original(offset: number): number {
    const { points } = this;
    let low = 0;
    let high = points.length / 2 - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (points[2 * middle + 1]! <= offset) low = middle;
      else high = middle - 1;
    }
    const next = points[2 * low + 2] ?? Infinity;
    return Math.min(points[2 * low]! + offset - points[2 * low + 1]!, next);
  }
}
