import { ScalarType, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";

import type { Random } from "./random";

/** Fields deeper than this stay empty, so that recursive messages end. */
const DEPTH = 3;

/** A message with random fields: the values at the ends of their ranges more often than others. */
export function randomMessage(desc: DescMessage, random: Random): Message {
  return fill(reflect(desc), random, 0).message;
}

function fill(message: ReflectMessage, random: Random, depth: number): ReflectMessage {
  for (const field of message.fields) {
    // Fewer the deeper, so that messages stay small enough to read when a test fails.
    if (!random.chance(0.3 / (1 + 4 * depth))) continue;
    switch (field.fieldKind) {
      case "list": {
        const list = message.get(field);
        for (const item of random.list(3, () => value(field, random, depth))) list.add(item);
        break;
      }
      case "map": {
        const map = message.get(field);
        for (const key of random.list(3, () => scalar(field.mapKey, random))) {
          map.set(key as string, value(field, random, depth));
        }
        break;
      }
      default:
        if (field.message === undefined || depth < DEPTH) {
          message.set(field, value(field, random, depth));
        }
    }
  }
  return message;
}

function value(field: DescField, random: Random, depth: number): unknown {
  if (field.message !== undefined) {
    const message = reflect(field.message);
    return depth < DEPTH ? fill(message, random, depth + 1) : message;
  }
  if (field.enum !== undefined) {
    return random.chance(0.2)
      ? int32(random)
      : (random.pick(field.enum.values.map(({ number }) => number)) ?? 0);
  }
  return scalar(field.scalar as ScalarType, random);
}

function scalar(type: ScalarType, random: Random): unknown {
  switch (type) {
    case ScalarType.DOUBLE:
      return random.pick([0, -0, 1.5, -1e300, 5e-324, Infinity, -Infinity, NaN, random.next()]);
    case ScalarType.FLOAT:
      return Math.fround(random.pick([0, -0, 1.5, 3.4e38, 1e-45, -Infinity, NaN, random.next()]));
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return int32(random);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return int32(random) >>> 0;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return int64(random);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return BigInt.asUintN(64, int64(random));
    case ScalarType.BOOL:
      return random.chance(0.5);
    case ScalarType.STRING:
      return text(random);
    case ScalarType.BYTES:
      return Uint8Array.from(random.list(20, () => random.below(256)));
  }
}

function int32(random: Random): number {
  const bits = random.below(33);
  return random.pick([0, 1, -1, 127, 128, 0x7fffffff, -0x80000000, random.below(2 ** bits) | 0]);
}

function int64(random: Random): bigint {
  const any = (BigInt(random.below(2 ** 32)) << 32n) | BigInt(random.below(2 ** 32));
  const some = BigInt.asIntN(64, any >> BigInt(random.below(64)));
  return random.pick([0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), some]);
}

function text(random: Random): string {
  const alphabet = [
    "a",
    "Z",
    "0",
    " ",
    "\0",
    "\x7f",
    "é",
    "ߴ",
    "€",
    "\ufffd",
    "\u{1f600}",
  ] as const;
  return random.list(random.chance(0.02) ? 300 : 8, () => random.pick(alphabet)).join("");
}
