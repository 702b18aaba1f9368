import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** The service of the example helloworld as @bufbuild/protobuf describes it. */
export function plainService() {
  const text = (name) => ({ name, number: 1, type: 9, label: 1, jsonName: name });
  const file = {
    name: "greeter.proto",
    package: "helloworld",
    syntax: "proto3",
    messageType: [
      { name: "GreetRequest", field: [text("name")] },
      { name: "GreetReply", field: [text("message")] },
    ],
    service: [
      {
        name: "Greeter",
        method: [
          {
            name: "SayHello",
            inputType: ".helloworld.GreetRequest",
            outputType: ".helloworld.GreetReply",
          },
        ],
      },
    ],
  };
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
  return registry.getService("helloworld.Greeter");
}
