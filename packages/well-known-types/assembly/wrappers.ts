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
} from "./gen/google/protobuf/wrappers.pb";

export function boolValue(value: bool): BoolValue {
  const wrapper = new BoolValue();
  wrapper.value = value;
  return wrapper;
}

export function bytesValue(value: Uint8Array): BytesValue {
  const wrapper = new BytesValue();
  wrapper.value = value;
  return wrapper;
}

export function doubleValue(value: f64): DoubleValue {
  const wrapper = new DoubleValue();
  wrapper.value = value;
  return wrapper;
}

export function floatValue(value: f32): FloatValue {
  const wrapper = new FloatValue();
  wrapper.value = value;
  return wrapper;
}

export function int32Value(value: i32): Int32Value {
  const wrapper = new Int32Value();
  wrapper.value = value;
  return wrapper;
}

export function int64Value(value: i64): Int64Value {
  const wrapper = new Int64Value();
  wrapper.value = value;
  return wrapper;
}

export function stringValue(value: string): StringValue {
  const wrapper = new StringValue();
  wrapper.value = value;
  return wrapper;
}

export function uint32Value(value: u32): UInt32Value {
  const wrapper = new UInt32Value();
  wrapper.value = value;
  return wrapper;
}

export function uint64Value(value: u64): UInt64Value {
  const wrapper = new UInt64Value();
  wrapper.value = value;
  return wrapper;
}
