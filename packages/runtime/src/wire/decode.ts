import type { Message, MessageType } from "./message-type.js";
import { Reader } from "./reader.js";
import { WireError } from "./wire-error.js";
import { isBytes } from "./writer.js";

/** The reader that is not in use. Decoding calls constructors, so in theory anybody. */
let idle: Reader | undefined = new Reader();

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
    type.read(message, reader, end);
    reader.field = 0;
    reader.leave(end);
    reader.finish();
  } catch (error) {
    const located = reader.locate(error, type);
    reader.release();
    if (!(located instanceof WireError)) throw located;
    const path = located.path === "" ? type.typeName : `${type.typeName}.${located.path}`;
    throw new WireError(located.reason, path, located.offset);
  } finally {
    idle = reader;
  }
}
