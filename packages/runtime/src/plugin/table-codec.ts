import { decodeMessage as decodeByClass } from "../messages/wire/decode.js";
import { encodeMessage as encodeByClass } from "../messages/wire/encode.js";
import type { EncodeOptions } from "../messages/wire/encode-options.js";
import { isBytes } from "../messages/wire/js-value.js";
import type { MessageType } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { engine } from "../platform/engine.js";

/**
 * Reads a message by its table, or by its class if it has none or the engine leaves it to that: what is wrong with bytes, it says.
 *
 * @throws WireError with the offset and the field if the bytes are no valid message.
 */
export function decodeMessage<T extends Message>(type: MessageType<T>, bytes: Uint8Array): T {
  // It makes an instance of the class.
  const read = isBytes(bytes) ? (engine?.readMessage(type, bytes) as T | undefined) : undefined;
  return read ?? decodeByClass(type, bytes);
}

/**
 * Writes a message by its table, or by its class.
 *
 * @throws WireError that names message and field if a value is of the wrong type or out of range.
 */
export function encodeMessage<T extends Message>(
  type: MessageType<T>,
  message: T,
  options?: EncodeOptions,
): Uint8Array {
  // The order of maps is the class's to sort.
  const isSorted = options?.deterministic === true;
  const written = isSorted ? undefined : engine?.writeMessage(type, message);
  return written ?? encodeByClass(type, message, options);
}
