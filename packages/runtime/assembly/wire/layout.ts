/*
 * Where asc 0.28 keeps what is in its objects. Messages are written from their addresses: code without objects needs no
 * frame on the stack of the garbage collector, which costs more than most fields do. Nothing is allocated in between, so
 * nothing is collected.
 */

/** Number of UTF-16 code units of a string. */
// @ts-ignore: decorator
@inline
export function stringUnits(text: usize): u32 {
  // The header of every object ends with the size of its content. A constant offset of -4 would be out of bounds.
  return load<u32>(text - 4) >> 1;
}

/** Address of the first byte of a Uint8Array. */
// @ts-ignore: decorator
@inline
export function bytesStart(bytes: usize): usize {
  return load<usize>(bytes, offsetof<Uint8Array>("dataStart"));
}

/** Number of bytes of a Uint8Array. */
// @ts-ignore: decorator
@inline
export function bytesSize(bytes: usize): u32 {
  return load<u32>(bytes, offsetof<Uint8Array>("byteLength"));
}

/** Address of the first item of an Array. */
// @ts-ignore: decorator
@inline
export function listStart(list: usize): usize {
  return load<usize>(list, offsetof<Array<i32>>("dataStart"));
}

/** Number of items of an Array. */
// @ts-ignore: decorator
@inline
export function listLength(list: usize): u32 {
  return load<u32>(list, offsetof<Array<i32>>("length_"));
}

/** Address after the last item of an Array of T. */
// @ts-ignore: decorator
@inline
export function listEnd<T>(list: usize): usize {
  return listStart(list) + ((<usize>listLength(list)) << alignof<T>());
}

/** The object at `item` of an Array: the array may have holes. */
export function listItem(item: usize): usize {
  const object = load<usize>(item);
  assert(object != 0, "a list in a message has an item that was never set");
  return object;
}

/** An entry of a Map. An odd `next` says that it was removed. */
@unmanaged
export class MapEntry<K, V> {
  key!: K;
  value!: V;
  next!: usize;
}

/** Address of the first entry of a Map, removed ones included. */
// @ts-ignore: decorator
@inline
export function mapStart<K, V>(map: usize): usize {
  return load<usize>(map, offsetof<Map<K, V>>("entries"));
}

/** Address after the last entry of a Map. */
// @ts-ignore: decorator
@inline
export function mapEnd<K, V>(map: usize): usize {
  const count = load<u32>(map, offsetof<Map<K, V>>("entriesOffset"));
  return mapStart<K, V>(map) + <usize>count * mapEntrySize<K, V>();
}

/** Number of bytes from one entry of a Map to the next. */
// @ts-ignore: decorator
@inline
export function mapEntrySize<K, V>(): usize {
  const widest: usize = max(max(sizeof<K>(), sizeof<V>()), sizeof<usize>());
  return (offsetof<MapEntry<K, V>>() + widest - 1) & ~(widest - 1);
}

// @ts-ignore: decorator
@inline
export function isRemoved<K, V>(entry: usize): bool {
  return (load<usize>(entry, offsetof<MapEntry<K, V>>("next")) & 1) != 0;
}
