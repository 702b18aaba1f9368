import type { MessageType } from "../wire/message-type.js";

/** Message classes by their Protocol Buffers names. */
export type MessageRegistry = ReadonlyMap<string, MessageType>;

/** A registry of these classes: what a `google.protobuf.Any` in JSON may hold. */
export function createRegistry(...types: readonly MessageType[]): MessageRegistry {
  return new Map(types.map((type) => [type.typeName, type as MessageType]));
}
