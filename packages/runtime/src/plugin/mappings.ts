/** Where a piece of generated code comes from. All numbers begin at 0. */
export interface Mapping {
  readonly generatedColumn: number;
  /** Index of the file. */
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The mappings of each generated line.
 *
 * @see https://tc39.es/ecma426/#sec-mappings
 */
export function decodeMappings(mappings: string): Mapping[][] {
  let source = 0;
  let line = 0;
  let column = 0;
  return mappings.split(";").map((segments) => {
    let generatedColumn = 0;
    return segments
      .split(",")
      .filter(Boolean)
      .flatMap((segment): Mapping[] => {
        const [toColumn = 0, toSource, toLine = 0, toOriginalColumn = 0] = decodeNumbers(segment);
        generatedColumn += toColumn;
        if (toSource === undefined) return [];
        source += toSource;
        line += toLine;
        column += toOriginalColumn;
        return [{ generatedColumn, source, line, column }];
      });
  });
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
