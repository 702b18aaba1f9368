import { checkInit } from "./init.js";
import type { MessageInit, MessageType } from "./message-type.js";
import type { Message } from "./message.js";

/**
 * `init` itself if it is a message of the type, else a new message made from it.
 *
 * @throws WireError if no message can be made from it
 */
export function toMessage<T extends Message>(type: MessageType<T>, init: T | MessageInit<T>): T {
  if (init instanceof type) return init;
  checkInit(type, init);
  return new type(init);
}
