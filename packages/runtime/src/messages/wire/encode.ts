import type { EncodeOptions } from "./encode-options.js";
import { toWireError } from "./fault.js";
import type { Message } from "./message.js";
import type { MessageType } from "./message-type.js";
import { Writer } from "./writer.js";

const INITIAL_SIZE = 4096;
/** A scratch that grew beyond this is given back to the garbage collector. */
const KEPT_SIZE = 1 << 20;

/**
 * One writer for all: allocating the output is what small messages cost most. It is used like a stack, so that
 * an encode inside an encode (a getter of the application, a host function that calls a plugin) is harmless.
 */
export const scratch = new Writer(INITIAL_SIZE);

/**
 * Encodes at the top of the scratch and returns where the message begins; it ends at `scratch.position`. The caller
 * must give the place back with `releaseScratch`, also if what it does in between fails.
 */
export function encodeToScratch<T extends Message>(
  type: MessageType<T>,
  message: T,
  deterministic = false,
): number {
  const { position: start, depth, block, deterministic: outer } = scratch;
  scratch.depth = scratch.block = 0;
  scratch.deterministic = deterministic;
  try {
    type.write(message, scratch);
  } catch (error) {
    releaseScratch(start);
    throw toWireError(error, type);
  } finally {
    scratch.depth = depth;
    scratch.block = block;
    scratch.deterministic = outer;
  }
  return start;
}

/** Gives back the part of the scratch from `start` on. */
export function releaseScratch(start: number): void {
  scratch.position = start;
  if (start === 0 && scratch.buffer.length > KEPT_SIZE) scratch.allocate(INITIAL_SIZE);
}

/**
 * The message in Protocol Buffers binary format. Fields are in the order of their numbers, unknown fields last.
 *
 * @throws WireError that names message and field if a value is of the wrong type or out of range.
 */
export function encodeMessage<T extends Message>(
  type: MessageType<T>,
  message: T,
  options?: EncodeOptions,
): Uint8Array {
  const start = encodeToScratch(type, message, options?.deterministic);
  const bytes = scratch.buffer.slice(start, scratch.position);
  releaseScratch(start);
  return bytes;
}
