import type { IndexedSourceMap } from "../platform/engine.js";

/** A place in a file; lines and columns begin at 1. */
export interface Place {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Where a piece of generated code comes from, by the last mapping of its line that begins in front of it: the source goes on from there
 * as the generated code does. Numbers begin at 1.
 */
export function findPlace(
  { sources, mappings, index: { every, starts } }: IndexedSourceMap,
  generatedLine: number,
  generatedColumn: number,
): Place | undefined {
  const first = 4 * Math.floor((generatedLine - 1) / every);
  const [start = mappings.length, ...origin] = starts.slice(first, first + 4);
  let [source = 0, line = 0, column = 0] = origin;
  let found: Place | undefined;
  let end = start;
  // Numbers of a line are relative to those of the lines before.
  for (let left = (generatedLine - 1) % every; left >= 0 && end < mappings.length; left--) {
    const from = end;
    end = mappings.indexOf(";", from) + 1 || mappings.length + 1;
    let at = 0;
    for (const segment of mappings.slice(from, end - 1).split(",")) {
      const [toColumn = 0, toSource, toLine = 0, toOriginalColumn = 0] = decodeNumbers(segment);
      at += toColumn;
      if (toSource === undefined) continue;
      source += toSource;
      line += toLine;
      column += toOriginalColumn;
      const name = sources[source];
      if (left > 0 || at >= generatedColumn || name === undefined) continue;
      found = { source: name, line: line + 1, column: column + generatedColumn - at };
    }
  }
  return found;
}

/** Numbers in base 64, five bits a digit, the lowest first; the lowest bit of all is the sign. */
function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = shift = 0;
  }
  return numbers;
}
