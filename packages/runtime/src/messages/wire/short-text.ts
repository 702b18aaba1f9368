/** Strings of up to this many bytes are made here: a native call costs more. */
export const SHORT_TEXT = 24;

/**
 * The text of a few bytes of UTF-8; undefined if they are not valid, or have characters of three bytes or more.
 *
 * `String.fromCharCode` makes a string of all its arguments at once. Appending the characters one by one, or even four by
 * four, takes up to twice as long and leaves ropes behind. Hence a call for each length up to eight.
 */
export function shortText(bytes: Uint8Array, pos: number, end: number): string | undefined {
  const length = end - pos;
  if (length < 4) return oneByOne(bytes, pos, end);
  const a = bytes[pos]!;
  const b = bytes[pos + 1]!;
  const c = bytes[pos + 2]!;
  const d = bytes[pos + 3]!;
  if ((a | b | c | d) > 0x7f) return oneByOne(bytes, pos, end);
  if (length === 4) return String.fromCharCode(a, b, c, d);
  const e = bytes[pos + 4]!;
  if (e > 0x7f) return oneByOne(bytes, pos, end);
  if (length === 5) return String.fromCharCode(a, b, c, d, e);
  const f = bytes[pos + 5]!;
  if (f > 0x7f) return oneByOne(bytes, pos, end);
  if (length === 6) return String.fromCharCode(a, b, c, d, e, f);
  const g = bytes[pos + 6]!;
  if (g > 0x7f) return oneByOne(bytes, pos, end);
  if (length === 7) return String.fromCharCode(a, b, c, d, e, f, g);
  const h = bytes[pos + 7]!;
  if (h > 0x7f) return oneByOne(bytes, pos, end);
  const text = String.fromCharCode(a, b, c, d, e, f, g, h);
  if (length === 8) return text;
  const rest = shortText(bytes, pos + 8, end);
  return rest === undefined ? undefined : text + rest;
}

/** As `shortText`, for what is shorter still, or not all ASCII. */
function oneByOne(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  for (let pos = start; pos < end; ) {
    let unit = bytes[pos++]!;
    if (unit > 0x7f) {
      if (unit < 0xc2 || unit > 0xdf || pos === end) return undefined;
      const next = bytes[pos++]!;
      if ((next & 0xc0) !== 0x80) return undefined;
      unit = ((unit & 0x1f) << 6) | (next & 0x3f);
    }
    text += String.fromCharCode(unit);
  }
  return text;
}
