import type { HostServiceDescriptor, MethodDescriptor } from "../descriptors/service-descriptor.js";
import { decodeMessage } from "../messages/wire/decode.js";
import type { MessageInit, MessageType } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import { toMessage } from "../messages/wire/to-message.js";
import { type Engine, engine } from "../platform/engine.js";
import { linkage } from "./linkage.js";

/** Calls a function of the host, which returns when it has answered. */
export type HostCaller = <I extends Message, O extends Message>(
  method: MethodDescriptor<I, O>,
  request: MessageInit<I>,
) => O;

/** Makes the plugin import the functions of a host service. */
export function importHostService({ module, methods }: HostServiceDescriptor): HostCaller {
  const { hostFunctions } = linkage;
  const numbers = new Map<string, number>();
  for (const { wasmName } of Object.values(methods)) {
    numbers.set(wasmName, hostFunctions.push({ module, name: wasmName }) - 1);
  }
  return ({ name, wasmName, input, output }, request) => {
    const number = numbers.get(wasmName);
    if (engine === undefined || number === undefined) {
      throw new Error(`${name} is a function of the host, and there is none here: use a mock`);
    }
    const answer = engine.hostCall(number, write(engine, input, request));
    return read(engine, output, answer);
  };
}

function write<T extends Message>(
  engine: Engine,
  type: MessageType<T>,
  message: MessageInit<T>,
): Uint8Array {
  return engine.writeMessage(type, message) ?? toMessage(type, message).encode();
}

function read<T extends Message>(engine: Engine, type: MessageType<T>, bytes: Uint8Array): T {
  // It makes an instance of the class.
  return (engine.readMessage(type, bytes) as T | undefined) ?? decodeMessage(type, bytes);
}
