import { createRegistry } from "@wplug/runtime";

import * as messages from "./gen/index.js";
import { TestAllTypesProto3 } from "./gen/index.js";
import type { Result, Test } from "./result-of.js";

// Everything that a google.protobuf.Any of the suite holds.
const registry = createRegistry(
  TestAllTypesProto3,
  messages.Any,
  messages.BoolValue,
  messages.BytesValue,
  messages.DoubleValue,
  messages.Duration,
  messages.Empty,
  messages.FieldMask,
  messages.FloatValue,
  messages.Int32Value,
  messages.Int64Value,
  messages.ListValue,
  messages.StringValue,
  messages.Struct,
  messages.Timestamp,
  messages.UInt32Value,
  messages.UInt64Value,
  messages.Value,
);

/** Reads and writes the message of a test. */
export function convert(test: Test): Result {
  let message: TestAllTypesProto3;
  try {
    message = parse(test);
  } catch (error) {
    return { case: "parseError", value: String(error) };
  }
  try {
    return test.output === "protobuf"
      ? { case: "protobufPayload", value: message.encode() }
      : { case: "jsonPayload", value: JSON.stringify(message.toJson({ registry })) };
  } catch (error) {
    return { case: "serializeError", value: String(error) };
  }
}

function parse({ payload, ignoreUnknown }: Test): TestAllTypesProto3 {
  return payload.case === "protobufPayload"
    ? TestAllTypesProto3.decode(payload.value)
    : TestAllTypesProto3.fromJsonString(payload.value, { ignoreUnknown, registry });
}
