import type { EncodeOptions } from "./encode-options.js";

/** What every generated message has. */
export interface Message {
  /** Unknown fields as they were read, with their tags; written back at the end. */
  $unknown: Uint8Array | undefined;
  /** The message in Protocol Buffers binary format. */
  encode(options?: EncodeOptions): Uint8Array;
}
