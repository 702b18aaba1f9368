import { WplugError } from "../errors/wplug-error.js";
import type { Message, MessageInit, MessageType } from "../wire/message-type.js";
import type { HostFunction } from "./host-function.js";

/** A host service, as generated code describes it. */
export interface HostServiceDescriptor {
  /** Fully qualified Protocol Buffers name: `greeter.v1.HostFunctions`. */
  readonly typeName: string;
  /** wasm import module, `env` unless the contract says otherwise. */
  readonly module: string;
  /** By the name of the method in the generated interface. */
  readonly methods: Readonly<Record<string, HostMethodDescriptor>>;
}

/** An rpc of a host service. */
export interface HostMethodDescriptor {
  /** wasm import name: `http_get`. */
  readonly wasmName: string;
  readonly input: MessageType;
  readonly output: MessageType;
}

/** Functions that a host offers to plugins: an implementation of a host service. Generated code makes it. */
export interface HostLibrary {
  readonly functions: readonly HostFunction[];
}

type Implementation = Readonly<Record<string, unknown>>;

/**
 * Makes an implementation of a host service into a library for plugins. For generated code.
 *
 * @throws WplugError that names the methods that are missing: better now than when a plugin calls one
 */
export function hostLibrary(service: HostServiceDescriptor, implementation: object): HostLibrary {
  const methods = Object.entries(service.methods);
  const members = implementation as Implementation;
  const missing = methods
    .map(([name]) => name)
    .filter((name) => typeof members[name] !== "function");
  if (missing.length > 0) {
    throw new WplugError(
      `the implementation of ${service.typeName} lacks ${missing.join(", ")}: plugins may call all of its functions`,
    );
  }
  return {
    functions: methods.map(([name, { wasmName, input, output }]) => ({
      module: service.module,
      name: wasmName,
      input,
      output,
      // As a method: the implementation may be an instance of a class.
      call: (request: Message) =>
        (members[name] as (request: Message) => MessageInit<Message>).call(members, request),
    })),
  };
}
