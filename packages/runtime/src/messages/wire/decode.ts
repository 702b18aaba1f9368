import { concat } from "./concat.js";
import { toWireError } from "./fault.js";
import type { Message } from "./message.js";
import type { MessageType } from "./message-type.js";
import { NO_BYTES } from "./no-bytes.js";
import { leaveBlock, Reader } from "./reader.js";
import { WireError } from "./wire-error.js";
import { isBytes } from "./js-value.js";

/** The reader that is not in use. One that failed does not come back. */
let idle: Reader | undefined;

/**
 * Reads a message from Protocol Buffers binary format. Unknown fields are kept in `$unknown`; `bytes` fields are
 * copies.
 *
 * @throws WireError with the offset and the field if the bytes are no valid message.
 */
export function decodeMessage<T extends Message>(type: MessageType<T>, bytes: Uint8Array): T {
  if (!isBytes(bytes)) throw new WireError("expected a Uint8Array", type.typeName);
  return decodeRange(type, bytes, 0, bytes.length);
}

/** As `decodeMessage`, from the part of `bytes` between `start` and `end`. */
export function decodeRange<T extends Message>(
  type: MessageType<T>,
  bytes: Uint8Array,
  start: number,
  end: number,
): T {
  const message = new type();
  decodeInto(type, message, bytes, start, end);
  return message;
}

/** As `decodeRange`, but merges what it reads into an existing message. */
export function decodeInto<T extends Message>(
  type: MessageType<T>,
  message: T,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const reader = idle ?? new Reader();
  idle = undefined;
  reader.begin(bytes, start, end);
  try {
    type.read(message, reader);
    leaveBlock(reader, 0);
  } catch (error) {
    throw toWireError(error, type);
  }
  if (reader.unknown !== undefined) assignUnknown(reader.unknown, bytes);
  // A reader that is kept must not keep a wasm memory alive.
  reader.unknown = undefined;
  reader.buffer = NO_BYTES;
  idle = reader;
}

/**
 * Appends the unknown fields to what the messages had before. They are copied once, when all is read: to append them one by
 * one would take quadratic time.
 */
function assignUnknown(unknown: ReadonlyMap<Message, readonly number[]>, buffer: Uint8Array): void {
  for (const [message, ranges] of unknown) {
    const parts = [message.$unknown ?? NO_BYTES];
    for (let i = 0; i < ranges.length; i += 2) {
      parts.push(buffer.subarray(ranges[i], ranges[i + 1]));
    }
    message.$unknown = concat(parts);
  }
}
