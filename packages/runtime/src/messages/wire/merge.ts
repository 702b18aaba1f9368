import { decodeInto } from "./decode.js";
import { encodeMessage } from "./encode.js";
import { isBytes } from "./js-value.js";
import type { MessageInit, MessageType } from "./message-type.js";
import type { Message } from "./message.js";
import { toMessage } from "./to-message.js";

/**
 * Merges another message, or its bytes, into this one as Protocol Buffers defines it: set scalars replace, messages are
 * merged, lists grow, map entries are added or replaced.
 *
 * @throws WireError if the bytes are not valid; what was read before the error is merged then
 */
export function mergeMessage<T extends Message>(
  type: MessageType<T>,
  message: T,
  source: Uint8Array | T | MessageInit<T>,
): void {
  const bytes = isBytes(source) ? source : encodeMessage(type, toMessage(type, source));
  // Reading concatenated messages is what merging means: https://protobuf.dev/programming-guides/encoding/#last-one-wins
  decodeInto(type, message, bytes, 0, bytes.length);
}
