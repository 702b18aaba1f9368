import type { Message } from "./message-type.js";
import { isBytes } from "./writer.js";

/** A copy that shares nothing with the message. */
export function cloneMessage<T extends Message>(message: T): T {
  const copy = new (message.constructor as new () => T)();
  for (const name of Object.keys(message) as (keyof T)[]) copy[name] = cloneValue(message[name]);
  return copy;
}

function cloneValue<T>(value: T): T;
function cloneValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isBytes(value)) return Uint8Array.prototype.slice.call(value);
  if (Array.isArray(value)) return value.map((item: unknown) => cloneValue(item));
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]: [unknown, unknown]) => [key, cloneValue(item)]));
  }
  if (isMessage(value)) return cloneMessage(value);
  // A oneof.
  const { case: name, value: member } = value as { case?: string; value?: unknown };
  return name === undefined ? { case: name } : { case: name, value: cloneValue(member) };
}

/**
 * Whether two messages of one type hold the same: the same fields are set, to the same values, the unknown fields
 * included. As in Go's `proto.Equal`, NaN equals NaN and the order of map entries does not matter.
 */
export function equalMessages<T extends Message>(a: T, b: T): boolean {
  if (a === b) return true;
  if (a.constructor !== b.constructor) return false;
  return (Object.keys(a) as (keyof T)[]).every((name) => equalValues(a[name], b[name]));
}

function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Number.isNaN(a) && Number.isNaN(b);
  }
  if (isBytes(a)) {
    return isBytes(b) && a.length === b.length && a.every((byte, i) => byte === b[i]);
  }
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i]))
    );
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, item] of a) if (!b.has(key) || !equalValues(item, b.get(key))) return false;
    return true;
  }
  if (isMessage(a)) return isMessage(b) && equalMessages(a, b);
  const left = a as { case?: string; value?: unknown };
  const right = b as { case?: string; value?: unknown };
  return left.case === right.case && equalValues(left.value, right.value);
}

/** What is left where a field's value is an object: a message, or else a oneof. */
function isMessage(value: object): value is Message {
  return "encode" in value && "$unknown" in value;
}
