import type { Message } from "../messages/wire/message.js";
import type { MessageInit, MessageType } from "../messages/wire/message-type.js";
import type { HostCallOptions } from "./host-call-options.js";

/** A function that the host offers to the plugin. */
export interface HostFunction<I extends Message = Message, O extends Message = Message> {
  /** wasm import module, `env` unless the contract says otherwise. */
  readonly module: string;
  /** wasm import name: `http_get`. */
  readonly name: string;
  readonly input: MessageType<I>;
  readonly output: MessageType<O>;
  /** Whether it is known to answer with a Promise, as an `async` function is. Others may do so as well. */
  readonly isAsync?: boolean;
  /** @param options what is known of the plugin's own call */
  call(request: I, options: HostCallOptions): O | MessageInit<O> | PromiseLike<O | MessageInit<O>>;
}
