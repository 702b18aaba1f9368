/// <reference path="../compiler.d.ts" />
// Puts what is read into lists, which are given by their addresses as messages are: see `set.ts`.
import { listLength, listStart } from "./layout";
import { Reader } from "./reader";
import { setObject } from "./set";

/** Items that a list has room for when it gets its first one. */
const FIRST_ITEMS: u32 = 8;

/** Adds a number, a bool or an enum to an Array. */
export function addItem<T>(list: usize, item: T): void {
  store<T>(newItems<T>(list, 1), item);
}

/** Adds a string to an Array. */
export function addString(list: usize, reader: Reader): void {
  const item = newItems<usize>(list, 1);
  setItem(list, item, changetype<usize>(reader.string()));
}

/** Adds a Uint8Array to an Array. */
export function addBytes(list: usize, reader: Reader): void {
  const item = newItems<usize>(list, 1);
  setItem(list, item, changetype<usize>(reader.bytes()));
}

/** Adds a new message to an Array and returns it. */
export function addMessage<T>(list: usize): usize {
  const item = newItems<usize>(list, 1);
  const message = changetype<usize>(instantiate<T>());
  setItem(list, item, message);
  return message;
}

/** Adds a packed list of numbers that have the same bytes in memory and on the wire. */
export function addPackedFixed<T>(list: usize, reader: Reader): void {
  const size = reader.packedSize(sizeof<T>());
  memory.copy(newItems<T>(list, <u32>(size >> alignof<T>())), reader.pos, size);
  reader.pos += size;
}

/** Makes a list longer by so many items, which are zero. Returns the address of the first of them. */
// @ts-ignore: decorator
@inline
function newItems<T>(list: usize, count: u32): usize {
  const length = listLength(list);
  const used = (<usize>length) << alignof<T>();
  const size = used + ((<usize>count) << alignof<T>());
  if (size > listRoom(list)) grow(list, size);
  store<i32>(list, length + count, offsetof<Array<T>>("length_"));
  return listStart(list) + used;
}

/** Makes `object` the item at this address. */
// @ts-ignore: decorator
@inline
function setItem(list: usize, item: usize, object: usize): void {
  store<usize>(item, object);
  __link(list, object, true);
}

/** How many bytes of items a list has room for. An Array calls it as if it were a view. */
// @ts-ignore: decorator
@inline
function listRoom(list: usize): usize {
  return load<u32>(list, offsetof<Array<i32>>("byteLength"));
}

function grow(list: usize, size: usize): void {
  const room = listRoom(list);
  const capacity = max(size, max(room << 1, FIRST_ITEMS * sizeof<u32>()));
  const items = __renew(load<usize>(list, offsetof<Array<i32>>("buffer")), capacity);
  setObject(list, offsetof<Array<i32>>("buffer"), items);
  store<usize>(list, items, offsetof<Array<i32>>("dataStart"));
  store<u32>(list, <u32>capacity, offsetof<Array<i32>>("byteLength"));
}
