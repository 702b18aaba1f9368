import type { Message, MessageRegistry, MessageType } from "@wplug/runtime";
import { decodeMessage } from "@wplug/runtime/codegen";
import { Any } from "./gen/google/protobuf/any.pb.js";

const PREFIX = "type.googleapis.com/";

/** A message and the name of its type. */
export function anyPack<T extends Message>(message: T): Any {
  const { typeName } = message.constructor as unknown as MessageType<T>;
  return new Any({ typeUrl: PREFIX + typeName, value: message.encode() });
}

/** The name of the type of what is packed: what comes after the last `/` of the URL. "" if there is nothing. */
export function anyMessageName({ typeUrl }: Any): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}

/** Whether a message of this class is packed. */
export function anyIs(any: Any | undefined, type: MessageType): boolean {
  return any !== undefined && any.typeUrl !== "" && anyMessageName(any) === type.typeName;
}

/**
 * The packed message.
 *
 * @throws TypeError if it is of another class; WireError if the bytes are no such message
 */
export function anyUnpack<T extends Message>(any: Any, type: MessageType<T>): T {
  if (!anyIs(any, type as MessageType)) {
    throw new TypeError(
      `mismatched message type: got "${anyMessageName(any)}", want "${type.typeName}"`,
    );
  }
  return decodeMessage(type, any.value);
}

/**
 * The packed message, of any class of the registry.
 *
 * @throws TypeError if its class is not there; WireError if the bytes are no such message
 */
export function anyUnpackNew(any: Any, registry: MessageRegistry): Message {
  const name = anyMessageName(any);
  const type = registry.get(name);
  if (type === undefined) {
    throw new TypeError(
      name === ""
        ? "the Any is empty: it has no type URL"
        : `${name} is not in the registry: pass createRegistry(…) with its class`,
    );
  }
  return decodeMessage(type, any.value);
}
