import { spawnSync } from "node:child_process";

import { contractOf, type Protos } from "../../testing/compile-inline";
import { everythingProtos } from "../../testing/everything-proto";
import { distinct, ownNames } from "../../testing/taken-names";
import { TemporaryFolder } from "../../testing/temporary-folder";
import { emitSdk } from "./emit-sdk";
import { TARGETS } from "./cargo-package";
import { PROBE_MANIFEST, whyNoRust } from "./testing/has-rust";

function emit(protos: Protos): Map<string, string> {
  const files = emitSdk({ contract: contractOf(protos), imported: [] });
  return new Map(files.map(({ path, content }) => [path, content]));
}

const declare = (text: string) =>
  emit({ "x.proto": `syntax = "proto3"; package x; ${text}` }).get("x.rs") ?? "";

const WELL_KNOWN = [
  ["Any", "any"],
  ["Api", "api"],
  ["Method", "api"],
  ["Mixin", "api"],
  ["Duration", "duration"],
  ["Empty", "empty"],
  ["FieldMask", "field_mask"],
  ["SourceContext", "source_context"],
  ["Struct", "struct"],
  ["Value", "struct"],
  ["ListValue", "struct"],
  ["NullValue", "struct"],
  ["Timestamp", "timestamp"],
  ["Type", "type"],
  ["Field", "type"],
  ["Enum", "type"],
  ["EnumValue", "type"],
  ["Option", "type"],
  ["Syntax", "type"],
  ["DoubleValue", "wrappers"],
  ["FloatValue", "wrappers"],
  ["Int64Value", "wrappers"],
  ["UInt64Value", "wrappers"],
  ["Int32Value", "wrappers"],
  ["UInt32Value", "wrappers"],
  ["BoolValue", "wrappers"],
  ["StringValue", "wrappers"],
  ["BytesValue", "wrappers"],
  ["FileDescriptorProto", "descriptor"],
  ["Field.Kind", "type"],
] as const;

const wellKnownProto = (() => {
  const isEnum = (name: string) => /^(NullValue|Syntax)$|\./.test(name);
  let number = 0;
  const fields = WELL_KNOWN.flatMap(([name]) => {
    const type = `google.protobuf.${name}`;
    const plain = name.toLowerCase().replace(".", "_");
    return [
      `${type} one_${plain} = ${++number};`,
      `repeated ${type} list_${plain} = ${++number};`,
      `map<string, ${type}> map_${plain} = ${++number};`,
      ...(isEnum(name) ? [`optional ${type} maybe_${plain} = ${++number};`] : []),
    ];
  });
  const oneof = WELL_KNOWN.map(
    ([name]) =>
      `google.protobuf.${name} choice_${name.toLowerCase().replace(".", "_")} = ${++number};`,
  );
  const imports = [...new Set(WELL_KNOWN.map(([, file]) => file))].map(
    (file) => `import "google/protobuf/${file}.proto";`,
  );
  const rpcs = WELL_KNOWN.filter(([name]) => !isEnum(name)).map(
    ([name]) => `rpc Echo${name}(google.protobuf.${name}) returns (google.protobuf.${name});`,
  );
  return `syntax = "proto3"; package known.v1; ${imports.join("\n")}
    message Known { ${fields.join("\n")} oneof choice { ${oneof.join("\n")} } }
    // go:plugin type=plugin version=1
    service Knower { ${rpcs.join("\n")} }
    // go:plugin type=host
    service Host { ${rpcs.join("\n")} }`;
})();

/** A contract that uses names of languages and libraries for everything that has a name. */
const oddNames = (() => {
  const names = distinct(ownNames, (name) => name.toLowerCase().replaceAll("_", ""));
  const list = (write: (name: string, index: number) => string) => names.map(write).join("\n");
  return `syntax = "proto3"; package odd.mod.type.self.wplug;
    message Fields { ${list((name, index) => `string ${name} = ${index + 1};`)} }
    message Maybes { ${list((name, index) => `optional int32 ${name} = ${index + 1};`)} }
    message Choices { oneof oneof_ { ${list((name, index) => `bytes ${name} = ${index + 1};`)} } }
    message Types { ${list((name, index) => `message ${name} { oneof ${name}_ { string a = ${index + 1}; } }`)} }
    enum Values { ${list((name, index) => `${name} = ${index};`)} }
    // go:plugin type=plugin version=1
    service Self { ${list((name) => `rpc R_${name}(Fields) returns (Fields);`)} rpc type(Fields) returns (Choices); }
    // go:plugin type=host
    service Super { ${list((name) => `rpc ${name}(Fields) returns (Fields);`)} }`;
})();

const odd: Protos = {
  "odd.proto": oddNames,
  "clashes.proto": `syntax = "proto3"; package clash;
    import "sub.proto"; import "deeper.proto";
    message Sub { message Sub { .clash.sub.v1.Sub sub = 1; oneof sub_ { Sub own = 2; .clash.sub.Sub other = 3; } } Sub sub = 1; }
    message HTTPGet {} message HttpGet {} message http_get {}
    message Methods { Kind kind = 1; Kind set_kind = 2; optional int32 set_set_kind = 3; enum Kind { A = 0; B = 1; } }
    message Recursive { One one = 1; repeated Recursive list = 2; map<string, Recursive> map = 3; oneof it { Recursive me = 4; } }
    message One { Two two = 1; } message Two { optional One one = 1; Recursive r = 2; }
    message _ { int32 _ = 1; int32 _1 = 2; } message None {} message Some { None none = 1; } message Result {} message String { String string = 1; }
    // An example:
    //
    //     let x = not rust;
    //
    // \`\`\`
    // nor this
    // \`\`\`
    // - a list [with] <brackets> and \\ in it
    // that goes on
    //
    // \`\`\`rust,no_run
    // not(this)
    // ~~~
    // \`\`\`
    // > \`\`\`
    // > nor this
    // > \`\`\`
    message Documented {
      // The old one.
      int32 old = 1 [deprecated = true];
    }`,
  "sub.proto": `syntax = "proto3"; package clash.sub; message Sub {}`,
  "deeper.proto": `syntax = "proto3"; package clash.sub.v1; message Sub {}`,
  "none.proto": `syntax = "proto3"; message Rootless { Rootless a = 1; }
    // go:plugin type=plugin version=2
    service Bare { rpc Call(Rootless) returns (Rootless); }
    // go:plugin type=plugin version=1
    service Nothing {}
    // go:plugin type=host
    service NoHost {}`,
};

describe("emitSdk", () => {
  it("writes a struct with a doc comment for each message, with presence as in the proto", () => {
    const code = declare(`
      // A person.
      message Person {
        // As it is spoken.
        string name = 1;
        optional int32 age = 2;
        Person parent = 3;
        repeated Person children = 4;
        map<int32, bytes> pictures = 5;
        repeated sint32 apart = 6 [packed = false];
      }`);
    expect(code).toContain(`/// A person.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Person {
    /// As it is spoken.
    #[prost(string, tag = "1")]
    pub name: ::prost::alloc::string::String,
    #[prost(int32, optional, tag = "2")]
    pub age: ::core::option::Option<i32>,
    #[prost(message, optional, boxed, tag = "3")]
    pub parent: ::core::option::Option<::prost::alloc::boxed::Box<Person>>,
    #[prost(message, repeated, tag = "4")]
    pub children: ::prost::alloc::vec::Vec<Person>,
    #[prost(btree_map = "int32, bytes", tag = "5")]
    pub pictures: ::prost::alloc::collections::BTreeMap<i32, ::prost::alloc::vec::Vec<u8>>,
    #[prost(sint32, repeated, packed = "false", tag = "6")]
    pub apart: ::prost::alloc::vec::Vec<i32>,
}
`);
  });

  it("writes a oneof and nested types into a module of the message's name", () => {
    const code = declare("message A { message B {} oneof kind { B b = 1; string text = 2; } }");
    expect(code).toContain(`    #[prost(oneof = "a::Kind", tags = "1, 2")]
    pub kind: ::core::option::Option<a::Kind>,`);
    expect(code).toContain(`pub mod a {
    #[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Kind {
        #[prost(message, tag = "1")]
        B(B),`);
  });

  it("writes an enum without its prefix, and a second name of a number as a constant", () => {
    const code = declare(
      "enum State { option allow_alias = true; STATE_OFF = 0; STATE_ON = 1; STATE_LIT = 1; }",
    );
    expect(code).toContain("pub enum State {\n    Off = 0,\n    On = 1,\n}\n");
    expect(code).toContain("pub const Lit: Self = Self::On;");
    expect(code).toContain('"STATE_LIT" => Some(Self::Lit),');
  });

  it("has plain types in place of wrappers and Empty, and those of prost-types", () => {
    const code = declare(`
      import "google/protobuf/wrappers.proto"; import "google/protobuf/empty.proto"; import "google/protobuf/timestamp.proto";
      message A { google.protobuf.UInt32Value a = 1; google.protobuf.Timestamp at = 2; }
      // go:plugin type=plugin version=1
      service S { rpc Ping(google.protobuf.Empty) returns (google.protobuf.Empty); }`);
    expect(code).toContain("pub a: ::core::option::Option<u32>,");
    expect(code).toContain("pub at: ::core::option::Option<::prost_types::Timestamp>,");
    expect(code).toContain("fn ping(&self) -> ::core::result::Result<(), super::wplug::Error>;");
  });

  it("writes a trait for each plugin service, functions of the host, and the exports of wasm", () => {
    const code = declare(`
      message A {}
      // go:plugin type=plugin version=3
      service HTTPClient { rpc GetAll(A) returns (A); }
      // go:plugin type=host module=web
      service Web { rpc Fetch(A) returns (A); }`);
    expect(code).toContain(`pub trait HttpClient {
    fn get_all(&self, request: A) -> ::core::result::Result<A, super::wplug::Error>;
}`);
    expect(code).toContain("pub const HTTP_CLIENT_API_VERSION: u64 = 3;");
    expect(code).toContain('export_name = "wplug:http_client_get_all"');
    expect(code).toContain(`pub mod web {
    pub fn fetch(request: &super::A) -> super::A {
        let host = super::super::wplug::host_function!("web", "fetch");
        super::super::wplug::call(request, host)`);
  });

  it("warns nobody who implements a deprecated service", () => {
    const code = declare(`message A {}
      // Of old.
      // go:plugin type=plugin version=1
      service S { option deprecated = true; rpc Get(A) returns (A); }`);
    expect(code).toContain("/// Of old.\n/// Deprecated.\npub trait S {");
    expect(code).toContain("#[allow(deprecated)]\n        const _: () = {");
  });

  it("calls methods by their trait, as everything has a drop or a clone of its own", () => {
    const code = declare(`message A {}
      // go:plugin type=plugin version=1
      service S { rpc Drop(A) returns (A); }`);
    expect(code).toContain("__Service::drop(__plugin(), request)");
  });

  it("keeps the language of a block in a comment, if it is none that rustdoc would compile", () => {
    const code = declare(`
      // \`\`\`sh
      // ls
      // \`\`\`
      //
      // ~~~~ no_run, edition2021
      // \`\`\`
      // let x = 1;
      // ~~~~
      //
      // \`\`\`
      // let y = 1;
      // \`\`\`
      message A {}`);
    const lines = code.split("\n").filter((line) => line.startsWith("///"));
    expect(lines.map((line) => line.slice(4))).toEqual([
      ...["```sh", "ls", "```", ""],
      ...["~~~~text", "```", "let x = 1;", "~~~~", ""],
      ...["```text", "let y = 1;", "```"],
    ]);
  });

  it("has the source of the ABI in it, without its tests", () => {
    const abi = emit(everythingProtos).get("wplug.rs") ?? "";
    expect(abi).toMatch(/^\/\/ Generated by wplug /);
    expect(abi).toContain("pub struct Error");
    expect(abi).not.toContain("cfg(test)");
  });
});

const why = whyNoRust();
if (why !== undefined) {
  it(`generated Rust is not compiled: not run, ${why}`, () => {
    expect(why).toBeDefined();
  });
}

(why === undefined ? describe : () => {})("generated Rust", () => {
  let folder: TemporaryFolder;
  beforeAll(() => {
    folder = new TemporaryFolder({ "Cargo.toml": PROBE_MANIFEST });
  });
  afterAll(() => folder.remove());

  it.each([
    ["every kind of field", everythingProtos],
    ["well-known types", { "known.proto": wellKnownProto }],
    ["names of languages, and those that clash", odd],
  ])(
    "is what rustfmt and Clippy would have, with %s",
    (_, protos) => {
      for (const [path, content] of emit(protos)) folder.write(`gen/${path}`, content);
      folder.write("lib.rs", "mod gen;\n");
      const cargo = (...args: string[]) => {
        const { stdout, stderr } = spawnSync(args[0] ?? "", args.slice(1), {
          cwd: folder.path,
          encoding: "utf8",
        });
        return `${stdout}${stderr}`;
      };
      expect(cargo("rustfmt", "--check", "--edition", "2021", "lib.rs")).toBe("");
      const lints = ["-q", "--all-features", "--target", TARGETS[0], "--", "-D", "warnings"];
      expect(cargo("cargo", "clippy", ...lints)).toBe("");
      // Those of a plugin, of which there are none, and the examples in comments.
      expect(cargo("cargo", "test", "-q").split("running 0 tests")).toHaveLength(3);
    },
    300_000,
  );
});
