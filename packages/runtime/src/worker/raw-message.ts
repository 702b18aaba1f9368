import type { Message } from "../messages/wire/message.js";
import type { Reader } from "../messages/wire/reader.js";
import { writeRaw, type Writer } from "../messages/wire/writer.js";

/** A message that nobody looks into: the thread that has the plugin passes bytes on. */
export class RawMessage implements Message {
  static readonly typeName = "";
  static readonly fieldNames = {};
  $unknown: Uint8Array | undefined = undefined;
  bytes: Uint8Array;

  constructor(init?: object) {
    this.bytes = init instanceof Uint8Array ? init : new Uint8Array(0);
  }

  encode(): Uint8Array {
    return this.bytes;
  }

  static write(message: RawMessage, writer: Writer): void {
    writeRaw(writer, message.bytes);
  }

  static read(message: RawMessage, reader: Reader): void {
    message.bytes = Uint8Array.prototype.slice.call(reader.buffer, reader.pos, reader.end);
    reader.pos = reader.end;
  }
}
