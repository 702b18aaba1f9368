import type { LoadOptions, PluginSource } from "@wplug/runtime";
import {
  type Message,
  type MessageType,
  PluginClient,
  type Reader,
  type ServiceDescriptor,
  writeUnknown,
  type Writer,
} from "@wplug/runtime/codegen";

/** A message that the runtime does not look into: all of it is what the runtime calls unknown fields. */
export class RawMessage implements Message {
  static readonly typeName = "";
  static readonly fieldNames = {};
  $unknown: Uint8Array | undefined;

  constructor(init?: object) {
    this.$unknown = init instanceof RawMessage ? init.$unknown : undefined;
  }

  static of(bytes: Uint8Array): RawMessage {
    const message = new RawMessage();
    message.$unknown = bytes;
    return message;
  }

  encode(): Uint8Array {
    return this.$unknown ?? new Uint8Array(0);
  }

  static write(message: RawMessage, writer: Writer): void {
    writeUnknown(writer, message);
  }

  static read(message: RawMessage, reader: Reader): void {
    message.$unknown = reader.buffer.slice(reader.pos, reader.end);
    reader.pos = reader.end;
  }
}

export const RAW = RawMessage as MessageType<RawMessage>;

/** A plugin of any contract. */
export class RawPlugin extends PluginClient {
  static async load(
    source: PluginSource,
    service: ServiceDescriptor,
    options: LoadOptions,
  ): Promise<RawPlugin> {
    return new RawPlugin(await PluginClient.open(source, service, options));
  }

  async invoke(name: string, exported: string, request: Uint8Array): Promise<Uint8Array> {
    const method = { name, wasmName: exported, input: RAW, output: RAW };
    return (await this.call(method, RawMessage.of(request))).encode();
  }
}
