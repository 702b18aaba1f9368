/** A `WritableStream`, as far as it is used. */
export interface OutputStream {
  getWriter(): { write(chunk: Uint8Array): Promise<void>; releaseLock(): void };
}

/**
 * Where a plugin's stdout or stderr goes: a Node stream or anything else with `write`, a `WritableStream`, a
 * function that gets the text, `{ line }` with a function that gets one line at a time, or null for nowhere. Streams get
 * the bytes as the plugin wrote them; the functions get whole characters, also where a plugin wrote half of one.
 */
export type OutputOption =
  | { write(chunk: Uint8Array): unknown }
  | OutputStream
  | ((text: string) => void)
  | OutputLines
  | null;

/** Takes output line by line. */
export interface OutputLines {
  /** Gets a line without its end; also the last one, when the plugin is disposed, if it has no end. */
  line(text: string): void;
}
