/**
 * The well-known types of Protocol Buffers, google.protobuf.*: message classes with proto3 JSON, and functions
 * that work on them, named after the type: `timestampNow`, `durationParse`.
 *
 * @packageDocumentation
 */
export * from "./gen/index.js";

export * from "./any.js";
export * from "./duration.js";
export * from "./field-mask.js";
export * from "./struct.js";
export * from "./timestamp.js";
export * from "./wrappers.js";
