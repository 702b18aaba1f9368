/**
 * The well-known types of Protocol Buffers, google.protobuf.*: message classes with proto3 JSON.
 *
 * @packageDocumentation
 */
export * from "./gen/index.js";
