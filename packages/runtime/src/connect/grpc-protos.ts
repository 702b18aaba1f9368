import { create, createFileRegistry, type DescService } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";

import { WplugError } from "../errors/wplug-error.js";

/** Names of fields, by their numbers: `"1 host": Type.STRING`, or the name of a message. */
type Fields = Readonly<Record<string, Type | string>>;

interface MessageParts {
  /** Names of fields that are lists. */
  readonly repeated?: readonly string[];
  /** The name of the only oneof, and those of the fields that are not in it. */
  readonly oneof?: { readonly name: string; readonly without: readonly string[] };
}

/** grpc.health.v1.HealthCheckResponse.ServingStatus */
export const ServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  /** Of Watch alone. */
  SERVICE_UNKNOWN: 3,
} as const;

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const health = file("grpc/health/v1/health.proto", "grpc.health.v1", (at) => ({
  messageType: [
    message(at, "HealthCheckRequest", { "1 service": Type.STRING }),
    withStatus(
      message(at, "HealthCheckResponse", { "1 status": "HealthCheckResponse.ServingStatus" }),
    ),
  ],
  service: [
    {
      name: "Health",
      method: [
        rpc(at, "Check", "HealthCheckRequest", "HealthCheckResponse", {}),
        rpc(at, "Watch", "HealthCheckRequest", "HealthCheckResponse", { serverStreaming: true }),
      ],
    },
  ],
}));

/** https://github.com/grpc/grpc/blob/master/doc/server-reflection.md: version v1, and v1alpha, of which some clients know no other. */
const reflection = ["v1", "v1alpha"].map((version) =>
  file(`grpc/reflection/${version}/reflection.proto`, `grpc.reflection.${version}`, (at) => ({
    messageType: [
      message(
        at,
        "ServerReflectionRequest",
        {
          "1 host": Type.STRING,
          "3 file_by_filename": Type.STRING,
          "4 file_containing_symbol": Type.STRING,
          "5 file_containing_extension": "ExtensionRequest",
          "6 all_extension_numbers_of_type": Type.STRING,
          "7 list_services": Type.STRING,
        },
        { oneof: { name: "message_request", without: ["host"] } },
      ),
      message(at, "ExtensionRequest", {
        "1 containing_type": Type.STRING,
        "2 extension_number": Type.INT32,
      }),
      message(
        at,
        "ServerReflectionResponse",
        {
          "1 valid_host": Type.STRING,
          "2 original_request": "ServerReflectionRequest",
          "4 file_descriptor_response": "FileDescriptorResponse",
          "5 all_extension_numbers_response": "ExtensionNumberResponse",
          "6 list_services_response": "ListServiceResponse",
          "7 error_response": "ErrorResponse",
        },
        { oneof: { name: "message_response", without: ["valid_host", "original_request"] } },
      ),
      message(
        at,
        "FileDescriptorResponse",
        { "1 file_descriptor_proto": Type.BYTES },
        { repeated: ["file_descriptor_proto"] },
      ),
      message(
        at,
        "ExtensionNumberResponse",
        { "1 base_type_name": Type.STRING, "2 extension_number": Type.INT32 },
        { repeated: ["extension_number"] },
      ),
      message(
        at,
        "ListServiceResponse",
        { "1 service": "ServiceResponse" },
        { repeated: ["service"] },
      ),
      message(at, "ServiceResponse", { "1 name": Type.STRING }),
      message(at, "ErrorResponse", {
        "1 error_code": Type.INT32,
        "2 error_message": Type.STRING,
      }),
    ],
    service: [
      {
        name: "ServerReflection",
        method: [
          rpc(at, "ServerReflectionInfo", "ServerReflectionRequest", "ServerReflectionResponse", {
            clientStreaming: true,
            serverStreaming: true,
          }),
        ],
      },
    ],
  })),
);

/** The protos of gRPC itself that servers of plugins answer to. */
export const grpcProtos: FileDescriptorSet = create(FileDescriptorSetSchema, {
  file: [health, ...reflection],
});

const registry = createFileRegistry(grpcProtos);

/** The service of `grpc.health.v1.Health`. */
export const healthService: DescService = serviceOf("grpc.health.v1.Health");

/** The services of `grpc.reflection`, the newest first. */
export const reflectionServices: readonly DescService[] = ["v1", "v1alpha"].map((version) =>
  serviceOf(`grpc.reflection.${version}.ServerReflection`),
);

function serviceOf(typeName: string): DescService {
  const service = registry.getService(typeName);
  if (service === undefined) throw new WplugError(`there is no service ${typeName}`);
  return service;
}

function file(
  name: string,
  packageName: string,
  parts: (at: string) => Parameters<typeof create<typeof FileDescriptorProtoSchema>>[1],
): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name,
    package: packageName,
    syntax: "proto3",
    ...parts(`.${packageName}.`),
  });
}

function message(at: string, name: string, fields: Fields, parts: MessageParts = {}) {
  const { repeated = [], oneof } = parts;
  return create(DescriptorProtoSchema, {
    name,
    oneofDecl: oneof === undefined ? [] : [{ name: oneof.name }],
    field: Object.entries(fields).map(([key, type]) => {
      const [number = "", fieldName = ""] = key.split(" ");
      const isEnum = typeof type === "string" && type.includes(".");
      return create(FieldDescriptorProtoSchema, {
        name: fieldName,
        jsonName: protoCamelCase(fieldName),
        number: Number(number),
        label: repeated.includes(fieldName) ? Label.REPEATED : Label.OPTIONAL,
        type: typeof type === "number" ? type : isEnum ? Type.ENUM : Type.MESSAGE,
        ...(typeof type === "string" && { typeName: at + type }),
        ...(oneof !== undefined && !oneof.without.includes(fieldName) && { oneofIndex: 0 }),
      });
    }),
  });
}

function withStatus(response: DescriptorProto): DescriptorProto {
  response.enumType.push(
    create(EnumDescriptorProtoSchema, {
      name: "ServingStatus",
      value: Object.entries(ServingStatus).map(([name, number]) => ({ name, number })),
    }),
  );
  return response;
}

function rpc(
  at: string,
  name: string,
  input: string,
  output: string,
  streaming: { readonly clientStreaming?: boolean; readonly serverStreaming?: boolean },
) {
  return { name, inputType: at + input, outputType: at + output, ...streaming };
}
