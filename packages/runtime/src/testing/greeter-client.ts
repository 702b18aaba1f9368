import {
  PluginClient,
  type CallOptions,
  type ConnectOptions,
  type ConnectTransport,
  type LoadOptions,
  type MessageInit,
  type PluginSource,
  type ServiceDescriptor,
  type SyncCallOptions,
} from "../index.js";
import { Inner } from "./everything.js";

export const service = {
  typeName: "test.v1.Greeter",
  name: "Greeter",
  version: 1,
  apiVersionExport: "greeter_api_version",
  methods: {
    sayHello: { name: "sayHello", wasmName: "greeter_say_hello", input: Inner, output: Inner },
  },
  hostFunctions: [],
} satisfies ServiceDescriptor;

export interface GreeterSync {
  sayHello(request: MessageInit<Inner>, options?: SyncCallOptions): Inner;
}

/** A loader as the code generator writes it. */
export class GreeterPlugin extends PluginClient {
  static readonly service: ServiceDescriptor = service;

  static async load(source: PluginSource, options?: LoadOptions): Promise<GreeterPlugin> {
    return new GreeterPlugin(await PluginClient.open(source, service, options));
  }

  static async connect(
    transport: ConnectTransport,
    options?: ConnectOptions,
  ): Promise<GreeterPlugin> {
    return new GreeterPlugin(await PluginClient.openRemote(transport, service, options));
  }

  readonly sync: GreeterSync = {
    sayHello: (request, options) => this.callSync(service.methods.sayHello, request, options),
  };

  sayHello(request: MessageInit<Inner>, options?: CallOptions): Promise<Inner> {
    return this.call(service.methods.sayHello, request, options);
  }
}
