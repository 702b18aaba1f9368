import { compileInline, contractOf } from "../../../testing/compile-inline";
import { findGaps } from "./find-gaps";

// That go-plugin does fail at each of these was seen with its release 0.9.0; docs/go.md has the list.

/** Problems as lines without their place's column. */
function gapsOf(files: Record<string, string>): string[] {
  const protos = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      text.startsWith("edition") ? text : `syntax = "proto3";\n${text}`,
    ]),
  );
  const gaps = findGaps({
    descriptors: compileInline(protos),
    paths: Object.keys(protos),
    contract: contractOf(protos),
    imported: [],
    onDisk: (path) => path,
  });
  return gaps.map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

describe("findGaps", () => {
  it("finds nothing in what go-plugin can take", () => {
    expect(
      gapsOf({
        "a.proto": `package a.v1;
          import "google/protobuf/struct.proto";
          import "google/protobuf/descriptor.proto";
          import public "b.proto";
          extend google.protobuf.FieldOptions { string label = 50001; }
          // go:plugin type=plugin version=1
          service Type1 { rpc Ranges(M) returns (google.protobuf.Value); }
          message M {
            oneof choice { string text = 1; b.B b = 2; }
            optional int32 number = 3 [(a.v1.label) = "x"];
            map<string, M> map = 4;
          }`,
        "b.proto": `package b; message B { message Type { } }`,
      }),
    ).toEqual([]);
  });

  it("finds nothing in well-known types, whether go-plugin has them or not", () => {
    expect(
      gapsOf({
        "a.proto": `package a;
import "google/protobuf/field_mask.proto";
import "google/protobuf/api.proto";
import "google/protobuf/descriptor.proto";
import "google/protobuf/struct.proto";
message M {
  google.protobuf.FieldMask mask = 1;
  google.protobuf.Method method = 2;
  google.protobuf.FileDescriptorProto file = 3;
  google.protobuf.NullValue null = 4;
}`,
      }),
    ).toEqual([]);
  });

  it("finds editions", () => {
    expect(gapsOf({ "a.proto": 'edition = "2023";\npackage a; message M { }' })).toEqual([
      'a.proto:1: go-plugin does not know editions: write syntax = "proto3"; instead',
    ]);
  });

  it("finds names of services and rpcs that are words of Go", () => {
    expect(
      gapsOf({
        "a.proto": `package a; message M { }
// go:plugin type=plugin version=1
service Select {
  rpc range(M) returns (M);
}
// go:plugin type=plugin version=1
service Init { }
// go:plugin type=host
service Error {
  rpc Range(M) returns (M);
}
service Func { }`,
      }),
    ).toEqual([
      "a.proto:4: a service can't be called Select there: rename it",
      "a.proto:5: an rpc can't be called range there: rename it",
      "a.proto:8: a service can't be called Init there: rename it",
      "a.proto:10: a service can't be called Error there: rename it",
    ]);
  });

  it("finds names of services that their own code needs", () => {
    expect(
      gapsOf({
        "a.proto": `package a.v1; import "money.proto"; import "google/protobuf/empty.proto"; message M { }
// go:plugin type=plugin version=1
service Money { rpc Get(acme.money.Cents) returns (M); }
// go:plugin type=plugin version=1
service P { rpc Get(M) returns (M); }
// go:plugin type=plugin version=1
service Emptypb { rpc Get(M) returns (google.protobuf.Empty); }
// go:plugin type=plugin version=1
service String { }
// go:plugin type=plugin version=1
service V1 { }
// go:plugin type=host
service Skip { rpc Get(M) returns (M); }`,
        "money.proto": "package acme.money; message Cents { }",
      }),
    ).toEqual([
      "a.proto:4: a service can't be called Money there: rename it",
      "a.proto:6: a service can't be called P there: rename it",
      "a.proto:8: a service can't be called Emptypb there: rename it",
      "a.proto:10: a service can't be called String there: rename it",
      "a.proto:14: a service can't be called Skip there: rename it",
    ]);
  });

  it("finds members of messages that are called like methods of them, and fields that Go takes for one", () => {
    expect(
      gapsOf({
        "a.proto": `package a;
message M {
  message N {
    bytes marshalVT = 1;
    oneof size_v_t { bool a = 2; }
    oneof SizeVT { bool Reset = 3; }
  }
  int32 user_id = 1;
  int32 userID = 2;
  string ProtoMessage = 3;
}
message ErrIntOverflow { }
enum ErrInvalidLength { Z = 0; }`,
      }),
    ).toEqual([
      "a.proto:5: a field can't be called marshalVT there: rename it",
      "a.proto:6: a oneof can't be called size_v_t there: rename it",
      "a.proto:7: a oneof can't be called SizeVT there: rename it",
      "a.proto:13: a message can't be called ErrIntOverflow there: rename it",
      "a.proto:14: an enum can't be called ErrInvalidLength there: rename it",
      "a.proto:10: the fields userID and user_id of M get one name: rename one",
    ]);
  });

  it("finds types that would get one name", () => {
    expect(
      gapsOf({
        "a.proto": `package a;
message A { message B { } }
message A_B { }
message greeter { }
// go:plugin type=plugin version=1
service Greeter { rpc Get(greeter) returns (A); }
enum e { Z = 0; }
message E { }
enum Color { NONE = 0; }
message Color_name { }`,
      }),
    ).toEqual([
      "a.proto:4: the message A_B and the message A.B get one name: rename one",
      "a.proto:8: the enum e and the message E get one name: rename one",
      "a.proto:7: the service Greeter and the message greeter get one name: rename one",
    ]);
  });

  it("finds names that two things would get", () => {
    expect(
      gapsOf({
        "a.proto": `package a; message M { } message NewHost { }
message RegisterGreeter { }
// go:plugin type=plugin version=1
service Greeter { rpc Greet(M) returns (M); }
// go:plugin type=host
service Host { rpc Get(M) returns (M); }`,
        "b.proto": `package a; import "a.proto";
// go:plugin type=host module=other
service Other {
  rpc get(M) returns (M);
}`,
        "c/b.proto": "package a; message C { }",
      }),
    ).toEqual([
      "c/b.proto:2: b.proto is generated into the same files, as its package is the same: rename one of the two",
      "a.proto:5: what Greeter needs and the message RegisterGreeter get one name: rename one",
      "a.proto:7: what Host needs and the message NewHost get one name: rename one",
      "b.proto:5: Other.get and Host.Get get one name: rename one",
    ]);
  });

  it("finds files that Go would leave out, or that would be generated into one", () => {
    expect(
      gapsOf({
        "x/a_linux.proto": "package a; message A { }",
        "b_linux.v1.proto": "package a; message B { }",
        "c_wasm.proto": "package a; message C { }",
        "_d.proto": "package a; message D { }",
        "linux.proto": "package a; message E { }",
        "e.proto": `package a; message F { }
// go:plugin type=plugin version=1
service S { rpc Get(F) returns (F); }`,
        "e_options.proto": "package a; message G { }",
      }),
    ).toEqual([
      "_d.proto:1: a file called _d is left out by Go: rename it",
      "b_linux.v1.proto:1: a file called b_linux.v1 is left out by Go: rename it",
      "x/a_linux.proto:1: a file called a_linux is left out by Go: rename it",
      "e_options.proto:2: e.proto is generated into the same files, as its package is the same: rename one of the two",
    ]);
  });

  it("finds packages that need each other", () => {
    expect(
      gapsOf({
        "a/one.proto": 'package a; import "b/b.proto"; message One { b.B b = 1; }',
        "a/two.proto": "package a; message Two { }",
        "b/b.proto": 'package b;\nimport "a/two.proto";\nmessage B { a.Two two = 1; }',
      }),
    ).toEqual([
      "b/b.proto:3: a/two.proto needs the package b too, which is a cycle in Go: put both into one package",
      "a/one.proto:2: b/b.proto needs the package a too, which is a cycle in Go: put both into one package",
    ]);
  });
});
