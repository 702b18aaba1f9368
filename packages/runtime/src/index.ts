export { encodeMessage } from "./wire/encode.js";
export { decodeMessage } from "./wire/decode.js";
export {
  toMessage,
  type FieldInit,
  type Message,
  type MessageInit,
  type MessageType,
} from "./wire/message-type.js";
export type { Reader } from "./wire/reader.js";
export type { Writer } from "./wire/writer.js";
export { WireError } from "./wire/wire-error.js";
