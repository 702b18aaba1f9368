import { encodeToScratch, releaseScratch, scratch } from "../messages/wire/encode.js";
import type { Message } from "../messages/wire/message.js";
import type { MessageType } from "../messages/wire/message-type.js";

/** From this many bytes on, a buffer is cheaper to replace than to copy from. */
const LARGE = 1 << 16;
/** Bytes that the scratch begins with again. */
const NEW_SIZE = 4096;

/** A message in binary format, in a buffer that can be transferred to another thread: that of the scratch, if it is large. */
export function encodeToSend<T extends Message>(type: MessageType<T>, message: T): Uint8Array {
  const start = encodeToScratch(type, message);
  const { buffer, position: end } = scratch;
  if (start === 0 && end >= LARGE) {
    scratch.allocate(NEW_SIZE);
    releaseScratch(0);
    return buffer.subarray(0, end);
  }
  const bytes = buffer.slice(start, end);
  releaseScratch(start);
  return bytes;
}
