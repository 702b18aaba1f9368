import { type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A scalar type: how the reference implementation writes it, and values at its edges that are not zero. */
export interface ScalarSample {
  readonly type: string;
  readonly wireType: WireType;
  readonly write: (writer: BinaryWriter, value: never) => void;
  readonly values: readonly unknown[];
  readonly zero: unknown;
}

function sample<T>(
  type: string,
  wireType: WireType,
  write: (writer: BinaryWriter, value: T) => void,
  zero: T,
  ...values: T[]
): ScalarSample {
  return { type, wireType, write, zero, values };
}

const { Varint, Bit32, Bit64, LengthDelimited } = WireType;
const text = "\u{feff}é 世界 🌍 \u{0} \u{feff}";

/** In the order of the fields of `everythingContract()`. */
export const SCALAR_SAMPLES: readonly ScalarSample[] = [
  sample("double", Bit64, (w, v: number) => w.double(v), 0, -0, NaN, Infinity, 5e-324, -1.5e308),
  sample("float", Bit32, (w, v: number) => w.float(v), 0, -0, NaN, -Infinity, 1e-45, 3.4),
  sample("int32", Varint, (w, v: number) => w.int32(v), 0, -1, 2147483647, -2147483648, 127, 128),
  sample(
    "int64",
    Varint,
    (w, v: bigint) => w.int64(v),
    0n,
    -1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    300n,
  ),
  sample("uint32", Varint, (w, v: number) => w.uint32(v), 0, 1, 4294967295, 2147483648),
  sample("uint64", Varint, (w, v: bigint) => w.uint64(v), 0n, 1n, 2n ** 64n - 1n, 2n ** 63n),
  sample("sint32", Varint, (w, v: number) => w.sint32(v), 0, -1, 1, 2147483647, -2147483648),
  sample(
    "sint64",
    Varint,
    (w, v: bigint) => w.sint64(v),
    0n,
    -1n,
    1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
  sample("fixed32", Bit32, (w, v: number) => w.fixed32(v), 0, 1, 4294967295),
  sample("fixed64", Bit64, (w, v: bigint) => w.fixed64(v), 0n, 1n, 2n ** 64n - 1n),
  sample("sfixed32", Bit32, (w, v: number) => w.sfixed32(v), 0, -1, 2147483647, -2147483648),
  sample("sfixed64", Bit64, (w, v: bigint) => w.sfixed64(v), 0n, -1n, -(2n ** 63n)),
  sample("bool", Varint, (w, v: boolean) => w.bool(v), false, true),
  sample("string", LengthDelimited, (w, v: string) => w.string(v), "", "a", text, "x".repeat(300)),
  sample(
    "bytes",
    LengthDelimited,
    (w, v: Uint8Array) => w.bytes(v),
    new Uint8Array(0),
    Uint8Array.of(0, 255, 128),
    new Uint8Array(20_000).fill(7),
  ),
];
