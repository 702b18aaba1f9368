import {
  create,
  createRegistry,
  fromBinary,
  ScalarType,
  toBinary,
  type DescField,
  type DescMessage,
  type Registry,
} from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import {
  AnySchema,
  type Any,
  file_google_protobuf_any,
  file_google_protobuf_api,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_source_context,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_type,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";

/** What the reference implementation knows of the well-known types. */
export const references: readonly DescMessage[] = [
  file_google_protobuf_any,
  file_google_protobuf_api,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_source_context,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_type,
  file_google_protobuf_wrappers,
].flatMap(({ messages }) => messages);

export const referenceRegistry: Registry = createRegistry(...references);

/** A number in [0, 1), the same each time for the same seed. */
export type RandomNumber = () => number;

/** By the mulberry32 generator. */
export function randomNumbers(seed: number): RandomNumber {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Deeper than this, recursive messages end. */
const DEPTH = 4;

/**
 * The bytes of a random message of a well-known type. Most have a form in JSON; some have none, such as a time in the year
 * 10000, a path that would not come back, or an Any of an unknown type.
 */
export function randomWellKnown(desc: DescMessage, next: RandomNumber): Uint8Array {
  return toBinary(desc, fill(reflect(desc), next, 0).message);
}

function pick<T>(next: RandomNumber, items: readonly [T, ...T[]]): T {
  return items[Math.floor(next() * items.length)] as T;
}

function fill(message: ReflectMessage, next: RandomNumber, depth: number): ReflectMessage {
  const { desc } = message;
  if (desc.typeName === "google.protobuf.Any") return randomAny(next, depth);
  // One kind of a Value is always set, but for a few.
  const oneof = desc.oneofs[0];
  const chosen = oneof?.fields[Math.floor(next() * 1.02 * oneof.fields.length)];
  for (const field of desc.fields) {
    if (field.oneof === undefined ? next() < 0.3 : field !== chosen) continue;
    setField(message, field, next, depth);
  }
  return message;
}

function setField(
  message: ReflectMessage,
  field: DescField,
  next: RandomNumber,
  depth: number,
): void {
  const length = depth < DEPTH ? Math.floor(next() * 3) : 0;
  if (field.fieldKind === "list") {
    const list = message.get(field);
    for (let i = 0; i < length; i++) list.add(randomValue(field, next, depth));
  } else if (field.fieldKind === "map") {
    const map = message.get(field);
    for (let i = 0; i < length; i++) map.set(randomText(next), randomValue(field, next, depth));
  } else if (field.message === undefined || depth < DEPTH) {
    message.set(field, randomValue(field, next, depth));
  }
}

function randomValue(field: DescField, next: RandomNumber, depth: number): unknown {
  if (field.message !== undefined) return fill(reflect(field.message), next, depth + 1);
  if (field.enum !== undefined) {
    const numbers = field.enum.values.map(({ number }) => number);
    // A NullValue other than 0 is null in JSON as well: it does not come back.
    if (numbers.length > 1) numbers.push(1000, -1);
    return pick(next, numbers as [number]);
  }
  return randomScalar(field, next);
}

function randomScalar(field: DescField, next: RandomNumber): unknown {
  const { typeName } = field.parent;
  if (field.name === "nanos") {
    const nanos = pick(next, [0, 1, 999_999_999, 120_000_000, 500_000, 1_000_000_000, -1]);
    return typeName.endsWith("Duration") && next() < 0.5 ? -nanos : nanos;
  }
  if (field.name === "seconds") {
    const timestamps = [0n, -62_135_596_800n, 253_402_300_799n, -62_135_596_801n, 253_402_300_800n];
    const durations = [0n, 1n, -1n, 315_576_000_000n, -315_576_000_000n, 315_576_000_001n];
    const some = BigInt(Math.floor((next() - 0.5) * 1e11));
    return pick(next, [some, ...(typeName.endsWith("Duration") ? durations : timestamps)]);
  }
  if (field.name === "paths") {
    const paths = ["a", "foo_bar", "foo.bar_baz", "a1.b2", "_a", "ab.c_d.e_f"] as const;
    const odd = ["", "A", "fooBar", "a__b", "a_", "a_1", "a,b", "a b", "a..b", ".a", "1a", "é"];
    return next() < 0.9 ? pick(next, paths) : pick(next, odd as [string]);
  }
  switch (field.scalar) {
    case ScalarType.DOUBLE:
      return pick(next, [0, -0, 1.5, -1e300, 5e-324, 0.1, 1e21, 2 ** 60, next(), ...odd(next)]);
    case ScalarType.FLOAT:
      return Math.fround(pick(next, [0, -0, 1.5, 0.1, 3.4e38, 1e-45, 16777216, ...odd(next)]));
    case ScalarType.INT32:
      return pick(next, [0, 1, -1, 0x7fffffff, -0x80000000, Math.floor(next() * 1e9)]);
    case ScalarType.UINT32:
      return pick(next, [0, 1, 0xffffffff, Math.floor(next() * 1e9)]);
    case ScalarType.INT64:
      return pick(next, [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]);
    case ScalarType.UINT64:
      return pick(next, [0n, 1n, 2n ** 53n + 1n, 2n ** 64n - 1n]);
    case ScalarType.BOOL:
      return next() < 0.5;
    case ScalarType.BYTES:
      return Uint8Array.from({ length: Math.floor(next() * 9) }, () => Math.floor(next() * 256));
    default:
      return randomText(next);
  }
}

/** Numbers that a Value can't have in JSON. Few, as one is enough to refuse a whole Struct. */
function odd(next: RandomNumber): number[] {
  return next() < 0.1 ? [NaN, Infinity, -Infinity] : [];
}

function randomText(next: RandomNumber): string {
  const words = [
    "__proto__",
    "constructor",
    "value",
    "@type",
    "a b",
    "<&>",
    "\u2028",
    "😀",
    "\0",
    '"',
  ];
  return next() < 0.5 ? pick(next, words as [string]) : String(Math.floor(next() * 1000));
}

const NOTHING = new Uint8Array(0);

function randomAny(next: RandomNumber, depth: number): ReflectMessage {
  const desc = pick(next, references as [DescMessage]);
  // What it holds must be valid, or no message with an Any would ever have a JSON form.
  const packed = depth < DEPTH ? fill(reflect(desc), next, depth + 1).message : create(desc);
  const typeUrl = (next() < 0.9 ? "type.googleapis.com/" : "example.com/a/") + desc.typeName;
  const value = toBinary(desc, packed);
  const any =
    next() < 0.03
      ? pick<Partial<Any>>(next, [{}, { typeUrl: "a/no.Such" }, { value: Uint8Array.of(1) }])
      : { typeUrl, value };
  return reflect(AnySchema, create(AnySchema, { typeUrl: "", value: NOTHING, ...any }));
}

/** A text that is the same for equal messages, whatever the order of entries of maps, also in messages that an Any holds. */
export function canonical(desc: DescMessage, bytes: Uint8Array): string {
  return shown(reflect(desc, fromBinary(desc, bytes)));
}

function shown(message: ReflectMessage): string {
  const { desc } = message;
  if (desc.typeName === "google.protobuf.Any") {
    const { typeUrl, value } = message.message as Any;
    const packed = referenceRegistry.getMessage(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
    return `${typeUrl}=${packed === undefined ? hex(value) : canonical(packed, value)}`;
  }
  const fields = desc.fields.map((field) => {
    if (!message.isSet(field)) return "";
    switch (field.fieldKind) {
      case "list":
        return `${field.name}=[${Array.from(message.get(field), shownValue).join()}]`;
      case "map":
        return `${field.name}={${Array.from(
          message.get(field),
          ([key, value]) => `${JSON.stringify(key)}:${shownValue(value)}`,
        )
          .sort()
          .join()}}`;
      default:
        return `${field.name}=${shownValue(message.get(field))}`;
    }
  });
  return `{${fields.filter(Boolean).join()}}`;
}

function shownValue(value: unknown): string {
  if (value instanceof Uint8Array) return hex(value);
  if (isReflectMessage(value)) return shown(value);
  return Object.is(value, -0)
    ? "-0"
    : typeof value === "string"
      ? JSON.stringify(value)
      : String(value);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
