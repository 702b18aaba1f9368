/** A text as part of XML or HTML, of which it becomes no markup. */
export function escapeMarkup(text: string): string {
  return (
    text
      // What XML 1.0 can't hold at all.
      .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
      .replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
