import { encodeMessage } from "./encode.js";
import { isBytes, isMap, isRecord } from "./js-value.js";
import { MAX_DEPTH, TOO_DEEP_OBJECTS } from "./limits.js";
import type { Message } from "./message.js";
import type { MessageType } from "./message-type.js";
import { WireError } from "./wire-error.js";

/** Objects inside of each other: each message may be in a oneof. */
const MAX_OBJECTS = 2 * (MAX_DEPTH + 1);

/**
 * A copy that shares nothing with the message.
 *
 * @throws WireError if the message contains itself
 */
export function cloneMessage<T extends Message>(message: T): T {
  return cloneValue(message, 0) as T;
}

function cloneValue(value: unknown, depth: number): unknown {
  if (isBytes(value)) return Uint8Array.prototype.slice.call(value);
  if (Array.isArray(value)) return value.map((item) => cloneValue(item, depth));
  if (isMap(value))
    return new Map(Array.from(value, ([key, item]) => [key, cloneValue(item, depth)]));
  if (!isRecord(value)) return value;
  if (depth > MAX_OBJECTS) throw new WireError(TOO_DEEP_OBJECTS);
  // A message, or else a oneof, which is a plain object.
  const { constructor: type = Object } = value as { constructor?: unknown };
  const copy = new (type as new () => Record<string, unknown>)();
  for (const [name, member] of Object.entries(value)) copy[name] = cloneValue(member, depth + 1);
  return copy;
}

/**
 * Whether two messages of one type hold the same: the same fields are set, to the same values, the unknown fields
 * included. They are equal if and only if `encode({ deterministic: true })` gives the same bytes: NaN equals NaN, the order of
 * map entries does not matter, and 0 does not equal -0, which are two values of a float.
 *
 * @throws WireError if a message contains itself
 */
export function equalMessages<T extends Message>(a: T, b: T): boolean {
  const zeros: Zeros = { differ: false };
  return isEqual(a, b, zeros, 0) && (!zeros.differ || hasSameBytes(a, b));
}

/** Whether 0 stood against -0. Fields don't say of which type they are, and to an integer both are the same. */
interface Zeros {
  differ: boolean;
}

function isEqual(a: unknown, b: unknown, zeros: Zeros, depth: number): boolean {
  if (a === b) {
    if (a === 0 && !Object.is(a, b)) zeros.differ = true;
    return true;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Number.isNaN(a) && Number.isNaN(b);
  }
  if (isBytes(a) && isBytes(b)) return a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (isMap(a) && isMap(b)) {
    const isSame = ([key, item]: [unknown, unknown]) =>
      b.has(key) && isEqual(item, b.get(key), zeros, depth);
    return a.size === b.size && [...a].every(isSame);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i], zeros, depth));
  }
  if ((a.constructor ?? Object) !== (b.constructor ?? Object)) return false;
  if (depth > MAX_OBJECTS) throw new WireError(TOO_DEEP_OBJECTS);
  // The fields of a message, or case and value of a oneof, where undefined is as good as absent.
  const [left, right] = [a, b] as [Members, Members];
  return Object.keys({ ...left, ...right }).every(
    (name) =>
      isEqual(left[name], right[name], zeros, depth + 1) ||
      (name === "$unknown" && isNone(left[name]) && isNone(right[name])),
  );
}

type Members = Readonly<Record<string, unknown>>;

/** Unknown fields that are none: as good as absent. */
function isNone(unknown: unknown): boolean {
  return unknown === undefined || (isBytes(unknown) && unknown.length === 0);
}

function hasSameBytes<T extends Message>(a: T, b: T): boolean {
  const type = a.constructor as unknown as MessageType<T>;
  const [left, right] = [a, b].map((it) => encodeMessage(type, it, { deterministic: true }));
  return isEqual(left, right, { differ: false }, 0);
}
