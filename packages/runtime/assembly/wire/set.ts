/// <reference path="../compiler.d.ts" />
/*
 * Puts what is read into messages, which are given by their addresses: code without objects needs no frame on the
 * shadow stack. Who calls keeps the message alive, and an object is part of it before the next one is made: the garbage
 * collector may run whenever an object is made.
 */

/** Makes `object` a property of the message, the one that is `offset` bytes behind its start. */
// @ts-ignore: decorator
@inline
export function setObject(message: usize, offset: usize, object: usize): void {
  store<usize>(message + offset, object);
  __link(message, object, false);
}

/** The message that is the property, a new one if there is none yet. */
export function messageAt<T>(message: usize, offset: usize): usize {
  let nested = load<usize>(message + offset);
  if (nested == 0) {
    nested = changetype<usize>(instantiate<T>());
    setObject(message, offset, nested);
  }
  return nested;
}

/** A new Uint8Array. */
export function newBytes(size: usize): Uint8Array {
  // Not by its constructor, whose parts have frames of their own.
  const bytes = changetype<Uint8Array>(__new(offsetof<Uint8Array>(), idof<Uint8Array>()));
  const content = __new(size, idof<ArrayBuffer>());
  setObject(changetype<usize>(bytes), offsetof<Uint8Array>("buffer"), content);
  store<usize>(changetype<usize>(bytes), content, offsetof<Uint8Array>("dataStart"));
  store<u32>(changetype<usize>(bytes), <u32>size, offsetof<Uint8Array>("byteLength"));
  return bytes;
}
