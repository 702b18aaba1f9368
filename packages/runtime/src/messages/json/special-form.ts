import type { Message } from "../wire/message.js";
import type { MessageType } from "../wire/message-type.js";
import type { FromJsonOptions, JsonObject, JsonValue, ToJsonOptions } from "./json-value.js";
import type { ParsedJson } from "./parse-json.js";

/** How a well-known type is written in JSON, if not field by field. */
export interface SpecialForm {
  toJson(message: Message, writer: FormWriter): JsonValue;
  fromJson(type: MessageType, json: ParsedJson, reader: FormReader): Message;
}

/** What the special forms need to write what they hold. */
export interface FormWriter {
  readonly options: ToJsonOptions;
  message(type: MessageType, message: Message): JsonValue;
  /** Writes a message inside the current one: counts how deep they are. */
  nested(write: () => JsonValue): JsonValue;
  /** A message field by field, whatever its type. */
  fields(type: MessageType, message: Message): JsonObject;
}

/** What the special forms need to read what they hold. */
export interface FormReader {
  readonly options: FromJsonOptions;
  message(type: MessageType, json: ParsedJson): Message;
}

/** Makes a message of a well-known type, whose class is generated somewhere else. */
export function make(type: MessageType, init: object): Message {
  return new (type as MessageType)(init);
}
