/**
 * Messages and their errors: a part of `@wplug/runtime`, and all of it in the bundle of a plugin in TypeScript, which loads no
 * plugins.
 *
 * @module
 */

// What code that works on any message needs.
export type { Message } from "./messages/wire/message.js";
export type { MessageInit, MessageType } from "./messages/wire/message-type.js";
export type { EncodeOptions } from "./messages/wire/encode-options.js";
export type {
  FromJsonOptions,
  JsonObject,
  JsonValue,
  ToJsonOptions,
} from "./messages/json/json-value.js";
export { fieldsOf, type MessageField } from "./messages/json/fields-of.js";
export { createRegistry, type MessageRegistry } from "./messages/json/registry.js";

// Errors.
export { WplugError } from "./errors/wplug-error.js";
export { JsonError } from "./messages/json/json-error.js";
export { WireError } from "./messages/wire/wire-error.js";
