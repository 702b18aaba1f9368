import type { Message } from "../messages/wire/message.js";
import type { MessageType } from "../messages/wire/message-type.js";

/** An rpc of a service. */
export interface MethodDescriptor<I extends Message = Message, O extends Message = Message> {
  /** Name of the method in the generated interface: `sayHello`. */
  readonly name: string;
  /** Name in the proto file, if it is not that with a capital letter: `say_hello`. */
  readonly rpc?: string;
  /** Name of the wasm export: `greeter_say_hello`; of a host function, that of the import. */
  readonly wasmName: string;
  readonly input: MessageType<I>;
  readonly output: MessageType<O>;
}

/** What the handshake needs to know of a service. */
export interface HandshakeService {
  /** Fully qualified Protocol Buffers name: `greeter.v1.Greeter`. */
  readonly typeName: string;
  /** Version that the host was built for. */
  readonly version: number;
  /** Name of the wasm export that tells the plugin's version: `greeter_api_version`. */
  readonly apiVersionExport: string;
  readonly methods: Readonly<Record<string, { readonly wasmName: string }>>;
  /** Host functions of the contract, by wasm import. */
  readonly hostFunctions: readonly HostFunctionName[];
}

/** What a host function of a contract is called by. */
export interface HostFunctionName {
  /** wasm import module, `env` unless the contract says otherwise. */
  readonly module: string;
  /** wasm import name: `http_get`. */
  readonly name: string;
  /** Fully qualified name of the rpc, for errors: `browser.v1.Web.HttpGet`. SDKs that wplug 0.1.0 generated lack it. */
  readonly rpc?: string;
}

/** A plugin service, as generated code describes it. */
export interface ServiceDescriptor extends HandshakeService {
  /** Name without the package: `Greeter`. */
  readonly name: string;
  readonly methods: Readonly<Record<string, MethodDescriptor>>;
}

/** A host service, as generated code describes it. */
export interface HostServiceDescriptor {
  /** Fully qualified Protocol Buffers name: `greeter.v1.HostFunctions`. */
  readonly typeName: string;
  /** wasm import module, `env` unless the contract says otherwise. */
  readonly module: string;
  /** Their `wasmName` is that of the import: `http_get`. */
  readonly methods: Readonly<Record<string, MethodDescriptor>>;
}
