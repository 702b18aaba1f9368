import { decode } from "@wplug/runtime/assembly/wire";
import { Any } from "./gen/google/protobuf/any.pb";

const PREFIX = "type.googleapis.com/";

/** A message and the name of its type. */
export function anyPack<T>(message: T): Any {
  const any = new Any();
  any.typeUrl = PREFIX + typeNameOf<T>();
  // @ts-ignore: every generated class has it
  any.value = message.encode();
  return any;
}

/** The name of the type of what is packed: what comes after the last `/` of the URL. "" if there is nothing. */
export function anyMessageName(any: Any): string {
  return any.typeUrl.substring(any.typeUrl.lastIndexOf("/") + 1);
}

/** Whether a message of this class is packed: `anyIs<Timestamp>(any)`. */
export function anyIs<T>(any: Any | null): bool {
  return any !== null && any.typeUrl != "" && anyMessageName(any) == typeNameOf<T>();
}

/** The packed message; null if it is of another class, or the bytes are no such message. */
export function anyUnpack<T>(any: Any): T | null {
  return anyIs<T>(any) ? decode<T>(any.value) : null;
}

function typeNameOf<T>(): string {
  // The getter does not look at the object, so there need not be one.
  // @ts-ignore: every generated class has it
  return changetype<T>(0).$typeName;
}
