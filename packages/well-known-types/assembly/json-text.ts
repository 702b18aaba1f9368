const HEX = "0123456789abcdef";

/** A string of JSON. Half of a pair of surrogates becomes U+FFFD, as it can't be UTF-8. */
export function quoted(text: string): string {
  let result = '"';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let escape = "";
    if (unit == 0x22) escape = '\\"';
    else if (unit == 0x5c) escape = "\\\\";
    else if (unit == 0x0a) escape = "\\n";
    else if (unit == 0x0d) escape = "\\r";
    else if (unit == 0x09) escape = "\\t";
    else if (unit < 0x20) escape = "\\u00" + HEX.charAt(unit >> 4) + HEX.charAt(unit & 15);
    else if (unit >= 0xd800 && unit < 0xe000) {
      const next = text.charCodeAt(i + 1);
      const isPair = unit < 0xdc00 && i + 1 < text.length && next >= 0xdc00 && next < 0xe000;
      if (isPair) {
        i++;
        continue;
      }
      escape = "\ufffd";
    } else continue;
    result += text.substring(start, i) + escape;
    start = i + 1;
  }
  return result + text.substring(start) + '"';
}
