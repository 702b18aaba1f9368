import type { FromJsonOptions, JsonValue, ToJsonOptions } from "./json-value.js";
import type { Message } from "../wire/message.js";
import type { MessageType } from "../wire/message-type.js";

/** What the JSON code of this package offers to message classes. */
export interface JsonCode {
  toJson(type: MessageType, message: Message, options?: ToJsonOptions): JsonValue;
  fromJson<T extends Message>(type: MessageType<T>, json: JsonValue, options?: FromJsonOptions): T;
  fromJsonString<T extends Message>(
    type: MessageType<T>,
    text: string,
    options?: FromJsonOptions,
  ): T;
}

let code: JsonCode | undefined;

/** Called by each generated `.json.ts` file. Nothing else refers to the JSON code, so bundlers leave out what is unused. */
export function installJson(installed: JsonCode): void {
  code = installed;
}

/**
 * The JSON code, for the generated message classes.
 *
 * @throws Error that says what to import if it is not loaded
 */
export function jsonOf({ typeName }: { readonly typeName: string }): JsonCode {
  if (code !== undefined) return code;
  throw new Error(
    `the JSON code of ${typeName} is not loaded: import the index of the contract, or its .json.js file`,
  );
}
