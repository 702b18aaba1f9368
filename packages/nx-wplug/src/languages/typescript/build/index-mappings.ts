import { decodeNumbers } from "./vlq";

/** Lines from one in the index to the next: the interpreter reads so many in a millisecond, and an entry takes 32 bytes. */
const EVERY = 16;

/**
 * By what a plugin finds a line in the mappings of its bundle: all of them, read by an interpreter, would take longer than any call,
 * and more memory than most plugins have.
 *
 * @see IndexedSourceMap of @wplug/runtime
 */
export function indexMappings(mappings: string): { every: number; starts: number[] } {
  const starts: number[] = [];
  /** Source, line and column, to which those of the next mapping are relative. */
  const last = [0, 0, 0];
  let start = 0;
  for (const [number, line] of mappings.split(";").entries()) {
    if (number % EVERY === 0) starts.push(start, ...last);
    start += line.length + 1;
    for (const segment of line.split(",")) {
      const [, ...deltas] = decodeNumbers(segment);
      // A fourth number is that of a name.
      for (const [i, delta] of deltas.slice(0, 3).entries()) last[i] = (last[i] ?? 0) + delta;
    }
  }
  return { every: EVERY, starts };
}
