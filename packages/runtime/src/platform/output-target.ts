/** Something that takes the bytes of an output stream. */
export interface OutputTarget {
  write(chunk: Uint8Array): void;
}
