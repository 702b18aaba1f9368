import type { Message } from "./message.js";
import { isBytes } from "./js-value.js";

/** A copy that shares nothing with the message. */
export function cloneMessage<T extends Message>(message: T): T {
  return cloneValue(message) as T;
}

function cloneValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isBytes(value)) return Uint8Array.prototype.slice.call(value);
  if (Array.isArray(value)) return value.map((item) => cloneValue(item));
  if (value instanceof Map) return new Map(Array.from(value, cloneValue) as [unknown, unknown][]);
  // A message, or else a oneof, which is a plain object.
  const copy = new (value.constructor as new () => Record<string, unknown>)();
  for (const [name, member] of Object.entries(value)) copy[name] = cloneValue(member);
  return copy;
}

/**
 * Whether two messages of one type hold the same: the same fields are set, to the same values, the unknown fields
 * included. As in Go's `proto.Equal`, NaN equals NaN and the order of map entries does not matter.
 */
export function equalMessages<T extends Message>(a: T, b: T): boolean {
  return isEqual(a, b);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Number.isNaN(a) && Number.isNaN(b);
  }
  if (isBytes(a) && isBytes(b)) return a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (a.constructor !== b.constructor) return false;
  if (a instanceof Map && b instanceof Map) {
    return (
      a.size === b.size && [...a].every(([key, item]) => b.has(key) && isEqual(item, b.get(key)))
    );
  }
  // The items of a list, the fields of a message, case and value of a oneof.
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([name, item]) => isEqual(item, (b as Record<string, unknown>)[name]))
  );
}
