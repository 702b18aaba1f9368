/*
 * What every plugin exports beside its services, under the names that the host looks for.
 */
import { allocateBlock, freeBlock } from "./blocks";
// The compiler finds these two by their global names: they only have to be part of the program.
import "./console";
import { lastPanic } from "./panic";
import { endCall } from "./stack";

/** Memory for `size` bytes that the host writes: a request, or the response of a host function. */
export function malloc(size: usize): usize {
  return allocateBlock(size);
}

/** Frees what malloc() returned. Does nothing for 0, for an unknown address and for one that is free already. */
export function free(address: usize): void {
  endCall(address);
  freeBlock(address);
}

/** Text and place of the last panic, as on stderr, as `address << 32 | size`, 0 if there was none. */
export function wplug_panic(): u64 {
  return lastPanic();
}
