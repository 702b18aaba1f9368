import type { MethodDescriptor, ServiceDescriptor } from "../descriptors/service-descriptor.js";

/**
 * Descriptors as `@bufbuild/protobuf` has them, of a service whose messages have no fields that it knows: it passes them on as
 * unknown fields. So the generated classes of the runtime are the only codec, and nothing of that package is loaded here.
 */
export interface RawService {
  readonly kind: "service";
  readonly typeName: string;
  readonly name: string;
  readonly file: RawFile;
  readonly deprecated: false;
  readonly methods: readonly RawMethod[];
  /** By local name. */
  readonly method: Readonly<Record<string, RawMethod>>;
  readonly proto: object;
  toString(): string;
}

export interface RawMethod {
  readonly kind: "rpc";
  readonly methodKind: "unary";
  readonly name: string;
  readonly localName: string;
  readonly parent: RawService;
  readonly input: RawType;
  readonly output: RawType;
  /** google.protobuf.MethodOptions.IDEMPOTENCY_UNKNOWN */
  readonly idempotency: 0;
  readonly deprecated: false;
  readonly proto: object;
  toString(): string;
}

/** A message without fields. */
export interface RawType {
  readonly kind: "message";
  readonly typeName: string;
  readonly name: string;
  readonly file: RawFile;
  readonly fields: readonly never[];
  readonly field: object;
  readonly oneofs: readonly never[];
  readonly members: readonly never[];
  readonly nestedEnums: readonly never[];
  readonly nestedMessages: readonly never[];
  readonly nestedExtensions: readonly never[];
  readonly deprecated: false;
  readonly proto: object;
  toString(): string;
}

interface RawFile {
  readonly kind: "file";
  /** google.protobuf.Edition.EDITION_PROTO3 */
  readonly edition: 999;
  readonly name: string;
}

/** The descriptors of a service. */
export function rawService({ typeName, name, methods }: ServiceDescriptor): RawService {
  const file: RawFile = { kind: "file", edition: 999, name: typeName };
  const method: Record<string, RawMethod> = {};
  const all: RawMethod[] = [];
  const service: RawService = {
    kind: "service",
    typeName,
    name,
    file,
    deprecated: false,
    methods: all,
    method,
    proto: {},
    toString: () => `service ${typeName}`,
  };
  for (const descriptor of Object.values(methods)) {
    const raw = rawMethod(descriptor, service);
    method[raw.localName] = raw;
    all.push(raw);
  }
  return service;
}

function rawMethod(descriptor: MethodDescriptor, parent: RawService): RawMethod {
  const name = rpcName(descriptor);
  return {
    kind: "rpc",
    methodKind: "unary",
    name,
    localName: descriptor.name,
    parent,
    input: rawType(descriptor.input.typeName, parent.file),
    output: rawType(descriptor.output.typeName, parent.file),
    idempotency: 0,
    deprecated: false,
    proto: {},
    toString: () => `rpc ${parent.typeName}.${name}`,
  };
}

/** Name of an rpc in its proto file: `SayHello`. */
export function rpcName({ name, rpc }: Pick<MethodDescriptor, "name" | "rpc">): string {
  return rpc ?? name.charAt(0).toUpperCase() + name.slice(1);
}

function rawType(typeName: string, file: RawFile): RawType {
  return {
    kind: "message",
    typeName,
    name: typeName.slice(typeName.lastIndexOf(".") + 1),
    file,
    fields: [],
    field: {},
    oneofs: [],
    members: [],
    nestedEnums: [],
    nestedMessages: [],
    nestedExtensions: [],
    deprecated: false,
    proto: {},
    toString: () => `message ${typeName}`,
  };
}
