/**
 * What generated messages call: a part of `@wplug/runtime/codegen`, and all of it in the bundle of a plugin in TypeScript, which
 * loads no plugins.
 *
 * @module
 */

// Messages.
export type { Message } from "./messages/wire/message.js";
export type { FieldInit, MessageInit, MessageType } from "./messages/wire/message-type.js";
export { toMessage } from "./messages/wire/to-message.js";
export {
  checkInit,
  initList,
  initMap,
  initMessage,
  initMessageMap,
  initMessages,
  initOneof,
} from "./messages/wire/init.js";
export type { EncodeOptions } from "./messages/wire/encode-options.js";
export { encodeMessage } from "./messages/wire/encode.js";
export { decodeMessage } from "./messages/wire/decode.js";
export { cloneMessage, equalMessages } from "./messages/wire/clone.js";
export { mergeMessage } from "./messages/wire/merge.js";
export { NO_BYTES } from "./messages/wire/no-bytes.js";
export {
  charge,
  enterBlock,
  enterEntry,
  enterPacked,
  leaveBlock,
  readBool,
  readBytes,
  readDouble,
  readFixed32,
  readFixed64,
  readFloat,
  readInt32,
  readInt64,
  readMessage,
  readSfixed32,
  readSfixed64,
  readSint32,
  readSint64,
  readString,
  readTag,
  readUint32,
  readUint64,
  readUnknown,
  skipField,
  type Reader,
} from "./messages/wire/reader.js";
export {
  checkUnset,
  closeBlock,
  entriesOf,
  isEmpty,
  itemsOf,
  openBlock,
  writeBool,
  writeBytes,
  writeDouble,
  writeFixed32,
  writeFixed64,
  writeFloat,
  writeInt32,
  writeInt64,
  writeMessage,
  writeSfixed32,
  writeSfixed64,
  writeSint32,
  writeSint64,
  writeString,
  writeUint32,
  writeUint64,
  writeUnknown,
  type Writer,
} from "./messages/wire/writer.js";

// Their JSON.
export { toBase64 } from "./messages/json/base64.js";
export { defineJson } from "./messages/json/define-json.js";
export { jsonOf } from "./messages/json/json-hook.js";
export { jsonEnum, type JsonEnum } from "./messages/json/json-type.js";
export type { FromJsonOptions, JsonValue, ToJsonOptions } from "./messages/json/json-value.js";
