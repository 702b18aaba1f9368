/** How a message is encoded. */
export interface EncodeOptions {
  /**
   * Whether the entries of maps are in the order of their keys, so that equal messages have equal bytes. Only for one
   * version of wplug: https://protobuf.dev/programming-guides/serialization-not-canonical/
   */
  readonly deterministic?: boolean;
}
