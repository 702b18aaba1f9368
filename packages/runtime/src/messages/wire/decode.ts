import { toWireError } from "./fault.js";
import type { Message } from "./message.js";
import type { MessageType } from "./message-type.js";
import { NO_BYTES } from "./no-bytes.js";
import type { ReadBudget } from "./read-budget.js";
import { leaveBlock, Reader } from "./reader.js";
import { WireError } from "./wire-error.js";
import { isBytes } from "./js-value.js";

/** Up to this many bytes a loop beats `set` where that wants a view. */
export const SHORT_COPY = 48;

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

/**
 * As `decodeMessage`, from the part of `bytes` between `start` and `end`.
 *
 * @param budget bounds what is made; none: there is no bound
 */
export function decodeRange<T extends Message>(
  type: MessageType<T>,
  bytes: Uint8Array,
  start: number,
  end: number,
  budget?: ReadBudget,
): T {
  const message = new type();
  decodeInto(type, message, bytes, start, end, budget);
  return message;
}

/** As `decodeRange`, but merges what it reads into an existing message. */
export function decodeInto<T extends Message>(
  type: MessageType<T>,
  message: T,
  bytes: Uint8Array,
  start: number,
  end: number,
  budget?: ReadBudget,
): void {
  const reader = idle ?? new Reader();
  idle = undefined;
  reader.begin(bytes, start, end, budget);
  try {
    type.read(message, reader);
    leaveBlock(reader, 0);
  } catch (error) {
    throw toWireError(error, type);
  }
  if (reader.unknown !== undefined) assignUnknown(reader.unknown, bytes);
  // A reader that is kept must not keep a wasm memory alive.
  reader.unknown = undefined;
  reader.budget = undefined;
  reader.buffer = NO_BYTES;
  idle = reader;
}

/**
 * Appends the unknown fields to what the messages had before. They are copied once, when all is read: to append them one by
 * one would take quadratic time.
 */
function assignUnknown(unknown: ReadonlyMap<Message, readonly number[]>, buffer: Uint8Array): void {
  for (const [message, ranges] of unknown) {
    const before = message.$unknown ?? NO_BYTES;
    let { length } = before;
    for (let i = 0; i < ranges.length; i += 2) length += ranges[i + 1]! - ranges[i]!;
    const bytes = new Uint8Array(length);
    bytes.set(before);
    let to = before.length;
    for (let i = 0; i < ranges.length; i += 2) {
      const start = ranges[i]!;
      const end = ranges[i + 1]!;
      // There may be as many as there are fields: to make a view of each short one takes many times as long.
      if (end - start > SHORT_COPY) bytes.set(buffer.subarray(start, end), to);
      else for (let at = 0; at < end - start; at++) bytes[to + at] = buffer[start + at]!;
      to += end - start;
    }
    message.$unknown = bytes;
  }
}
