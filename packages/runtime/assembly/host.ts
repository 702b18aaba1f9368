/*
 * What the generated stubs of host functions are made of. A host function takes a request by address and size and answers
 * `address << 32 | size` of memory that it got from malloc(), and that is ours to free.
 */
import { freeBlock } from "./blocks";
import { enterHost, leaveHost } from "./stack";
import { Output } from "./wire/output";
import { Reader } from "./wire/reader";

const reader = changetype<Reader>(memory.data(offsetof<Reader>()));
const output = changetype<Output>(memory.data(offsetof<Output>()));

/**
 * Encodes the request of a host function and returns its address. The host reads it before it does anything else, so one
 * place serves calls inside of calls too.
 */
export function hostRequest<T>(request: T): usize {
  assert(output.message<T>(request), "a request to the host is nested more than 100 deep, or contains itself");
  enterHost();
  return output.size == 0 ? 0 : output.address;
}

/** Number of bytes of the request. */
export function hostRequestSize(): usize {
  return output.size;
}

/** Decodes what a host function answered, and frees it. */
export function hostAnswer<T>(result: u64, typeName: string): T {
  leaveHost();
  const address = <usize>(result >> 32);
  const answer = instantiate<T>();
  reader.reset(address, <usize>(result & 0x7fffffff));
  // @ts-ignore: every generated class has it
  answer.$read(reader);
  freeBlock(address);
  if (reader.failed) throw new Error("the host answered with a malformed " + typeName + ": " + reader.error!);
  return answer;
}
