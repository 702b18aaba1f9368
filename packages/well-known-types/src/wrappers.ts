import {
  BoolValue,
  BytesValue,
  DoubleValue,
  FloatValue,
  Int32Value,
  Int64Value,
  StringValue,
  UInt32Value,
  UInt64Value,
} from "./gen/google/protobuf/wrappers.pb.js";

// Go's constructors of the wrappers, which the classes are as well: `new BoolValue({ value: true })`.

export const boolValue = (value: boolean): BoolValue => new BoolValue({ value });
export const bytesValue = (value: Uint8Array): BytesValue => new BytesValue({ value });
export const doubleValue = (value: number): DoubleValue => new DoubleValue({ value });
export const floatValue = (value: number): FloatValue => new FloatValue({ value });
export const int32Value = (value: number): Int32Value => new Int32Value({ value });
export const int64Value = (value: bigint): Int64Value => new Int64Value({ value });
export const stringValue = (value: string): StringValue => new StringValue({ value });
export const uint32Value = (value: number): UInt32Value => new UInt32Value({ value });
export const uint64Value = (value: bigint): UInt64Value => new UInt64Value({ value });
