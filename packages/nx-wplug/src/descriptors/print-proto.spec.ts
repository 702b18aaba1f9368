import { clone, toJson } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
} from "@bufbuild/protobuf/wkt";

import { compileInline, type Protos } from "../testing/compile-inline";
import { everythingProtos } from "../testing/everything-proto";
import { describeContract } from "./describe-contract";
import { printProto } from "./print-proto";
import { readDescriptors } from "./read-descriptors";

/** A file, without the positions of what is in it. */
function withoutPositions(original: FileDescriptorProto): unknown {
  const file = clone(FileDescriptorProtoSchema, original);
  const locations = file.sourceCodeInfo?.location ?? [];
  const comments = locations
    .filter((it) => it.leadingComments !== "" || it.trailingComments !== "")
    .map((it) => [it.path.join(), ...[it.leadingComments, it.trailingComments].map(trimEnd)]);
  file.sourceCodeInfo = undefined;
  return { file: toJson(FileDescriptorProtoSchema, file), comments: comments.sort() };
}

/** A comment may end with its line, or with the block. */
function trimEnd(comment: string): string {
  return comment.replace(/\s+$/, "");
}

function own(set: FileDescriptorSet, protos: Protos): unknown[] {
  return Object.keys(protos).map((path) => {
    const file = set.file.find(({ name }) => name === path);
    if (file === undefined) throw new Error(`no ${path}`);
    return withoutPositions(file);
  });
}

function printAll(protos: Protos): { set: FileDescriptorSet; printed: Protos } {
  const set = readDescriptors(describeContract(compileInline(protos)));
  const printed = Object.fromEntries(
    Object.keys(protos).map((path) => [path, printProto(set, path)]),
  );
  return { set, printed };
}

it("prints what a person would have written", () => {
  const text = `// Greets people.
syntax = "proto3";

// The package.
package greeter.v1;

import "google/protobuf/timestamp.proto";

// Who is to be greeted.
message GreetRequest {
  string name = 1; // The name.
  optional google.protobuf.Timestamp since = 2;
  map<string, Mood> moods = 3;
  oneof way {
    // Aloud.
    bool loud = 4;
    bool silent = 5 [deprecated = true];
  }
  reserved 7, 9 to 11, 1000 to max;
  reserved "old";
}

enum Mood {
  MOOD_UNKNOWN = 0;
  MOOD_GOOD = 1;
}

// Says hello.
// go:plugin type=plugin version=1
service Greeter {
  // Says it.
  rpc SayHello(GreetRequest) returns (GreetRequest);
}
`;
  const { printed } = printAll({ "greeter.proto": text });
  expect(printed["greeter.proto"]).toBe(text);
});

const cases: Record<string, Protos> = {
  "every kind of field": everythingProtos,
  "options, also custom ones": {
    "acme/options.proto": `syntax = "proto2"; package acme;
      import "google/protobuf/descriptor.proto";
      message Owner { optional string team = 1; repeated int32 floors = 2; map<string, bytes> keys = 3; optional double load = 4; }
      extend google.protobuf.MessageOptions { optional Owner owner = 50001; repeated string tags = 50002; }
      extend google.protobuf.FieldOptions { optional int64 most = 50001; }
      extend google.protobuf.ServiceOptions { optional google.protobuf.FieldDescriptorProto.Type kind = 50001; }`,
    "a.proto": `syntax = "proto3"; package a.v1; import "acme/options.proto";
      option java_package = "com.\\"a\\""; option optimize_for = CODE_SIZE; option cc_enable_arenas = false;
      message M {
        option (acme.owner) = { team: "us\\n\\\\" floors: [1, -2] keys: { key: "k" value: "\\x00\\xff\\"" } load: inf };
        option (acme.tags) = "x"; option (acme.tags) = "y";
        string id = 1 [json_name = "ID", (acme.most) = -5];
        repeated int32 n = 2 [packed = false];
      }
      service S { option (acme.kind) = TYPE_BYTES; option deprecated = true;
        rpc A(M) returns (stream M) { option idempotency_level = NO_SIDE_EFFECTS; option deprecated = true; }
        rpc B(stream M) returns (M); }`,
  },
  proto2: {
    "two.proto": `syntax = "proto2"; package two;
      message M {
        required int32 a = 1; optional string b = 2 [default = "x\\n\\"y"]; optional bytes c = 3 [default = "\\001\\"z"];
        optional E d = 4 [default = SECOND]; optional double e = 5 [default = -inf]; optional bool f = 6 [default = false];
        optional group Inner = 7 { optional int32 x = 1; }
        extensions 100 to 199, 500 to max;
        enum E { FIRST = 1; SECOND = 2; reserved 5, 10 to max; reserved "GONE"; }
      }
      extend M { optional M more = 100; }`,
  },
  editions: {
    "e.proto": `edition = "2023"; package e;
      option features.field_presence = IMPLICIT;
      message M { int32 a = 1; string b = 2 [features.field_presence = EXPLICIT, default = "q"]; M c = 3; reserved old; repeated int32 p = 4 [features.repeated_field_encoding = EXPANDED]; }
      enum E { option features.enum_type = CLOSED; A = 1; }`,
  },
  "names that hide others": {
    "c.proto": `syntax = "proto3"; package a.b; message M { int32 x = 1; }`,
    "d.proto": `syntax = "proto3"; package b; message M { int32 y = 1; } message N {}`,
    "e.proto": `syntax = "proto3"; package a.b.c; import public "c.proto"; import "d.proto";
      message M { message M { M inner = 1; .a.b.M outer = 2; .a.b.c.M middle = 3; .b.M other = 4; } N.b n = 1; .b.N far = 2; }
      message N { message b {} int32 M = 2; .b.M x = 3; }
      message int32x {}`,
  },
  "comments of all kinds": {
    "k.proto": `// Detached.

// Of the syntax.
syntax = "proto3";
// Detached too.

/* A block
 * of lines. */
package k; // behind the package

message M { // behind a brace

  // One.
  //   Indented.
  //
  // Two.
  int32 a = 1; // behind
  /* block */ int32 b = 2;
  // Of b, as it follows.
  // In two lines.

  oneof o {
    // In it.
    int32 c = 3;
  }
}
// go:plugin type=plugin version=1
service S { rpc A(M) returns (M); // behind an rpc
}`,
  },
};

it.each(Object.entries(cases))("prints %s so that buf reads the same descriptors", (_, protos) => {
  const { set, printed } = printAll(protos);
  expect(own(compileInline(printed), protos)).toEqual(own(set, protos));
});
