import type { MessageType } from "../wire/message-type.js";
import { messageFromJson, messageFromJsonString } from "./from-json.js";
import { installJson } from "./json-hook.js";
import { setJsonType, type JsonField } from "./json-type.js";
import { messageToJson } from "./to-json.js";

const jsonCode = {
  toJson: messageToJson,
  fromJson: messageFromJson,
  fromJsonString: messageFromJsonString,
};

/** Says how messages of this class look in JSON. Generated code calls it. */
export function defineJson(type: MessageType, fields: readonly JsonField[]): void {
  installJson(jsonCode);
  setJsonType(type, fields);
}
