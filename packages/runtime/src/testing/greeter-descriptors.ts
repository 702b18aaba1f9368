import { create, toBinary } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/** What the SDK of the contract of `GreeterPlugin` would export as `descriptors`. */
export const descriptors = descriptorsOf("greeter.proto");

/**
 * Descriptors of `test.v1.Greeter`.
 *
 * @param file that declares it
 * @param service its name
 */
export function descriptorsOf(file: string, service = "Greeter"): string {
  const label = Label.OPTIONAL;
  const set = create(FileDescriptorSetSchema, {
    file: [
      {
        name: file,
        package: "test.v1",
        syntax: "proto3",
        messageType: [
          {
            name: "Inner",
            field: [
              { name: "name", jsonName: "name", number: 1, label, type: Type.STRING },
              {
                name: "inner",
                jsonName: "inner",
                number: 2,
                label,
                type: Type.MESSAGE,
                typeName: ".test.v1.Inner",
              },
            ],
          },
        ],
        service: [
          {
            name: service,
            method: [
              { name: "SayHello", inputType: ".test.v1.Inner", outputType: ".test.v1.Inner" },
            ],
          },
        ],
      },
    ],
  });
  return Buffer.from(toBinary(FileDescriptorSetSchema, set)).toString("base64");
}
