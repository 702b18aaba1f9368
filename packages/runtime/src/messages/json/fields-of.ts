import type { MessageType } from "../wire/message-type.js";
import { jsonTypeOf, protoNameOf } from "./json-type.js";

/** A field of a generated message, for code that works on any message. */
export interface MessageField {
  /** Name of the property of the message, or of the member in its oneof. */
  readonly name: string;
  /** Name in the proto file. */
  readonly protoName: string;
  /** Whether it is a list or a map. */
  readonly isRepeated: boolean;
  /** Name of the property that holds the oneof, if it is in one. */
  readonly oneof: string | undefined;
  /** The class of its values, if they are messages. */
  readonly message: MessageType | undefined;
}

/**
 * The fields of a message, in the order of their numbers. They come from the tables for proto3 JSON.
 *
 * @throws Error that says what to import if those are not loaded
 */
export function fieldsOf(type: MessageType): readonly MessageField[] {
  return jsonTypeOf(type).fields.map((field) => ({
    name: field.name,
    protoName: protoNameOf(field),
    isRepeated: field.kind === "list" || field.key !== undefined,
    oneof: field.oneof,
    message: typeof field.type === "function" ? field.type() : undefined,
  }));
}
