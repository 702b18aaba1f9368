/**
 * The contract model: what the emitters see of a set of `.proto` files. Plain readonly data with every name
 * resolved; nothing of buf is left in it, and of the descriptors the bytes alone.
 */
export interface Contract {
  /** The files to generate code for, imported files before the files that import them. */
  readonly files: readonly ContractFile[];
  /** A `google.protobuf.FileDescriptorSet` of the files and of all that they import, for servers to tell to their callers. */
  readonly descriptors: Uint8Array;
}

export interface ContractFile {
  /** Path as protobuf knows it, with forward slashes: `greeter.proto`, `shop/v1/order.proto`. */
  readonly path: string;
  /** Path without `.proto`: the stem of the generated files. */
  readonly stem: string;
  /** Protobuf package, empty if the file has none. */
  readonly package: string;
  readonly comment: Comment;
  /** Files whose types this file's public surface re-exports (`import public`). */
  readonly publicImports: readonly FileName[];
  /** Top-level and nested messages; a nested message comes after the message that contains it. */
  readonly messages: readonly Message[];
  /** Top-level and nested enums. */
  readonly enums: readonly Enum[];
  readonly pluginServices: readonly PluginService[];
  /** At most one per file. */
  readonly hostService: HostService | undefined;
}

/** Lines of a proto comment as the generated doc comment shows them, without the `go:plugin` annotation. */
export interface Comment {
  readonly lines: readonly string[];
  readonly deprecated: boolean;
}

/** Names a file that code is generated for. */
export interface FileName {
  /** `ContractFile.path` */
  readonly file: string;
  /** What the package of the contract is imported by that the file is of, if it is another one: `@acme/money-contract`. */
  readonly importedFrom?: string;
}

/** Names a generated class or enum: the file that declares it and its name in the generated code. */
export interface TypeName extends FileName {
  /** Name in the generated code, the same in both languages. Nested types are `Outer_Inner`. */
  readonly name: string;
  /** Fully qualified Protocol Buffers name, without a leading dot: `greeter.v1.GreetRequest`. */
  readonly typeName: string;
  /** Whether the type comes from the package of well-known types instead of the contract: `google/protobuf/….proto`. */
  readonly wellKnown?: boolean;
}

export interface Message extends TypeName {
  readonly comment: Comment;
  /** In field number order, which is the order on the wire. */
  readonly fields: readonly Field[];
  /** oneofs of the source; the synthetic ones of `optional` fields are not among them. */
  readonly oneofs: readonly Oneof[];
}

export interface Enum extends TypeName {
  readonly comment: Comment;
  /** In declaration order; aliases (a number that occurred before) included. */
  readonly values: readonly EnumValue[];
}

export interface EnumValue {
  /** Name in the generated code: without the enum's own prefix where every value has it. */
  readonly name: string;
  /** Name in the proto file; the one of proto3 JSON. */
  readonly protoName: string;
  readonly number: number;
  readonly comment: Comment;
}

export interface Oneof {
  readonly protoName: string;
  /** lowerCamelCase. */
  readonly name: string;
  readonly comment: Comment;
  readonly fields: readonly Field[];
}

export type ScalarType =
  | "double"
  | "float"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64"
  | "bool"
  | "string"
  | "bytes";

/** What one value of a field is. */
export type ValueType =
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "enum"; readonly type: TypeName }
  | { readonly kind: "message"; readonly type: TypeName };

export interface FieldBase {
  readonly number: number;
  /** lowerCamelCase; a name that the generated class needs for itself has a `$` appended. */
  readonly name: string;
  readonly protoName: string;
  readonly jsonName: string;
  readonly comment: Comment;
}

export type Field = FieldBase &
  (
    | {
        readonly cardinality: "singular";
        readonly value: ValueType;
        /**
         * `implicit`: the zero value is not written (proto3 scalars and enums). `explicit`: presence is
         * tracked (`optional`, messages). `oneof`: a member of `oneof`.
         */
        readonly presence: "implicit" | "explicit" | "oneof";
        /** `Oneof.name` where presence is `oneof`. */
        readonly oneof: string | undefined;
        /** What counts while the field is not set, if that is not zero: a bool, or the name of a value. Only proto2 has it. */
        readonly whenUnset?: "true" | { readonly enumValue: string };
      }
    | { readonly cardinality: "repeated"; readonly value: ValueType; readonly packed: boolean }
    | { readonly cardinality: "map"; readonly key: ScalarType; readonly value: ValueType }
  );

export interface Method {
  /** lowerCamelCase name of the method in the generated interface. */
  readonly name: string;
  /** Name in the proto file. */
  readonly protoName: string;
  /** The wasm name: `greeter_say_hello` for an rpc of a plugin service, `http_get` for a host function. */
  readonly wasmName: string;
  readonly input: TypeName;
  readonly output: TypeName;
  readonly comment: Comment;
}

/** `// go:plugin type=plugin version=N` */
export interface PluginService extends TypeName {
  readonly version: number;
  /** The wasm name of the version export: `greeter_api_version`. */
  readonly apiVersionExport: string;
  readonly methods: readonly Method[];
  readonly comment: Comment;
}

/** `// go:plugin type=host module=NAME` */
export interface HostService extends TypeName {
  /** wasm import module, `env` unless the annotation says otherwise. */
  readonly module: string;
  readonly methods: readonly Method[];
  readonly comment: Comment;
}
