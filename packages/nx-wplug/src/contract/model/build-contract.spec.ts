import { contractOf } from "../../testing/compile-inline";

const greeter = `
syntax = "proto3";

// License, not documentation.

// Greeting people.
package greeter.v1;

// Says hello.
//   Indented.
//
// go:plugin type=plugin version=3
service Greeter {
  // Greets.
  rpc SayHello(GreetRequest) returns (GreetReply);
}
message GreetRequest {
  string last = 2; // behind
  // before
  int64 first_one = 1 [deprecated = true];
}
message GreetReply {}
`;

describe("buildContract", () => {
  it("makes a model of files, messages and services", () => {
    const contract = contractOf({ "greeter/v1/greeter.proto": greeter });
    const file = "greeter/v1/greeter.proto";
    const none = { lines: [], deprecated: false };
    const request = { file, name: "GreetRequest", typeName: "greeter.v1.GreetRequest" };
    const reply = { file, name: "GreetReply", typeName: "greeter.v1.GreetReply" };
    expect(contract.files).toEqual([
      {
        path: file,
        stem: "greeter/v1/greeter",
        package: "greeter.v1",
        comment: { lines: ["Greeting people."], deprecated: false },
        publicImports: [],
        enums: [],
        messages: [
          {
            ...request,
            comment: none,
            oneofs: [],
            fields: [
              {
                number: 1,
                name: "firstOne",
                protoName: "first_one",
                jsonName: "firstOne",
                comment: { lines: ["before"], deprecated: true },
                cardinality: "singular",
                value: { kind: "scalar", scalar: "int64" },
                presence: "implicit",
                oneof: undefined,
              },
              {
                number: 2,
                name: "last",
                protoName: "last",
                jsonName: "last",
                comment: { lines: ["behind"], deprecated: false },
                cardinality: "singular",
                value: { kind: "scalar", scalar: "string" },
                presence: "implicit",
                oneof: undefined,
              },
            ],
          },
          { ...reply, comment: none, oneofs: [], fields: [] },
        ],
        pluginServices: [
          {
            file,
            name: "Greeter",
            typeName: "greeter.v1.Greeter",
            version: 3,
            apiVersionExport: "greeter_api_version",
            comment: { lines: ["Says hello.", "  Indented."], deprecated: false },
            methods: [
              {
                name: "sayHello",
                protoName: "SayHello",
                wasmName: "greeter_say_hello",
                input: request,
                output: reply,
                comment: { lines: ["Greets."], deprecated: false },
              },
            ],
          },
        ],
        hostService: undefined,
      },
    ]);
  });

  it("knows every kind of field", () => {
    const { files } = contractOf({
      "a.proto": `syntax = "proto3";
        message M {
          repeated int32 packed = 1;
          repeated int32 loose = 2 [packed = false];
          repeated string strings = 3;
          map<int64, M> map = 4;
          optional bool maybe = 5;
          M message = 6;
          oneof choice { E one = 7; bytes two = 8; }
        }
        enum E { ZERO = 0; }`,
    });
    const message = files[0]?.messages[0];
    const summary = message?.fields.map((field) => {
      const { name, value } = field;
      const kind = value.kind === "scalar" ? value.scalar : value.type.name;
      if (field.cardinality === "map") return `${name}: map<${field.key}, ${kind}>`;
      if (field.cardinality === "repeated") return `${name}: ${kind}[] packed=${field.packed}`;
      return `${name}: ${kind} ${field.presence} ${field.oneof ?? ""}`.trimEnd();
    });
    expect(summary).toEqual([
      "packed: int32[] packed=true",
      "loose: int32[] packed=false",
      "strings: string[] packed=false",
      "map: map<int64, M>",
      "maybe: bool explicit",
      "message: M explicit",
      "one: E oneof choice",
      "two: bytes oneof choice",
    ]);
    expect(message?.oneofs.map(({ name, fields }) => [name, fields.map((f) => f.name)])).toEqual([
      ["choice", ["one", "two"]],
    ]);
  });

  it("names nested types after what they are in, and gives way where the name is taken", () => {
    const { files } = contractOf({
      "a.proto": `syntax = "proto3";
        message Outer { message Inner { enum Kind { K = 0; } } enum Inner2 { Z = 0; } }
        message Outer_Inner {}
        message Map {}
        message string {}`,
    });
    expect(files[0]?.messages.map(({ name }) => name)).toEqual([
      "Outer",
      "Outer_Inner$",
      "Outer_Inner",
      "Map$",
      "string$",
    ]);
    expect(files[0]?.enums.map(({ name }) => name)).toEqual(["Outer_Inner2", "Outer_Inner_Kind"]);
  });

  it("gives way to members of generated classes and clients", () => {
    const { files } = contractOf({
      "a.proto": `syntax = "proto3";
        // go:plugin type=plugin version=1
        service S { rpc Dispose(M) returns (M); rpc Delete(M) returns (M); }
        message M {
          int32 constructor = 1; int32 encode = 2; int32 to_string = 3; int32 delete = 4; int32 __proto__ = 5;
          oneof to_json { int32 json = 6; }
        }`,
    });
    expect(files[0]?.messages[0]?.fields.map(({ name }) => name)).toEqual([
      "constructor$",
      "encode$",
      "toString$",
      "delete",
      "Proto",
      "json",
    ]);
    expect(files[0]?.messages[0]?.oneofs.map(({ name }) => name)).toEqual(["toJson$"]);
    expect(files[0]?.pluginServices[0]?.methods.map(({ name }) => name)).toEqual([
      "dispose$",
      "delete",
    ]);
  });

  it("tells a oneof from a field that has the same name in camel case", () => {
    const { files } = contractOf({
      "a.proto": `syntax = "proto3";
        message M { int32 foo_bar = 1; oneof foo_Bar { int32 x = 3; } }`,
    });
    expect(files[0]?.messages[0]?.fields.map(({ name }) => name)).toEqual(["fooBar", "x"]);
    expect(files[0]?.messages[0]?.oneofs[0]?.name).toBe("fooBar$");
  });

  it("strips the enum's name from its values if all have it", () => {
    const { files } = contractOf({
      "a.proto": `syntax = "proto3";
        enum HTTPStatus { HTTP_STATUS_UNSPECIFIED = 0; HTTP_STATUS_OK = 200; HTTP_STATUS_NEG = -1; }
        enum Mixed { MIXED_ZERO = 0; ONE = 1; }
        enum Size { SIZE_0 = 0; SIZE_BIG = 1; }
        enum Odd { option allow_alias = true; ODD_NaN = 0; ODD_ZERO = 0; }`,
    });
    expect(
      files[0]?.enums.map(({ values }) => values.map(({ name, number }) => [name, number])),
    ).toEqual([
      [
        ["UNSPECIFIED", 0],
        ["OK", 200],
        ["NEG", -1],
      ],
      [
        ["MIXED_ZERO", 0],
        ["ONE", 1],
      ],
      [
        ["SIZE_0", 0],
        ["SIZE_BIG", 1],
      ],
      [
        ["NaN$", 0],
        ["ZERO", 0],
      ],
    ]);
  });

  it("puts imported files before those that import them, and lists public imports", () => {
    const { files } = contractOf({
      "a.proto": 'syntax = "proto3"; import public "z.proto"; message A { Z z = 1; }',
      "z.proto": 'syntax = "proto3"; message Z {}',
    });
    expect(files.map(({ path }) => path)).toEqual(["z.proto", "a.proto"]);
    expect(files[1]?.publicImports).toEqual([{ file: "z.proto" }]);
  });
});
