import type { Named } from "./fault.js";
import { describe, expectedChoice, isMap, isRecord } from "./js-value.js";
import { MAX_DEPTH, TOO_DEEP_OBJECTS } from "./limits.js";
import type { Message } from "./message.js";
import type { MessageType } from "./message-type.js";
import { WireError } from "./wire-error.js";

/*
 * What constructors of generated classes take over from an init. JavaScript callers have no compiler: what has the wrong shape is
 * an error here, and a scalar of the wrong type is one when the message is encoded.
 */

/** How many messages the one that is being made is inside of. */
let depth = 0;

/** @throws WireError if it is nothing that a message could be made from */
export function checkInit({ typeName }: Named, init: unknown): void {
  // Nearly all are plain objects, which can be told at once.
  if (typeof init === "object" && init !== null && init.constructor === Object) return;
  if (!isRecord(init)) {
    throw new WireError(`expected an object with its fields, got ${describe(init)}`, typeName);
  }
}

/**
 * The message of a field: `init` itself if it is one, else a new one made from it.
 *
 * @param owner the message that the field belongs to
 * @throws WireError that names the field
 */
export function initMessage<T extends Message>(
  owner: Named,
  number: number,
  type: MessageType<T>,
  init: unknown,
): T {
  if (init instanceof type) return init;
  if (!isRecord(init)) throw wrong(owner, number, type.typeName, init);
  if (depth === MAX_DEPTH) throw new WireError(TOO_DEEP_OBJECTS, pathOf(owner, number));
  depth++;
  try {
    return new type(init);
  } catch (error) {
    throw error instanceof WireError ? within(pathOf(owner, number), type, error) : error;
  } finally {
    depth--;
  }
}

/** A copy of a list of scalars. @throws WireError that names the field */
export function initList<T>(owner: Named, number: number, list: readonly T[]): T[] {
  if (!Array.isArray(list)) throw wrong(owner, number, "an array", list);
  return [...list];
}

/** The messages of a list. @throws WireError that names the field */
export function initMessages<T extends Message>(
  owner: Named,
  number: number,
  type: MessageType<T>,
  list: readonly unknown[],
): T[] {
  if (!Array.isArray(list)) throw wrong(owner, number, "an array", list);
  return list.map((item) => initMessage(owner, number, type, item));
}

/** A copy of a map with scalars as values. @throws WireError that names the field */
export function initMap<K, V>(owner: Named, number: number, map: ReadonlyMap<K, V>): Map<K, V> {
  if (!isMap(map)) throw wrong(owner, number, "a Map", map);
  return new Map(map);
}

/** The messages of a map. @throws WireError that names the field */
export function initMessageMap<K, T extends Message>(
  owner: Named,
  number: number,
  type: MessageType<T>,
  map: ReadonlyMap<K, unknown>,
): Map<K, T> {
  if (!isMap(map)) throw wrong(owner, number, "a Map", map);
  const messages = new Map<K, T>();
  for (const [key, item] of map) {
    messages.set(key, initMessage(owner, number, type, item));
  }
  return messages;
}

/** A copy of a oneof; whether there is such a case shows when it is written. @throws WireError that names the oneof */
export function initOneof<T extends object>({ typeName }: Named, name: string, choice: T): T {
  if (!isRecord(choice)) throw new WireError(expectedChoice(choice), `${typeName}.${name}`);
  return { ...choice };
}

function wrong(owner: Named, number: number, expected: string, value: unknown): WireError {
  return new WireError(`expected ${expected}, got ${describe(value)}`, pathOf(owner, number));
}

function pathOf({ typeName, fieldNames }: Named, number: number): string {
  return `${typeName}.${fieldNames[number] ?? number}`;
}

/** The same error, where a message leaves the field that it is in. */
function within(path: string, { typeName }: Named, error: WireError): WireError {
  if (!error.path.startsWith(typeName)) return error;
  return new WireError(error.reason, path + error.path.slice(typeName.length));
}
