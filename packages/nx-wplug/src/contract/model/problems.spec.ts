import { problemsOf } from "../../testing/compile-inline";

const head = 'syntax = "proto3";\npackage greeter.v1;\n';
const messages = "message A {}\nmessage B {}\n";

describe("what a contract can't have", () => {
  it("reports an annotation of unknown type at its line", () => {
    const proto = `${head}\n// Says hello.\n// go:plugin type=foo\n// More.\nservice Greeter {}\n`;
    expect(problemsOf({ "greeter.proto": proto })).toEqual([
      'greeter.proto:5:1: annotation of greeter.v1.Greeter: unknown type "foo": use type=plugin for a service that plugins ' +
        "implement, type=host for functions that the host offers to plugins",
    ]);
  });

  it("reports a version that is not a number", () => {
    const proto = `${head}// go:plugin type=plugin version=x\nservice Greeter {}\n`;
    expect(problemsOf({ "greeter.proto": proto })).toEqual([
      'greeter.proto:3:1: annotation of greeter.v1.Greeter: version must be a whole number, not "x": ' +
        'write "// go:plugin type=plugin version=1"',
    ]);
  });

  it("reports two annotations of one service that contradict each other", () => {
    const proto = `${head}// go:plugin type=plugin version=1\n// go:plugin type=plugin version=2\nservice Greeter {}\n`;
    expect(problemsOf({ "greeter.proto": proto })).toEqual([
      "greeter.proto:4:1: annotation of greeter.v1.Greeter: version is given twice: remove one",
    ]);
  });

  it("reports a contract without any annotated service", () => {
    const proto = `${head}// Says hello.\nservice Greeter {}\n`;
    expect(problemsOf({ "greeter.proto": proto })).toEqual([
      "greeter.proto:4:1: no code would be generated for Greeter, because no service has an annotation: " +
        'write "// go:plugin type=plugin version=1" on the line above the service',
    ]);
  });

  it("leaves out a service without annotation beside one that has it, as go-plugin does", () => {
    const proto = `${head}// go:plugin type=plugin version=1\nservice Greeter {}\nservice Other {}\n`;
    expect(problemsOf({ "greeter.proto": proto })).toEqual([]);
  });

  it("accepts a contract of messages only", () => {
    expect(problemsOf({ "greeter.proto": head + messages })).toEqual([]);
  });

  it("reports an annotation that a blank line separates from its service", () => {
    const proto = `${head}// go:plugin type=plugin version=1\n\nservice Greeter {}\n`;
    expect(problemsOf({ "greeter.proto": proto })).toEqual([
      "greeter.proto:5:1: the annotation of Greeter does not count, because it is not in the comment directly above " +
        "the service: remove the blank line between them",
    ]);
  });

  it("refuses streaming rpcs", () => {
    const proto =
      `${head}${messages}// go:plugin type=plugin version=1\nservice Greeter {\n` +
      "  rpc Listen(A) returns (stream B);\n  rpc Tell(stream A) returns (B);\n}\n";
    expect(problemsOf({ "greeter.proto": proto })).toEqual([
      "greeter.proto:7:3: greeter.v1.Greeter.Listen is a streaming rpc, which the plugin ABI can't do: " +
        "remove `stream`, for example by a repeated field in the message",
      "greeter.proto:8:3: greeter.v1.Greeter.Tell is a streaming rpc, which the plugin ABI can't do: " +
        "remove `stream`, for example by a repeated field in the message",
    ]);
  });

  it("refuses a second host service in a file, and one in the system's module", () => {
    const host = (name: string, module = "") =>
      `// go:plugin type=host${module}\nservice ${name} { rpc ${name}(A) returns (A); }\n`;
    const proto = `${head}message A {}\n${host("One")}${host("Two")}`;
    const system = `${head}message B {}\n${host("Clock", " module=wasi_snapshot_preview1").replaceAll("(A)", "(B)")}`;
    expect(
      problemsOf({ "a.proto": proto, "b.proto": system.replace("package a", "package b") }),
    ).toEqual([
      "a.proto:7:1: greeter.v1.Two is the second host service of this file after greeter.v1.One: a file can have one, so " +
        "move the rpcs into one service or one service into another file (the other is at a.proto:5:1)",
      "b.proto:5:1: greeter.v1.Clock can't be in the module wasi_snapshot_preview1, which is the system's: name another one",
    ]);
  });

  it("refuses functions with the same name in a module, also in different files", () => {
    const host = (name: string, module: string) =>
      `// go:plugin type=host module=${module}\nservice ${name} { rpc Log(A) returns (A); }\n`;
    expect(
      problemsOf({
        "a.proto": `${head}message A {}\n${host("One", "env")}`,
        "b.proto": `${head}import "a.proto";\n${host("Two", "other")}`,
        "c.proto": `${head}import "a.proto";\n${host("Three", "env")}`,
      }),
    ).toEqual([
      "c.proto:5:17: greeter.v1.Three.Log and greeter.v1.One.Log have the same name in wasm, env.log: rename one " +
        "(the other is at a.proto:5:15)",
    ]);
  });

  it("refuses rpcs with the same wasm name, also in different files", () => {
    const service = (rpc: string) =>
      `// go:plugin type=plugin version=1\nservice Greeter { rpc ${rpc}(A) returns (A); }\n`;
    const protos = {
      "a.proto": `syntax = "proto3";\npackage a;\n${messages}${service("SayHello")}`,
      "b.proto": `syntax = "proto3";\npackage b;\n${messages}${service("say_hello")}`,
    };
    expect(problemsOf(protos)).toEqual([
      "b.proto:6:1: the version of b.Greeter and the version of a.Greeter have the same name in wasm, " +
        "greeter_api_version: rename one (the other is at a.proto:6:1)",
      "b.proto:6:19: b.Greeter.say_hello and a.Greeter.SayHello have the same name in wasm, greeter_say_hello: rename one " +
        "(the other is at a.proto:6:19)",
    ]);
  });

  it("refuses rpcs with the same name in generated code", () => {
    const proto =
      `${head}${messages}// go:plugin type=plugin version=1\nservice Greeter {\n` +
      "  rpc SayHello(A) returns (B);\n  rpc Say_Hello(A) returns (B);\n}\n";
    expect(problemsOf({ "greeter.proto": proto })).toEqual([
      "greeter.proto:8:3: greeter.v1.Greeter.Say_Hello and greeter.v1.Greeter.SayHello have the same name in generated " +
        "code, sayHello: rename one (the other is at greeter.proto:7:3)",
    ]);
  });

  it("refuses proto2, at the syntax statement", () => {
    expect(problemsOf({ "a.proto": '// Old.\nsyntax = "proto2";\npackage a;\n' })).toEqual([
      'a.proto:2:1: proto2 is not supported: write syntax = "proto3"; at the top of the file',
    ]);
  });

  it("accepts well-known types, but not everything that comes with protobuf", () => {
    const proto = [
      head,
      'import "google/protobuf/timestamp.proto";',
      'import "google/protobuf/compiler/plugin.proto";',
      "message A { google.protobuf.Timestamp at = 1; }",
    ].join("\n");
    expect(problemsOf({ "a.proto": proto })).toEqual([
      "a.proto:5:1: google/protobuf/compiler/plugin.proto is not one of the well-known types: " +
        "remove the import and use a message of your own",
    ]);
  });

  it("refuses what editions can do and proto3 can't", () => {
    const proto = [
      'edition = "2023";',
      "package a;",
      "enum E { option features.enum_type = CLOSED; ZERO = 0; }",
      "message M {",
      "  int32 required = 1 [features.field_presence = LEGACY_REQUIRED];",
      "  M group = 2 [features.message_encoding = DELIMITED];",
      "  int32 five = 3 [default = 5];",
      "  string raw = 4 [features.utf8_validation = NONE];",
      "  extensions 100 to 200;",
      "}",
      "extend M { int32 more = 100; }",
    ].join("\n");
    expect(problemsOf({ "a.proto": proto })).toEqual([
      "a.proto:3:1: E is a closed enum, which is not supported: remove features.enum_type = CLOSED",
      "a.proto:5:3: M.required is a required field, which is not supported: " +
        "remove features.field_presence = LEGACY_REQUIRED",
      "a.proto:6:3: M.group is encoded as a group, which is not supported: remove features.message_encoding = DELIMITED",
      "a.proto:7:3: M.five has a default value, which is not supported: remove the option `default`",
      "a.proto:8:3: M.raw is a string that need not be UTF-8, which is not supported: " +
        "remove features.utf8_validation = NONE",
      "a.proto:9:14: extensions are not supported: use a field of the message itself",
      "a.proto:11:12: extensions are not supported: use a field of the message itself",
    ]);
  });

  it("accepts custom options and descriptors, but not the messages of proto2 that come with them", () => {
    const options = [
      'syntax = "proto2";',
      'package options; import "google/protobuf/descriptor.proto";',
      "message Rules { optional int32 max = 1; }",
      "extend google.protobuf.FieldOptions { optional Rules rules = 50002; }",
    ].join("\n");
    const proto = [
      head,
      'import "google/protobuf/descriptor.proto"; import "options.proto";',
      "extend google.protobuf.FieldOptions { string unit = 50000; }",
      "message M {",
      "  extend google.protobuf.MessageOptions { M example = 50001; }",
      '  int32 length = 1 [(unit) = "bytes", (options.rules).max = 5];',
      "  google.protobuf.FileOptions options = 2;",
      "  options.Rules rules = 3;",
      "}",
    ].join("\n");
    expect(problemsOf({ "a.proto": proto, "options.proto": options })).toEqual([
      "a.proto:10:3: M.rules is of the proto2 type options.Rules, which is not supported: use a message of your own",
    ]);
  });

  it("accepts an editions file that uses nothing but what proto3 has", () => {
    const proto =
      'edition = "2023";\npackage a;\nmessage M { int32 a = 1; repeated int32 b = 2; M c = 3; E d = 4; }\n' +
      "enum E { ZERO = 0; }\n";
    expect(problemsOf({ "a.proto": proto })).toEqual([]);
  });
});
