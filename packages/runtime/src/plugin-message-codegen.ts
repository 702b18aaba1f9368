/**
 * What generated messages call in the bundle of a plugin in TypeScript: there, the engine reads and writes those that it has tables
 * of.
 *
 * @module
 */

export * from "./message-codegen.js";
export { decodeMessage, encodeMessage } from "./plugin/table-codec.js";
