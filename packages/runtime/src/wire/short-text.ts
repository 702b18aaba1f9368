/** Strings of up to this many bytes are made here: a native call costs more. */
export const SHORT_TEXT = 24;

/**
 * The text of a few bytes of UTF-8; undefined if they are not valid, or have characters of three bytes or more.
 *
 * `String.fromCharCode` makes a string of all its arguments at once. To append characters one by one, or even four by four,
 * takes up to twice as long and leaves ropes behind, hence a case for each number of bytes.
 */
export function shortText(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let pos = start;
  for (; end - pos >= 8; pos += 8) {
    const a = bytes[pos]!;
    const b = bytes[pos + 1]!;
    const c = bytes[pos + 2]!;
    const d = bytes[pos + 3]!;
    const e = bytes[pos + 4]!;
    const f = bytes[pos + 5]!;
    const g = bytes[pos + 6]!;
    const h = bytes[pos + 7]!;
    if ((a | b | c | d | e | f | g | h) > 0x7f) return twoByteText(text, bytes, pos, end);
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  switch (end - pos) {
    case 0:
      return text;
    case 1: {
      const a = bytes[pos]!;
      if (a > 0x7f) break;
      return text + String.fromCharCode(a);
    }
    case 2: {
      const a = bytes[pos]!;
      const b = bytes[pos + 1]!;
      if ((a | b) > 0x7f) break;
      return text + String.fromCharCode(a, b);
    }
    case 3: {
      const a = bytes[pos]!;
      const b = bytes[pos + 1]!;
      const c = bytes[pos + 2]!;
      if ((a | b | c) > 0x7f) break;
      return text + String.fromCharCode(a, b, c);
    }
    case 4: {
      const a = bytes[pos]!;
      const b = bytes[pos + 1]!;
      const c = bytes[pos + 2]!;
      const d = bytes[pos + 3]!;
      if ((a | b | c | d) > 0x7f) break;
      return text + String.fromCharCode(a, b, c, d);
    }
    case 5: {
      const a = bytes[pos]!;
      const b = bytes[pos + 1]!;
      const c = bytes[pos + 2]!;
      const d = bytes[pos + 3]!;
      const e = bytes[pos + 4]!;
      if ((a | b | c | d | e) > 0x7f) break;
      return text + String.fromCharCode(a, b, c, d, e);
    }
    case 6: {
      const a = bytes[pos]!;
      const b = bytes[pos + 1]!;
      const c = bytes[pos + 2]!;
      const d = bytes[pos + 3]!;
      const e = bytes[pos + 4]!;
      const f = bytes[pos + 5]!;
      if ((a | b | c | d | e | f) > 0x7f) break;
      return text + String.fromCharCode(a, b, c, d, e, f);
    }
    case 7: {
      const a = bytes[pos]!;
      const b = bytes[pos + 1]!;
      const c = bytes[pos + 2]!;
      const d = bytes[pos + 3]!;
      const e = bytes[pos + 4]!;
      const f = bytes[pos + 5]!;
      const g = bytes[pos + 6]!;
      if ((a | b | c | d | e | f | g) > 0x7f) break;
      return text + String.fromCharCode(a, b, c, d, e, f, g);
    }
  }
  return twoByteText(text, bytes, pos, end);
}

/** Appends the text of the bytes to `text`, with characters of up to two bytes. */
function twoByteText(
  text: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): string | undefined {
  let pos = start;
  while (pos < end) {
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
