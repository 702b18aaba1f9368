import { contractOf } from "../../testing/compile-inline";
import { goOutline } from "./go-outline";

it("imports each package once, under a name of its own", () => {
  const { files } = contractOf({
    "a.proto": `syntax = "proto3"; package a.v1;
      import "google/protobuf/source_context.proto"; import "b.proto";
      // go:plugin type=plugin version=1
      service greet_service {
        rpc say_hello(Outer.inner) returns (google.protobuf.SourceContext);
        rpc SayBye(av1.Outer) returns (Outer);
      }
      message Outer { message inner { } }`,
    "b.proto": `syntax = "proto3"; package av1; message Outer { }`,
  });
  expect(goOutline(files, "my-plugin")).toEqual({
    imports: [
      {
        name: "sourcecontextpb",
        path: "github.com/knqyf263/go-plugin/types/known/sourcecontextpb",
      },
      { name: "av1", path: "my-plugin/gen/a/v1" },
      { name: "av12", path: "my-plugin/gen/av1" },
    ],
    services: [
      {
        name: "GreetService",
        package: "av1",
        type: "myGreetService",
        methods: [
          { name: "SayHello", input: "av1.OuterInner", output: "sourcecontextpb.SourceContext" },
          { name: "SayBye", input: "av12.Outer", output: "av1.Outer" },
        ],
      },
    ],
  });
});

it("calls services as Go does, also those with another name in TypeScript", () => {
  const { files } = contractOf({
    "a.proto": `syntax = "proto3"; package a; message Map { }
      // go:plugin type=plugin
      service Array { rpc Get(Map) returns (Map); }`,
  });
  expect(goOutline(files, "x").services).toEqual([
    {
      name: "Array",
      package: "a",
      type: "myArray",
      methods: [{ name: "Get", input: "a.Map", output: "a.Map" }],
    },
  ]);
});

it("imports well-known types that go-plugin lacks from the module itself", () => {
  const { files } = contractOf({
    "a.proto": `syntax = "proto3"; package a;
      import "google/protobuf/field_mask.proto"; import "google/protobuf/api.proto";
      // go:plugin type=plugin version=1
      service Masks { rpc Get(google.protobuf.FieldMask) returns (google.protobuf.Method); }`,
  });
  const { imports, services } = goOutline(files, "x");
  expect(imports.map(({ path }) => path)).toEqual([
    "x/gen/a",
    "x/gen/google/protobuf/apipb",
    "x/gen/google/protobuf/fieldmaskpb",
  ]);
  expect(services[0]?.methods).toEqual([
    { name: "Get", input: "fieldmaskpb.FieldMask", output: "apipb.Method" },
  ]);
});
