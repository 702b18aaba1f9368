import type { Random } from "../../packages/nx-wplug/src/testing/random";

/** Bytes that matter in the wire format: ends of varints, zero tags, lengths, invalid UTF-8. */
const telling = [0x00, 0x01, 0x07, 0x0a, 0x0b, 0x0c, 0x7f, 0x80, 0xc0, 0xed, 0xff] as const;

/** The bytes with some random damage. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = Buffer.from(bytes);
  for (let rounds = 1 + random.below(3); rounds > 0; rounds--)
    result = damage(result, other, random);
  return result;
}

function damage(bytes: Buffer, other: Uint8Array, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const length = random.below(Math.min(after.length, 8) + 1);
  switch (random.below(8)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, byteOf(random.pick(telling)), after]);
    case 2:
      return Buffer.concat([before, after.subarray(1)]);
    case 3:
      return Buffer.concat([before, byteOf(random.pick(telling)), after.subarray(1)]);
    case 4:
      return Buffer.concat([before, byteOf(random.below(256)), after.subarray(1)]);
    case 5:
      return Buffer.concat([before, after.subarray(0, length), after]);
    case 6:
      return Buffer.concat([bytes, other]);
    default:
      // A bit of another value than before.
      return Buffer.concat([
        before,
        byteOf((after[0] ?? 0) ^ (1 << random.below(8))),
        after.subarray(1),
      ]);
  }
}

function byteOf(value: number): Buffer {
  return Buffer.from([value]);
}
