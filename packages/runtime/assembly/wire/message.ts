import { Output } from "./output";
import { Reader } from "./reader";
import { newBytes } from "./set";

// Messages are encoded and decoded without running anyone else's code in between, so one of each is enough.
const output = changetype<Output>(memory.data(offsetof<Output>()));
const reader = changetype<Reader>(memory.data(offsetof<Reader>()));

/** The bytes of `message` in the protobuf wire format. */
export function encode<T>(message: T): Uint8Array {
  assert(output.message<T>(message), "a message is nested more than 100 deep, or contains itself");
  const bytes = newBytes(output.size);
  memory.copy(bytes.dataStart, output.address, output.size);
  return bytes;
}

/** The message that `bytes` are in the protobuf wire format, null if they are none. */
export function decode<T>(bytes: Uint8Array): T | null {
  const message = instantiate<T>();
  reader.reset(bytes.dataStart, bytes.length);
  // @ts-ignore: every generated class has it
  message.$read(reader);
  return reader.failed ? null : message;
}
