/*
 * UTF-8 in both directions. The standard library's decoder does not validate, and protobuf strings must be valid:
 * https://protobuf.dev/programming-guides/encoding/#structure
 *
 * Everything here works on raw addresses and allocates nothing, so that a panic may use it.
 */

/** Number of bytes that `units` UTF-16 code units at `text` take. A lone surrogate counts as U+FFFD. */
export function utf8Length(text: usize, units: u32): usize {
  const end = text + (<usize>units << 1);
  let bytes: usize = 0;
  while (text < end) {
    const unit: u32 = load<u16>(text);
    text += 2;
    if (unit < 0x80) {
      bytes += 1;
    } else if (unit < 0x800) {
      bytes += 2;
    } else if (isPair(unit, text, end)) {
      text += 2;
      bytes += 4;
    } else {
      bytes += 3;
    }
  }
  return bytes;
}

/**
 * Writes `units` UTF-16 code units at `text` as UTF-8 to `into`, a lone surrogate as U+FFFD, and returns the address
 * after the last byte. Stops before the first character that would not end before `limit`.
 */
export function encodeUtf8(text: usize, units: u32, into: usize, limit: usize): usize {
  const end = text + (<usize>units << 1);
  while (text < end) {
    let code: u32 = load<u16>(text);
    text += 2;
    if (code < 0x80) {
      if (into >= limit) break;
      store<u8>(into++, code);
    } else if (code < 0x800) {
      if (into + 2 > limit) break;
      store<u8>(into, 0xc0 | (code >> 6));
      store<u8>(into + 1, 0x80 | (code & 0x3f));
      into += 2;
    } else if (isPair(code, text, end)) {
      if (into + 4 > limit) break;
      code = 0x10000 + ((code & 0x3ff) << 10) + (<u32>load<u16>(text) & 0x3ff);
      text += 2;
      store<u8>(into, 0xf0 | (code >> 18));
      store<u8>(into + 1, 0x80 | ((code >> 12) & 0x3f));
      store<u8>(into + 2, 0x80 | ((code >> 6) & 0x3f));
      store<u8>(into + 3, 0x80 | (code & 0x3f));
      into += 4;
    } else {
      if (into + 3 > limit) break;
      if ((code & 0xf800) == 0xd800) code = 0xfffd;
      store<u8>(into, 0xe0 | (code >> 12));
      store<u8>(into + 1, 0x80 | ((code >> 6) & 0x3f));
      store<u8>(into + 2, 0x80 | (code & 0x3f));
      into += 3;
    }
  }
  return into;
}

/** Like encodeUtf8(), to memory that is known to be large enough. */
export function putUtf8(at: usize, text: usize, units: u32): usize {
  const end = text + (<usize>units << 1);
  // Four characters of ASCII at a time: 00dd00cc00bb00aa -> ddccbbaa.
  while (text + 8 <= end) {
    let four = load<u64>(text);
    if ((four & 0xff80ff80ff80ff80) != 0) break;
    four = (four | (four >> 8)) & 0x0000ffff0000ffff;
    store<u32>(at, <u32>(four | (four >> 16)));
    text += 8;
    at += 4;
  }
  while (text < end) {
    const unit: u32 = load<u16>(text);
    if (unit >= 0x80) return encodeUtf8(text, <u32>((end - text) >> 1), at, usize.MAX_VALUE);
    store<u8>(at++, unit);
    text += 2;
  }
  return at;
}

// Whether `unit` and the one at `next` are a high and a low surrogate.
// @ts-ignore: decorator
@inline
function isPair(unit: u32, next: usize, end: usize): bool {
  return (unit & 0xfc00) == 0xd800 && next < end && (<u32>load<u16>(next) & 0xfc00) == 0xdc00;
}

/**
 * Number of UTF-16 code units that the bytes from `at` to `end` decode to, or -1 if they are not well-formed UTF-8
 * by table 3-7 of the Unicode standard: no overlong form, no surrogate, nothing above U+10FFFF.
 */
export function utf16Length(at: usize, end: usize): i32 {
  let units = asciiLength(at, end);
  at += units;
  while (at < end) {
    const lead: u32 = load<u8>(at++);
    units++;
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return -1;
    const more: usize = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (end - at < more) return -1;
    const second: u32 = load<u8>(at);
    const lowest: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const highest: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) return -1;
    if (more > 1 && (load<u8>(at + 1) & 0xc0) != 0x80) return -1;
    if (more > 2) {
      if ((load<u8>(at + 2) & 0xc0) != 0x80) return -1;
      units++;
    }
    at += more;
  }
  return units;
}

// Number of bytes of ASCII at the start, found eight at a time: up to seven of them are not counted.
// @ts-ignore: decorator
@inline
function asciiLength(at: usize, end: usize): i32 {
  const start = at;
  while (at + 8 <= end && (load<u64>(at) & 0x8080808080808080) == 0) at += 8;
  return <i32>(at - start);
}

/** Decodes the bytes from `at` to `end`, which utf16Length() has found well-formed, to UTF-16 at `into`. */
export function decodeUtf8(at: usize, end: usize, into: usize): void {
  // Four bytes of ASCII at a time: ddccbbaa -> 00dd00cc00bb00aa.
  while (at + 4 <= end) {
    let four: u64 = load<u32>(at);
    if ((four & 0x80808080) != 0) break;
    four = (four | (four << 16)) & 0x0000ffff0000ffff;
    store<u64>(into, (four | (four << 8)) & 0x00ff00ff00ff00ff);
    at += 4;
    into += 8;
  }
  while (at < end) {
    let code: u32 = load<u8>(at++);
    if (code >= 0xf0) {
      code = ((code & 7) << 18) | (continuation(at) << 12) | (continuation(at + 1) << 6) | continuation(at + 2);
      at += 3;
      code -= 0x10000;
      store<u16>(into, 0xd800 | (code >> 10));
      into += 2;
      code = 0xdc00 | (code & 0x3ff);
    } else if (code >= 0xe0) {
      code = ((code & 0xf) << 12) | (continuation(at) << 6) | continuation(at + 1);
      at += 2;
    } else if (code >= 0x80) {
      code = ((code & 0x1f) << 6) | continuation(at);
      at += 1;
    }
    store<u16>(into, code);
    into += 2;
  }
}

// @ts-ignore: decorator
@inline
function continuation(at: usize): u32 {
  return <u32>load<u8>(at) & 0x3f;
}
