import {
  type ConformanceRequest,
  type ConformanceResponse,
  WireFormat,
} from "./gen/conformance/conformance.pb.js";

/** What a test asks for: a message of the only type that is tested, to be read and written again. */
export interface Test {
  readonly payload:
    | { case: "protobufPayload"; value: Uint8Array }
    | { case: "jsonPayload"; value: string };
  readonly output: "protobuf" | "json";
  /** JSON fields that are not known are no error. */
  readonly ignoreUnknown: boolean;
}

export type Result = ConformanceResponse["result"];

const TESTED = "protobuf_test_messages.proto3.TestAllTypesProto3";
const JSON_IGNORE_UNKNOWN_PARSING_TEST = 3;

/** What is answered to a request of the runner. */
export function resultOf(request: ConformanceRequest, answer: (test: Test) => Result): Result {
  const { messageType, payload, requestedOutputFormat, testCategory } = request;
  if (messageType === "conformance.FailureSet") {
    return { case: "protobufPayload", value: new Uint8Array(0) };
  }
  const output = {
    [WireFormat.PROTOBUF]: "protobuf" as const,
    [WireFormat.JSON]: "json" as const,
  }[requestedOutputFormat as number];
  if (messageType !== TESTED) return { case: "skipped", value: "only proto3 is supported" };
  if (
    output === undefined ||
    (payload.case !== "protobufPayload" && payload.case !== "jsonPayload")
  ) {
    return { case: "skipped", value: "only the binary format and JSON are supported" };
  }
  const ignoreUnknown = (testCategory as number) === JSON_IGNORE_UNKNOWN_PARSING_TEST;
  try {
    return answer({ payload, output, ignoreUnknown });
  } catch (error) {
    return { case: "runtimeError", value: String(error) };
  }
}
