/** `ignoreBOM` keeps a byte order mark at the start: it belongs to the text of a field. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes; undefined if they are no UTF-8. */
export function strictDecoder(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
