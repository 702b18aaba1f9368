/*
 * What the generated functions `<service>_<method>` are made of. A result is `address << 32 | size`; bit 31 of the
 * size says that the bytes are the UTF-8 text of an error. The bytes belong to the plugin and stay valid until the next
 * call.
 */
import { mayHaveFailed, takeFailure } from "./fail";
import { Output } from "./wire/output";
import { Reader } from "./wire/reader";

export { enterCall } from "./stack";

const ERROR: u64 = 1 << 31;

// In static memory and never created at run time: a host that does not call `_initialize` still gets an error text.
const reader = changetype<Reader>(memory.data(offsetof<Reader>()));
const response = changetype<Output>(memory.data(offsetof<Output>()));

/** Decodes a request. The result is null if the bytes are malformed; then badRequest() is the answer. */
export function decodeRequest<T>(address: usize, size: usize): T | null {
  if (mayHaveFailed()) takeFailure();
  const request = instantiate<T>();
  reader.reset(address, size);
  // @ts-ignore: every generated class has it
  request.$read(reader);
  return reader.failed ? null : request;
}

/** The answer to a request that decodeRequest() could not decode. */
export function badRequest(typeName: string): u64 {
  response.reset();
  response.text("malformed ");
  response.text(typeName);
  response.text(": ");
  response.text(reader.error!);
  response.text(" at byte ");
  response.decimal(reader.offset);
  return finish(ERROR);
}

/** The answer of a method: its reply, or the text of fail(). */
export function answer<T>(reply: T): u64 {
  if (mayHaveFailed()) {
    const failure = takeFailure();
    if (failure !== null) return error(failure);
  }
  if (!response.message<T>(reply)) return error("the reply is nested more than 100 deep, or contains itself");
  return finish(0);
}

/** An answer that is an error. */
export function error(text: string): u64 {
  response.reset();
  response.text(text);
  return finish(ERROR);
}

function finish(flag: u64): u64 {
  // No bytes are at no address: an empty reply is 0, an empty error only its flag.
  if (response.size == 0) return flag;
  return (<u64>response.address << 32) | flag | response.size;
}
